import type { CoreDeps } from '../deps.ts';
import type { BlobFilesPort } from '../ports/blob-files.ts';
import type { CachePort } from '../ports/cache.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { Transfers } from './transfers.ts';

/** Files that came from the store stay while all of them together are not more than this. */
const FETCHED_BYTES = 2_000_000_000;
/** A part that belongs to no draft stays so long: a download that goes on, a clock that was off. */
const STRAY_PART_MS = 7 * 86_400_000;
/** A reading is noted at most so often. */
const READ_NOTE_MS = 3_600_000;
/** Files of a ticket that is not held stay so long after it was last opened at the store or read here: a working day. */
const VISIT_MS = 8 * 3_600_000;

/** Part of a download. */
export const downloadKey = (sha256: string): string => `get-${sha256}`;

/** What lies in a profile's folder of files, and what of it may go. What a draft or an act names never does. */
export interface FileShelf {
  /** True when so many bytes may be written; files that the store has go for it first. */
  makeRoom(bytes: number): Promise<boolean>;
  /** A file that the store has is here, or was read just now. */
  noteRead(of: { readonly sha256: string; readonly ticketId: string; readonly size: number }): void;
  /** Its files are about to be closed: nothing more is written. */
  stop(): void;
  /** Keeps the bound. */
  trim(): Promise<void>;
  /** Drops what nobody names. */
  tidy(): Promise<void>;
  /** A ticket was opened at the store. One that is not held is a guest: its files stay for a while, in this process only. */
  visited(ticketId: string): void;
  /** The store does not show it any more: what was fetched for it goes, unless it is held. */
  outOfReach(ticketId: string): Promise<void>;
  /** Files of tickets that this console does not hold (any more), and that are no guests (SY7). */
  dropUnheld(): Promise<void>;
  /** Every file that the store has: the device was revoked. */
  dropFetched(): Promise<void>;
  dropIfUnnamed(sha256: string): Promise<void>;
  /** Its bytes are not its own any more: one that the store has goes, and can be fetched again; one that it may lack stays for whoever mends disks. */
  foundDamaged(sha256: string): Promise<void>;
}

export function createFileShelf(
  { clock, log }: Pick<CoreDeps, 'clock' | 'log'>,
  files: { readonly outbox: OutboxPort; readonly cache: CachePort; readonly blobs: BlobFilesPort },
  transfers: Pick<Transfers, 'changed'>,
): FileShelf {
  const { outbox, cache, blobs } = files;
  /** When each guest was last looked at, by ticket. */
  const guests = new Map<string, number>();

  let stopped = false;

  /** Asked at the last moment: a text may name it by now. */
  const dropUnnamed = async (sha256: string): Promise<void> => {
    if (!outbox.namedFiles().has(sha256)) await drop(sha256);
  };
  async function drop(sha256: string): Promise<void> {
    const gone = await blobs.drop(sha256);
    if (stopped) return;
    if (gone.ok) {
      outbox.dropFetched(sha256);
      // Of any ticket: the note names one of those that have this content.
      transfers.changed(null);
    } else log.write('warn', 'fileNotDropped', { code: gone.error.code });
  }
  function droppable() {
    const named = outbox.namedFiles();
    return outbox.fetched().filter(({ sha256 }) => !named.has(sha256));
  }
  /** A draft or an upload that the store has not confirmed names it. */
  const isOnlyHere = (sha256: string): boolean => outbox.unconfirmedFiles().has(sha256);
  /** The oldest, until so many bytes have gone. */
  async function dropOldest(bytes: number): Promise<void> {
    let left = bytes;
    for (const { sha256, size } of droppable()) {
      if (left <= 0 || stopped) return;
      await dropUnnamed(sha256);
      left -= size;
    }
  }

  const isHeld = (ticketId: string): boolean => cache.shown(ticketId) !== null;
  /** One that is held from now on is none any more: should it leave, its files leave with it. */
  function forgetGuests(): void {
    for (const [ticketId, at] of guests)
      if (Math.abs(clock.now() - at) > VISIT_MS || isHeld(ticketId)) guests.delete(ticketId);
  }

  return {
    stop() {
      stopped = true;
    },
    async makeRoom(bytes) {
      const room = blobs.room();
      if (room === null || room >= bytes) return true;
      await dropOldest(bytes - room);
      return (blobs.room() ?? bytes) >= bytes;
    },
    visited(ticketId) {
      if (!isHeld(ticketId)) guests.set(ticketId, clock.now());
    },
    async outOfReach(ticketId) {
      guests.delete(ticketId);
      if (isHeld(ticketId)) return;
      for (const row of droppable()) if (!stopped && row.ticketId === ticketId) await dropUnnamed(row.sha256);
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
    async trim() {
      if (stopped) return;
      const held = droppable().reduce((sum, { size }) => sum + size, 0);
      if (held > FETCHED_BYTES) await dropOldest(held - FETCHED_BYTES);
    },
    async tidy() {
      const listed = await blobs.list();
      if (stopped) return;
      if (!listed.ok) return log.write('warn', 'filesNotListed', { code: listed.error.code });
      const staged = new Set(outbox.staged(null).map(({ attachmentId }) => attachmentId));
      for (const { key, changedAt } of listed.value.parts)
        if (!staged.has(key) && Math.abs(clock.now() - changedAt) > STRAY_PART_MS) await blobs.dropPart(key);
      if (stopped) return;
      const named = outbox.namedFiles();
      const fetched = new Set(outbox.fetched().map(({ sha256 }) => sha256));
      for (const { sha256 } of listed.value.files)
        if (!named.has(sha256) && !fetched.has(sha256)) await dropUnnamed(sha256);
      if (stopped) return;
      for (const sha256 of fetched) if (blobs.sizeOf(sha256) === null) outbox.dropFetched(sha256);
    },
    async dropUnheld() {
      if (stopped || !cache.meta().caughtUp) return;
      forgetGuests();
      for (const { sha256, ticketId } of droppable())
        if (!stopped && !guests.has(ticketId) && !isHeld(ticketId)) await dropUnnamed(sha256);
    },
    async dropFetched() {
      for (const { sha256 } of droppable()) if (!stopped) await dropUnnamed(sha256);
    },
    async dropIfUnnamed(sha256) {
      if (outbox.namedFiles().has(sha256) || outbox.fetched().some((row) => row.sha256 === sha256)) return;
      await blobs.drop(sha256);
    },
    async foundDamaged(sha256) {
      log.write('error', 'fileDamaged', { first: [sha256] });
      if (!isOnlyHere(sha256)) await drop(sha256);
    },
  };
}
