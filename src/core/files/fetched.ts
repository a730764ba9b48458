import { err, ok, type Result } from '../../shared/result.ts';
import type { CoreDeps } from '../deps.ts';
import type { BlobFilesPort } from '../ports/blob-files.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { FetchedRow } from '../ports/outbox-files.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import { createScope, type Scope } from '../sync/signal.ts';
import type { Transfers } from './transfers.ts';

/** Files that came from the store, and parts of such, stay while all of them together are not more than this. */
export const FETCHED_BYTES = 2_000_000_000;

const DOWNLOAD = 'get-';
/** Part of a download. */
export const downloadKey = (sha256: string): string => `${DOWNLOAD}${sha256}`;
/** SHA-256 of the file that a part belongs to; null where it is no download's. */
export const downloadOf = (key: string): string | null =>
  key.startsWith(DOWNLOAD) ? key.slice(DOWNLOAD.length) : null;

type Fetched = Pick<FetchedRow, 'sha256' | 'ticketId' | 'size'>;

/** Somebody wants this file here. Closed: by its owner, or since it may not be here any more; nothing of it is written from then on. */
export interface FetchClaim extends Scope {
  /** Before its first byte: room for it is made, and it is noted. */
  begin(): Promise<Result<null, StorageFailure>>;
  close(): void;
  /** It is over, whole or not: what came may go when room is wanted. */
  end(): Promise<void>;
}

/**
 * What came from the store: whole files, and parts of those that are under way or were given up, each with a note of its own in the outbox file.
 * Order: the note, then the first byte; the bytes, then the note. So nothing lies here that counts nowhere.
 */
export interface FetchedFiles {
  claim(file: Fetched): FetchClaim;
  claims(): readonly (FetchClaim & Fetched)[];
  isClaimed(sha256: string): boolean;
  /** What came of a file goes, its note too; not what a draft or an act names, save with `evenNamed`. Whoever fetches it hears of it. */
  drop(sha256: string, evenNamed?: boolean): Promise<void>;
  /** The ones read longest ago, until so many bytes have gone; none that is being fetched. */
  dropOldest(bytes: number): Promise<void>;
  /** What is being fetched counts whole. */
  keepBound(): Promise<void>;
  stop(): void;
}

export interface FetchedParts {
  readonly deps: Pick<CoreDeps, 'clock' | 'log'>;
  readonly outbox: OutboxPort;
  readonly blobs: BlobFilesPort;
  readonly transfers: Pick<Transfers, 'changed'>;
  readonly bound: number;
  /** True when so many bytes may be written. */
  readonly makeRoom: (bytes: number) => Promise<boolean>;
}

export function createFetchedFiles({ deps, outbox, blobs, transfers, bound, makeRoom }: FetchedParts): FetchedFiles {
  const claims = new Set<FetchClaim & Fetched>();
  let stopped = false;
  const isClaimed = (sha256: string) => [...claims].some((claim) => claim.sha256 === sha256);

  /** Each with the bytes that go with it. */
  function heaps() {
    const named = outbox.namedFiles();
    return outbox.fetched().map(({ sha256, size }) => {
      const whole = named.has(sha256) ? 0 : (blobs.sizeOf(sha256) ?? 0);
      const claimed = isClaimed(sha256);
      return { sha256, claimed, bytes: claimed ? size : whole + blobs.received(downloadKey(sha256)) };
    });
  }

  async function drop(sha256: string, evenNamed = false): Promise<void> {
    for (const claim of claims)
      if (claim.sha256 === sha256) {
        claims.delete(claim);
        claim.close();
      }
    const part = await blobs.dropPart(downloadKey(sha256));
    // Asked at the last moment: a text may name it by now.
    const stays = !evenNamed && outbox.namedFiles().has(sha256);
    const gone = part.ok && !stays ? await blobs.drop(sha256) : part;
    if (stopped) return;
    if (!gone.ok) return deps.log.write('warn', 'fileNotDropped', { code: gone.error.code });
    // Asked for again meanwhile: the note is that one's.
    if (!isClaimed(sha256)) outbox.dropFetched(sha256);
    // Of any ticket: the note names one of those that have this content.
    transfers.changed(null);
  }

  async function dropOldest(bytes: number): Promise<void> {
    let left = bytes;
    for (const heap of heaps()) {
      if (left <= 0 || stopped) return;
      if (heap.claimed || heap.bytes === 0 || isClaimed(heap.sha256)) continue;
      await drop(heap.sha256);
      left -= heap.bytes;
    }
  }

  async function keepBound(): Promise<void> {
    if (stopped) return;
    const held = heaps().reduce((sum, { bytes }) => sum + bytes, 0);
    if (held > bound) await dropOldest(held - bound);
  }

  function claim(file: Fetched): FetchClaim {
    const scope = createScope();
    const mine: FetchClaim & Fetched = {
      ...file,
      get closed() {
        return scope.closed;
      },
      onClose: scope.onClose,
      close: scope.close,
      async begin() {
        const { sha256, ticketId, size } = file;
        if (!(await makeRoom(size - blobs.received(downloadKey(sha256))))) return err({ code: 'diskFull' });
        if (scope.closed) return ok(null);
        const noted = outbox.putFetched({ sha256, ticketId, size, readAt: deps.clock.now() });
        if (noted.ok) await keepBound();
        return noted;
      },
      async end() {
        claims.delete(mine);
        await keepBound();
      },
    };
    if (stopped) scope.close();
    else claims.add(mine);
    return mine;
  }

  return {
    claim,
    claims: () => [...claims],
    isClaimed,
    drop,
    dropOldest,
    keepBound,
    stop() {
      stopped = true;
      for (const each of [...claims]) each.close();
    },
  };
}
