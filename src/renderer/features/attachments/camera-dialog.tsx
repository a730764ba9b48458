import { Aperture, CameraOff, Images, RotateCcw, SwitchCamera } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSession } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Empty } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { type Camera, type CameraProblem, openCamera, takePhoto } from './camera.ts';
import { datedName } from './given-files.ts';

interface CameraDialogProps {
  readonly onTaken: (photo: File) => void;
  readonly onClose: () => void;
}

/** Live picture, the photo that was taken, and again. Every button is large enough for a thumb on a tablet. */
export function CameraDialog({ onTaken, onClose }: CameraDialogProps) {
  const { t } = useTranslation();
  const { timeZone } = useSession().settings;
  const [facing, setFacing] = useState<'environment' | 'user'>('environment');
  const { camera, problem, video, live, onPicture } = useCamera(facing);
  const [still, setStill] = useState<{ readonly url: string; readonly photo: Blob } | null>(null);
  const [taken, setTaken] = useState(0);
  const chooser = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLButtonElement>(null);
  useEffect(() => () => void (still !== null && URL.revokeObjectURL(still.url)), [still]);
  const ready = camera !== null && live;
  // The button under the thumb stays the one that goes on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one stands in its place
  useEffect(() => main.current?.focus(), [ready, still, problem]);

  const take = async () => {
    const photo = video.current === null ? null : await takePhoto(video.current);
    if (photo !== null) setStill({ photo, url: URL.createObjectURL(photo) });
  };
  const use = (more: boolean) => {
    if (still === null) return;
    const name = datedName(t('attachments.photoName'), new Date(), timeZone, 'jpg');
    onTaken(new File([still.photo], name, { type: 'image/jpeg' }));
    setTaken(taken + 1);
    setStill(null);
    if (!more) onClose();
  };
  const large = 'min-h-11 min-w-28';
  const choose = (
    <Button ref={main} className={large} icon={<Images />} onClick={() => chooser.current?.click()}>
      {t('attachments.camera.choose')}
    </Button>
  );
  return (
    <Dialog
      open
      width="md"
      onClose={onClose}
      title={t('attachments.camera.title')}
      description={t('attachments.camera.subtitle')}
      footnote={taken > 0 ? <span role="status">{t('attachments.camera.taken', { count: taken })}</span> : undefined}
      actions={
        problem !== null ? (
          choose
        ) : still === null ? (
          <>
            {camera?.several === true && (
              <Button
                className={large}
                icon={<SwitchCamera />}
                onClick={() => setFacing(facing === 'user' ? 'environment' : 'user')}
              >
                {t('attachments.camera.turn')}
              </Button>
            )}
            <Button
              ref={main}
              tone="primary"
              className={large}
              icon={<Aperture />}
              disabled={!ready}
              onClick={() => void take()}
            >
              {t('attachments.camera.take')}
            </Button>
          </>
        ) : (
          <>
            <Button className={large} icon={<RotateCcw />} onClick={() => setStill(null)}>
              {t('attachments.camera.again')}
            </Button>
            <Button className={large} onClick={() => use(true)}>
              {t('attachments.camera.useMore')}
            </Button>
            <Button ref={main} tone="primary" className={large} onClick={() => use(false)}>
              {t('attachments.camera.use')}
            </Button>
          </>
        )
      }
    >
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        capture="environment"
        tabIndex={-1}
        aria-hidden="true"
        className="hidden"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file === undefined) return;
          onTaken(file);
          onClose();
        }}
      />
      {problem !== null ? (
        <div role="alert">
          <Empty
            icon={<CameraOff />}
            title={t('attachments.camera.cannot')}
            body={t(`attachments.camera.${problem}`)}
          />
        </div>
      ) : (
        <div className="relative flex aspect-[4/3] max-h-[52vh] w-full items-center justify-center overflow-hidden rounded-lg bg-side">
          <video
            ref={video}
            autoPlay
            muted
            playsInline
            onLoadedData={onPicture}
            aria-label={t('attachments.camera.live')}
            className={still === null ? 'size-full object-contain' : 'hidden'}
          />
          {still !== null && (
            <img src={still.url} alt={t('attachments.camera.still')} className="size-full object-contain" />
          )}
          {!ready && (
            <p role="status" className="absolute text-sm text-text-2">
              {t('attachments.camera.starting')}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}

/** The camera for as long as the dialog is open: its light goes off with it. */
function useCamera(facing: 'environment' | 'user') {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<{ camera: Camera | null; problem: CameraProblem | null }>({
    camera: null,
    problem: null,
  });
  // Open is not seen yet: a photo taken before the first picture would be none.
  const [live, setLive] = useState(false);
  const show = useCallback((camera: Camera) => {
    if (video.current !== null) video.current.srcObject = camera.stream;
    setState({ camera, problem: null });
  }, []);
  useEffect(() => {
    let open = true;
    let camera: Camera | null = null;
    setState({ camera: null, problem: null });
    setLive(false);
    void openCamera(facing).then((answer) => {
      if (typeof answer === 'string') {
        if (open) setState({ camera: null, problem: answer });
        return;
      }
      camera = answer;
      if (open) show(answer);
      else answer.close();
    });
    return () => {
      open = false;
      camera?.close();
    };
  }, [facing, show]);
  const onPicture = useCallback(() => setLive(true), []);
  return { ...state, video, live, onPicture };
}
