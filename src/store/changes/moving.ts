import { type DirectoryEntity, directorySchemas } from '../../domain/directory.ts';
import type { ChangedRow, ChangeReads } from './change-reads.ts';

export const entities = Object.keys(directorySchemas) as DirectoryEntity[];

/** Beyond so many places of the log the console has to catch up first: everything counts as moving. */
const MOVING_LIMIT = 10_000;
const BUCKETS = 256;

/** Bucket of a ticket: the last byte of its id. */
const bucketOf = (ticketId: string): number => Number.parseInt(ticketId.slice(-2), 16);

/**
 * What changed after a cursor. No old version is kept, so what stood at the cursor can be told only of the rest. Any change
 * counts, in scope or not: which row it was is not said.
 */
export interface Moving {
  readonly buckets: ReadonlySet<number>;
  readonly directory: ReadonlySet<string>;
  has(rowId: string): boolean;
}

export async function readMoving(reads: ChangeReads, cursor: number): Promise<Moving> {
  const changed = await reads.changedSince(cursor, MOVING_LIMIT);
  return changed === null ? everything() : movingIn(changed);
}

const everything = (): Moving => ({
  buckets: new Set(Array.from({ length: BUCKETS }, (_, bucket) => bucket)),
  directory: new Set(entities),
  has: () => true,
});

function movingIn(changed: readonly ChangedRow[]): Moving {
  const buckets = new Set<number>();
  const directory = new Set<string>();
  const ids = new Set<string>();
  for (const { entity, id } of changed) {
    ids.add(id);
    if (entity === 'ticket') buckets.add(bucketOf(id));
    else directory.add(entity);
  }
  return { buckets, directory, has: (rowId) => ids.has(rowId) };
}
