import type { Farewell } from '../../src/core/ports/profiles.ts';
import type { SessionInfo } from '../../src/protocol/sync/auth.ts';
import { type BlobDisk, cloneBlobDisk, emptyBlobDisk } from '../../test/support/console/memory-blobs.ts';
import { type CacheDisk, type CacheJournal, emptyCacheDisk } from '../../test/support/console/memory-cache.ts';
import { cloneOutboxDisk, emptyOutboxDisk, type OutboxDisk } from '../../test/support/console/memory-outbox.ts';

/** Transactions of the cache that a power cut may take back: its file is written without waiting for the disk. */
const JOURNAL_LENGTH = 6;

/** The files of one profile on one machine, as they lie on the disk. */
export interface Disk {
  outbox: OutboxDisk;
  cache: CacheDisk;
  blobs: BlobDisk;
  /** False before the first sign-in on this machine, and after its files were erased. */
  used: boolean;
  /** What is left to know of a profile that erased itself. */
  readonly farewells: Map<string, Farewell>;
  /** How to take back the last transactions of the cache, newest last. */
  journal: (() => void)[][];
  erase(): void;
}

function diskOf(
  outbox: OutboxDisk,
  cache: CacheDisk,
  blobs: BlobDisk,
  used: boolean,
  farewells: Map<string, Farewell>,
): Disk {
  const disk: Disk = {
    outbox,
    cache,
    blobs,
    used,
    farewells,
    journal: [],
    erase() {
      Object.assign(disk.outbox, emptyOutboxDisk());
      Object.assign(disk.cache, emptyCacheDisk());
      Object.assign(disk.blobs, emptyBlobDisk());
      disk.used = false;
      disk.journal = [];
    },
  };
  return disk;
}
export const emptyDisk = (): Disk => diskOf(emptyOutboxDisk(), emptyCacheDisk(), emptyBlobDisk(), false, new Map());

/** A sector-by-sector copy, as a clone of a machine or an image of it makes. */
export const cloneDisk = ({ outbox, cache, blobs, used, farewells }: Disk): Disk =>
  diskOf(cloneOutboxDisk(outbox), cloneCacheDisk(cache), cloneBlobDisk(blobs), used, new Map(farewells));

export const cloneCacheDisk = (disk: CacheDisk): CacheDisk => ({
  ...disk,
  tickets: new Map(disk.tickets),
  entries: new Map([...disk.entries].map(([id, of]) => [id, new Map(of)])),
  commands: new Map(disk.commands),
  directory: {
    site: new Map(disk.directory.site),
    orgUnit: new Map(disk.directory.orgUnit),
    person: new Map(disk.directory.person),
    team: new Map(disk.directory.team),
    membership: new Map(disk.directory.membership),
    service: new Map(disk.directory.service),
    asset: new Map(disk.directory.asset),
  },
  overlays: new Map(disk.overlays),
});

/** Remembers how to take back what the cache commits. */
export const keepJournal = (disk: Disk): CacheJournal => ({
  committed(undo) {
    disk.journal.push(undo);
    if (disk.journal.length > JOURNAL_LENGTH) disk.journal.shift();
  },
  wiped() {
    disk.journal = [];
  },
});

/** The power goes out: the last `count` transactions of the cache never reached the disk. The outbox waits for it, and loses none. */
export function losePower(disk: Disk, count: number): void {
  for (let n = 0; n < count; n += 1) {
    const steps = disk.journal.pop();
    if (steps === undefined) return;
    for (const step of steps.reverse()) step();
  }
}

/** Whom the console works for, as its file says; null: nobody is signed in on its screen. Reading it disturbs nothing. */
export function sessionOn({ disk }: { readonly disk: Disk }): SessionInfo | null {
  const profile = disk.outbox.settings.get('profile');
  const active = typeof profile === 'object' && profile !== null && 'active' in profile && profile['active'] === true;
  // The core wrote it by its own schema.
  return active ? ((disk.outbox.settings.get('session') ?? null) as SessionInfo | null) : null;
}
