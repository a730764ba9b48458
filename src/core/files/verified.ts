import { ok, type Result } from '../../shared/result.ts';
import type { BlobFailure, BlobFilesPort } from '../ports/blob-files.ts';

/**
 * Files that were read whole and found to be themselves, once in a process: a contact that is cut again and again must not read them anew each time.
 * What flips on the disk afterwards leaves size and time of change alone, and is found by the store, which compares what came (C133).
 */
export interface VerifiedFiles {
  /** Reads the file, unless that was done since it was last changed; whoever asks meanwhile gets the answer of the same reading. */
  check(sha256: string): Promise<Result<null, BlobFailure>>;
  /** The store got another one from here: it is read again. */
  doubt(sha256: string): void;
}

export function createVerifiedFiles(blobs: BlobFilesPort): VerifiedFiles {
  /** The stamp with which each was found whole. */
  const whole = new Map<string, string>();
  const reading = new Map<string, Promise<Result<null, BlobFailure>>>();

  async function read(sha256: string): Promise<Result<null, BlobFailure>> {
    const before = blobs.stampOf(sha256);
    const found = await blobs.verify(sha256);
    const after = blobs.stampOf(sha256);
    // A good copy took its place meanwhile, or somebody took it away: what was read is not what lies there.
    if (before !== after) return read(sha256);
    if (found.ok && after !== null) whole.set(sha256, after);
    return found;
  }
  return {
    check(sha256) {
      const stamp = blobs.stampOf(sha256);
      if (stamp !== null && whole.get(sha256) === stamp) return Promise.resolve(ok(null));
      const under = reading.get(sha256) ?? read(sha256).finally(() => reading.delete(sha256));
      reading.set(sha256, under);
      return under;
    },
    doubt: (sha256) => void whole.delete(sha256),
  };
}
