export type CameraProblem = 'denied' | 'none' | 'busy';

export interface Camera {
  readonly stream: MediaStream;
  /** Whether there is another one to change to. */
  readonly several: boolean;
  close(): void;
}

/** What a failed attempt means to a person. */
const problemOf = (error: unknown): CameraProblem => {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
};

/** The camera that looks away from the person (`environment`) or at them, or whichever there is. Video only, never sound. */
export async function openCamera(facing: 'environment' | 'user'): Promise<Camera | CameraProblem> {
  const { mediaDevices } = navigator;
  // Absent on a page of no safe origin, whatever its types say.
  if (mediaDevices === undefined) return 'none';
  try {
    const stream = await mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: facing }, width: { ideal: 2560 }, height: { ideal: 1920 } },
    });
    // Named and counted only once there is permission.
    const devices = await mediaDevices.enumerateDevices().catch(() => []);
    const several = devices.filter(({ kind }) => kind === 'videoinput').length > 1;
    return {
      stream,
      several,
      close() {
        for (const track of stream.getTracks()) track.stop();
      },
    };
  } catch (error) {
    return problemOf(error);
  }
}

/** What the video shows at this moment, at the camera's own size. Null before its first picture. */
export async function takePhoto(video: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth: width, videoHeight: height } = video;
  const context = width === 0 ? null : new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) return null;
  context.drawImage(video, 0, 0);
  return context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.88 });
}
