import { request } from 'node:http';
import { Readable } from 'node:stream';
import { createUpload, headUpload, type TestFile, type TusCall } from './blob-rig.ts';

export interface Delivered {
  readonly location: string;
  /** Requests that brought bytes, and those of them that were cut. */
  readonly patches: number;
  readonly cuts: number;
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One PATCH from `offset` to the end; null when it broke before its answer. */
function patch(
  { token, base }: TusCall,
  location: string,
  offset: number,
  file: TestFile,
): Promise<{ status: number; sent: number } | null> {
  const rest = file.bytes.subarray(offset);
  return new Promise((resolve) => {
    let sent = 0;
    const sending = request(`${base}${location}`, {
      method: 'PATCH',
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'content-length': String(rest.length),
      },
    });
    sending.setTimeout(10_000, () => sending.destroy());
    sending.on('error', () => resolve(null));
    sending.on('close', () => resolve(null));
    sending.on('response', (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, sent });
    });
    Readable.from(
      (function* () {
        for (let at = 0; at < rest.length; at += 65_536) {
          const piece = rest.subarray(at, at + 65_536);
          sent += piece.length;
          yield piece;
        }
      })(),
    ).pipe(sending);
  });
}

/** Sends a file as a console does that never gives up: asks how far it got, goes on from there. `where` may change at any time. */
export async function deliver(where: () => TusCall, file: TestFile, deadlineMs: number): Promise<Delivered> {
  const end = Date.now() + deadlineMs;
  let [location, patches, cuts, furthest] = ['', 0, 0, 0];
  while (Date.now() < end) {
    const call = where();
    if (location === '') {
      const created = await createUpload(call, file, file.bytes.length).catch(() => null);
      location = created?.headers.get('location') ?? '';
      if (location === '') await pause(50);
      continue;
    }
    const head = await headUpload(call, location).catch(() => null);
    if (head === null || head.status >= 500) {
      await pause(50);
      continue;
    }
    if (head.status !== 200) throw new Error(`the upload is gone: ${head.status}`);
    const offset = Number(head.headers.get('upload-offset'));
    if (offset < furthest) throw new Error(`what the store had is lost: ${offset} after ${furthest}`);
    furthest = offset;
    if (offset === file.bytes.length) return { location, patches, cuts };
    patches++;
    const answer = await patch(call, location, offset, file);
    if (answer === null) cuts++;
    else if (answer.status !== 204 && answer.status !== 409 && answer.status < 500)
      throw new Error(`PATCH: ${answer.status}`);
  }
  throw new Error(`not delivered in ${deadlineMs} ms: ${furthest} of ${file.bytes.length}`);
}
