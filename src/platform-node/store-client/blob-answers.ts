import type http from 'node:http';
import type { BlobAnswer } from '../../core/ports/blob-client.ts';
import { storeErrorSchema } from '../../protocol/sync/auth.ts';
import { CHECKSUM_MISMATCH } from '../../protocol/sync/blobs.ts';
import { parseJson } from '../outbox-row.ts';
import { failureOfAnswer } from './failures.ts';
import { retryAfterMs } from './retry-after.ts';
import { textOf } from './transport.ts';

const ERROR_BODY_BYTES = 100_000;

/** What a call was about: the same status says different things of them. */
export type BlobCall = 'offer' | 'create' | 'upload' | 'open' | 'download';
export interface BlobRefusal {
  readonly failure: BlobAnswer;
  readonly status: number;
  /** The store itself said so, not something on the way to it. */
  readonly byStore: boolean;
}

/** Statuses with which tus says that the upload is not there (any more). */
const uploadGone: ReadonlySet<number> = new Set([404, 410]);
/** Not where it stands, or another request is at it: to be asked again where it stands. */
const uploadBusy: ReadonlySet<number> = new Set([409, 423]);

/** What an answer with an error status says of a file. The body is read to its end. */
export async function blobRefusal(call: BlobCall, answer: http.IncomingMessage): Promise<BlobRefusal> {
  const status = answer.statusCode ?? 0;
  const body = parseJson((await textOf(answer, ERROR_BODY_BYTES)) ?? '');
  const byStore = storeErrorSchema.safeParse(body).success;
  const told = (failure: BlobAnswer): BlobRefusal => ({ failure, status, byStore });
  const waitMs = retryAfterMs(answer.headers['retry-after'], answer.headers.date);
  if (status === CHECKSUM_MISMATCH) return told({ kind: 'mismatch' });
  // An answer to HEAD has no body by which to know the store.
  const plain = byStore || answer.headers['tus-resumable'] !== undefined;
  if (call === 'upload' && plain && uploadGone.has(status)) return told({ kind: 'uploadGone' });
  if (call === 'upload' && plain && uploadBusy.has(status))
    return told({ kind: 'retryAfter', ms: waitMs, attempts: false, why: 'uploadBusy' });
  if (call === 'open' && status === 409) return told({ kind: 'notArrived' });
  if (call === 'open' && status === 404 && byStore) return told({ kind: 'notFound' });
  if (call === 'download' && (status === 403 || uploadGone.has(status))) return told({ kind: 'notFound' });
  // No room at the store: somebody there makes some. A proxy says so with no code of ours.
  if (status === 507 && !byStore) return told({ kind: 'retryAfter', ms: waitMs, attempts: false, why: 'storageFull' });
  const failure = failureOfAnswer(status, waitMs, body);
  if (byStore && (failure.kind === 'rejected' || failure.kind === 'tooLarge' || status === 404))
    return told({ kind: 'refused', code: failure.kind === 'rejected' ? failure.code : String(status) });
  return told(failure);
}
