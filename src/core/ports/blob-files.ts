import type { Result } from '../../shared/result.ts';
import type { StorageFailure } from './storage-failure.ts';

/** `gone`: no such file · `damaged`: its bytes are not those of its SHA-256 any more. */
export type BlobFailure = StorageFailure | { readonly code: 'gone' | 'damaged' };

/** What is in the folder, for collecting what nobody names. Times in epoch ms of the device. */
export interface BlobListing {
  readonly parts: readonly { readonly key: string; readonly bytes: number; readonly changedAt: number }[];
  readonly files: readonly { readonly sha256: string; readonly bytes: number; readonly changedAt: number }[];
}

/**
 * The files of one profile's attachments. A part grows under a key of the caller's (an attachment's id, or `get-<sha256>`) until it is whole; then
 * it becomes a file, known by its SHA-256. What `digest` and `place` answered is on the disk; of a part that is still growing power that fails
 * may take the last pieces, or leave others in their place: nobody goes on with such a part but a download, which is compared with its hash.
 * Calls of one key run one after another. Pieces of bytes are a `Uint8Array`, or base64 where they come from the page or go to it.
 */
export interface BlobFilesPort {
  /** Bytes that may still be written here, a reserve for everything else left out; null where the system does not say. */
  room(): number | null;
  /** Bytes of a part; 0 when there is none. */
  received(key: string): number;
  /** The next piece: a process that dies after this answered has left it. At another offset than what was received it takes nothing. */
  append(
    key: string,
    offset: number,
    piece: Uint8Array | { readonly base64: string },
  ): Promise<Result<{ readonly received: number }, StorageFailure>>;
  /** SHA-256 of what a part holds, all of it on the disk when this answers: hashed as it came in, or read again when another process took a piece of it. */
  digest(key: string): Promise<Result<string, BlobFailure>>;
  /**
   * The part becomes the file `sha256`, file and folder durable, in place of a copy that is not whole any more; one that is there whole stays, and
   * the part goes. Of no part: whether that file is here whole.
   */
  place(key: string, sha256: string): Promise<Result<null, BlobFailure>>;
  dropPart(key: string): Promise<Result<null, StorageFailure>>;
  /** Size of a file; null when it is not here. */
  sizeOf(sha256: string): number | null;
  /** Another one whenever the file was written or replaced; null when it is not here. Bits that flip on the disk leave it as it is. */
  stampOf(sha256: string): string | null;
  /** Reads the whole file and compares. */
  verify(sha256: string): Promise<Result<null, BlobFailure>>;
  /** Bytes from `offset`, at most `length`; fewer at the end. */
  read(sha256: string, offset: number, length: number): Promise<Result<Uint8Array, BlobFailure>>;
  /** The same for the page. A file read from its beginning, piece after piece, is compared with its SHA-256 at the end: `damaged`. */
  readPiece(sha256: string, offset: number, length: number): Promise<Result<string, BlobFailure>>;
  drop(sha256: string): Promise<Result<null, StorageFailure>>;
  list(): Promise<Result<BlobListing, StorageFailure>>;
}
