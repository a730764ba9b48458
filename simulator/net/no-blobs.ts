import type { BlobClientPort } from '../../src/core/ports/blob-client.ts';
import { err } from '../../src/shared/result.ts';

const never = async () => err({ kind: 'storeTooOld' } as const);

/** The simulated stores keep no files: consoles know such stores, and keep what they have. */
export const noBlobs: BlobClientPort = {
  offer: never,
  create: never,
  progress: never,
  send: never,
  open: never,
  async *download() {
    yield { kind: 'failed', failure: { kind: 'storeTooOld' } };
  },
};
