import { err, type Result } from '../../shared/result.ts';
import type { NewsHub } from '../news-hub.ts';
import { dismissNotice, fileNoticeId } from '../notices.ts';
import type { BlobFailure, BlobFilesPort } from '../ports/blob-files.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { Signal } from '../sync/signal.ts';
import type { Transfers } from './transfers.ts';

/** Whole parts that become files, and what was waiting for their content. */
export interface Placing {
  /** `BlobFilesPort.place`; uploads that were held because that file was not whole go on, and are told of no more. */
  place(key: string, sha256: string): Promise<Result<null, BlobFailure>>;
  /** Dying between the note of the hash and the file's name leaves a whole part: the name is all that it lacks. */
  finishAll(): Promise<void>;
  /** Its files are about to be closed: nothing more is written. */
  stop(): void;
}

export function createPlacing(
  { outbox, blobs }: { readonly outbox: OutboxPort; readonly blobs: BlobFilesPort },
  hub: NewsHub,
  transfers: Pick<Transfers, 'changed'>,
  work: Signal,
): Placing {
  let stopped = false;

  async function place(key: string, sha256: string): Promise<Result<null, BlobFailure>> {
    const held = outbox.heldUploads(sha256);
    // Whole, and held all the same: the store will not have it, and nothing changes with another copy.
    if (held.length === 0 || (await blobs.verify(sha256)).ok) return blobs.place(key, sha256);
    // The part stays, and is finished at the next start.
    if (stopped) return err({ code: 'ioError' });
    // Order: first waiting, then placed: what dies between finds the part at its next start, and the file is read before it is sent.
    const noted = outbox.resumeUploads(sha256);
    const placed = noted.ok ? await blobs.place(key, sha256) : noted;
    if (!placed.ok || stopped) return placed;
    // Those that were found damaged once more meanwhile, by whoever was reading the old copy.
    outbox.resumeUploads(sha256);
    for (const { attachmentId, ticketId } of held) {
      dismissNotice({ outbox, hub }, fileNoticeId(attachmentId));
      transfers.changed(ticketId);
    }
    hub.emit('connection');
    work.raise();
    return placed;
  }

  return {
    place,
    async finishAll() {
      for (const { attachmentId, sha256, size } of outbox.staged(null)) {
        if (sha256 === null || blobs.received(attachmentId) !== size) continue;
        const digest = await blobs.digest(attachmentId);
        if (stopped) return;
        if (digest.ok && digest.value === sha256) await place(attachmentId, sha256);
        if (stopped) return;
      }
    },
    stop() {
      stopped = true;
    },
  };
}
