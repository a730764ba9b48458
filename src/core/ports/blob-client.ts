import type { BlobOffer, BlobOpened } from '../../protocol/sync/blobs.ts';
import type { Result } from '../../shared/result.ts';
import type { StoreFailure } from './store-client.ts';

/**
 * `mismatch`: what the store got has another SHA-256, and it dropped it · `refused`: the store itself will not have this file, or not
 * for this person; asking again changes nothing · `notFound`, `notArrived`: nothing to read, or not yet.
 */
export type BlobAnswer =
  | StoreFailure
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'notArrived' }
  /** The upload's address is not known at the store any more. */
  | { readonly kind: 'uploadGone' };

export interface UploadStep {
  /** Bytes that the store has. Its size: the store has verified it, and it is done. */
  readonly offset: number;
}
export type DownloadPart =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The answer came to its end. */
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly failure: BlobAnswer };

type Answer<T> = Promise<Result<T, BlobAnswer>>;

/** Files of attachments to and from one store. Every call settles and never rejects for a reason of network or store. */
export interface BlobClientPort {
  /** Which of them the store wants, in the order of the question; at most 100. */
  offer(accessToken: string, files: readonly BlobOffer[]): Answer<readonly ('stored' | 'wanted')[]>;
  /**
   * Makes an upload at the store, or finds the one of this file that is under way; the address is for the calls below, and good over
   * processes.
   */
  create(accessToken: string, file: BlobOffer): Answer<UploadStep & { readonly uploadUrl: string }>;
  /** How far an upload got. */
  progress(accessToken: string, uploadUrl: string): Answer<UploadStep>;
  /** The bytes that follow. Whoever closes `stopped` gives the request up; the store keeps what it has got. */
  send(
    accessToken: string,
    uploadUrl: string,
    offset: number,
    bytes: Uint8Array,
    stopped: { onClose(hook: () => void): () => void },
  ): Answer<UploadStep>;
  open(accessToken: string, of: { readonly ticketId: string; readonly attachmentId: string }): Answer<BlobOpened>;
  /** The file from byte `from` on. Stopping the iteration early ends the request. */
  download(url: string, from: number): AsyncIterable<DownloadPart>;
}
