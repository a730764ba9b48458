import type { CoreDeps } from '../deps.ts';
import type { BlobFilesPort } from '../ports/blob-files.ts';
import type { CachePort } from '../ports/cache.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { FetchedRow } from '../ports/outbox-files.ts';
import { createFetchedFiles, downloadKey, downloadOf, FETCHED_BYTES, type FetchClaim } from './fetched.ts';
import type { Transfers } from './transfers.ts';

/** A part that belongs to no draft, or to a download that nobody went on with, stays so long: a clock may have been off. */
const STRAY_PART_MS = 7 * 86_400_000;
/** A reading is noted at most so often. */
const READ_NOTE_MS = 3_600_000;
/** Files of a ticket that is not held stay so long after it was last opened at the store or read here: a working day. */
const VISIT_MS = 8 * 3_600_000;

/** What lies in a profile's folder of files, and what of it may go. What a draft or an act names never does. */
export interface FileShelf {
  /** True when so many bytes may be written; files that the store has go for it first. */
  makeRoom(bytes: number): Promise<boolean>;
  /** Somebody wants a file of the store here. */
  claim(file: Pick<FetchedRow, 'sha256' | 'ticketId' | 'size'>): FetchClaim;
  /** A file that the store has is here, or was read just now. */
  noteRead(of: Pick<FetchedRow, 'sha256' | 'ticketId' | 'size'>): void;
  /** Its files are about to be closed: nothing more is written. */
  stop(): void;
  /** Drops what nobody names. */
  tidy(): Promise<void>;
  /** A ticket was opened at the store. One that is not held is a guest: its files stay for a while, in this process only. */
  visited(ticketId: string): void;
  /** The store does not show it any more: what was fetched for it goes, unless it is held. */
  outOfReach(ticketId: string): Promise<void>;
  /** What came for tickets that this console does not hold (any more), and that are no guests (SY7). */
  dropUnheld(): Promise<void>;
  /** Everything that came from the store, also what is coming: the device was revoked. */
  dropFetched(): Promise<void>;
  dropIfUnnamed(sha256: string): Promise<void>;
  /** Its bytes are not its own any more: one that the store has goes, and can be fetched again; one that it may lack stays for whoever mends disks. */
  foundDamaged(sha256: string): Promise<void>;
}

export function createFileShelf(
  { clock, log }: Pick<CoreDeps, 'clock' | 'log'>,
  files: { readonly outbox: OutboxPort; readonly cache: CachePort; readonly blobs: BlobFilesPort },
  transfers: Pick<Transfers, 'changed'>,
  bound = FETCHED_BYTES,
): FileShelf {
  const { outbox, cache, blobs } = files;
  /** When each guest was last looked at, by ticket. */
  const guests = new Map<string, number>();
  const fetched = createFetchedFiles({ deps: { clock, log }, outbox, blobs, transfers, bound, makeRoom });
  let stopped = false;

  async function makeRoom(bytes: number): Promise<boolean> {
    const room = blobs.room();
    if (room === null || room >= bytes) return true;
    await fetched.dropOldest(bytes - room);
    return (blobs.room() ?? bytes) >= bytes;
  }
  /** A draft or an upload that the store has not confirmed names it. */
  const isOnlyHere = (sha256: string): boolean => outbox.unconfirmedFiles().has(sha256);
  const isHeld = (ticketId: string): boolean => cache.shown(ticketId) !== null;
  /** One that is held from now on is none any more: should it leave, its files leave with it. */
  function forgetGuests(): void {
    for (const [ticketId, at] of guests)
      if (Math.abs(clock.now() - at) > VISIT_MS || isHeld(ticketId)) guests.delete(ticketId);
  }

  /** What came for tickets of this kind, and what is coming. */
  async function dropWhere(goes: (ticketId: string) => boolean): Promise<void> {
    for (const claim of fetched.claims()) if (goes(claim.ticketId)) claim.close();
    for (const { sha256, ticketId } of outbox.fetched()) if (!stopped && goes(ticketId)) await fetched.drop(sha256);
  }

  /** A part stays with its draft, or with the note of its download, while somebody may go on with it. */
  function isStray({ key, changedAt }: { readonly key: string; readonly changedAt: number }): boolean {
    if (outbox.stagedFile(key) !== null) return false;
    const sha256 = downloadOf(key);
    if (sha256 !== null && fetched.isClaimed(sha256)) return false;
    const noted = sha256 === null || outbox.fetched().some((row) => row.sha256 === sha256);
    return !noted || Math.abs(clock.now() - changedAt) > STRAY_PART_MS;
  }

  return {
    makeRoom,
    claim: fetched.claim,
    stop() {
      stopped = true;
      fetched.stop();
    },
    visited(ticketId) {
      if (!isHeld(ticketId)) guests.set(ticketId, clock.now());
    },
    async outOfReach(ticketId) {
      guests.delete(ticketId);
      if (!isHeld(ticketId)) await dropWhere((id) => id === ticketId);
    },
    noteRead({ sha256, ticketId, size }) {
      if (guests.has(ticketId)) guests.set(ticketId, clock.now());
      const held = outbox.fetched().find((row) => row.sha256 === sha256);
      const now = clock.now();
      // Of two tickets that have it, one that is held: it stays with that one.
      const stays = held !== undefined && (held.ticketId === ticketId || isHeld(held.ticketId));
      if (stays && Math.abs(now - held.readAt) < READ_NOTE_MS) return;
      outbox.putFetched({ sha256, ticketId: stays ? held.ticketId : ticketId, size, readAt: now });
    },
    async tidy() {
      const listed = await blobs.list();
      if (stopped) return;
      if (!listed.ok) return log.write('warn', 'filesNotListed', { code: listed.error.code });
      for (const part of listed.value.parts) if (!stopped && isStray(part)) await blobs.dropPart(part.key);
      if (stopped) return;
      const noted = new Set(outbox.fetched().map(({ sha256 }) => sha256));
      for (const { sha256 } of listed.value.files) if (!noted.has(sha256) && !stopped) await dropIfUnnamed(sha256);
      if (stopped) return;
      for (const sha256 of noted)
        if (blobs.sizeOf(sha256) === null && blobs.received(downloadKey(sha256)) === 0 && !fetched.isClaimed(sha256))
          outbox.dropFetched(sha256);
      await fetched.keepBound();
    },
    async dropUnheld() {
      if (stopped || !cache.meta().caughtUp) return;
      forgetGuests();
      await dropWhere((ticketId) => !guests.has(ticketId) && !isHeld(ticketId));
    },
    dropFetched: () => dropWhere(() => true),
    dropIfUnnamed,
    async foundDamaged(sha256) {
      log.write('error', 'fileDamaged', { first: [sha256] });
      if (!isOnlyHere(sha256)) await fetched.drop(sha256, true);
    },
  };

  async function dropIfUnnamed(sha256: string): Promise<void> {
    if (outbox.namedFiles().has(sha256) || outbox.fetched().some((row) => row.sha256 === sha256)) return;
    const gone = await blobs.drop(sha256);
    if (!gone.ok) log.write('warn', 'fileNotDropped', { code: gone.error.code });
  }
}
