import type { DirectoryEntity } from '../../domain/directory.ts';
import type { DigestResponse, DigestRowsResponse } from '../../protocol/sync/messages.ts';
import { createXorSum } from '../../shared/xor-sum.ts';
import type { RowDigest } from '../ports/cache.ts';

/*
 * What a cache holds against what the store says it should hold (SY4). Decisions over data: no clock, no storage, no network.
 *
 * Invariants:
 * 1. Nothing that moved is compared: neither what the store says changed after the cursor, nor what a pull brought since the
 *    cache was walked. So a difference is never that one side is ahead.
 * 2. Same rows on both sides → no difference, whatever their order.
 * 3. A row is in at most one of `fetch` and `extra`.
 */

export type RowKey = Pick<RowDigest, 'e' | 'id'>;
export const rowName = ({ e, id }: RowKey): string => `${e} ${id}`;
/** Last byte of a ticket's id. */
export const bucketOf = (ticketId: string): number => Number.parseInt(ticketId.slice(-2), 16);

/** Digests of a cache's base rows by id, in the groups in which they are compared. */
export interface LocalDigests {
  readonly buckets: ReadonlyMap<number, ReadonlyMap<string, string>>;
  readonly directory: ReadonlyMap<DirectoryEntity, ReadonlyMap<string, string>>;
}
/** What changed here while the cache was walked and since. */
export interface Touched {
  readonly tickets: ReadonlySet<string>;
  readonly directory: ReadonlySet<DirectoryEntity>;
}
export interface Groups {
  readonly buckets: readonly number[];
  readonly directory: readonly DirectoryEntity[];
}
interface Tally {
  readonly n: number;
  readonly x: string;
}

export function groupDigests(rows: Iterable<RowDigest>): LocalDigests {
  const buckets = new Map<number, Map<string, string>>();
  const directory = new Map<DirectoryEntity, Map<string, string>>();
  for (const { e, id, x } of rows) {
    if (e === 'ticket') groupIn(buckets, bucketOf(id)).set(id, x);
    else groupIn(directory, e).set(id, x);
  }
  return { buckets, directory };
}
function groupIn<K>(groups: Map<K, Map<string, string>>, key: K): Map<string, string> {
  let group = groups.get(key);
  if (group === undefined) {
    group = new Map();
    groups.set(key, group);
  }
  return group;
}

/** Groups whose sums differ. A group that only one side has differs too. */
export function differingGroups(local: LocalDigests, store: DigestResponse, touched: Touched): Groups {
  const movingBuckets = new Set([...store.moving, ...[...touched.tickets].map(bucketOf)]);
  const movingDirectory = new Set([...store.movingDirectory, ...touched.directory]);
  return {
    buckets: differing(local.buckets, new Map(store.buckets.map((tally) => [tally.b, tally])), movingBuckets),
    directory: differing(local.directory, new Map(store.directory.map((tally) => [tally.e, tally])), movingDirectory),
  };
}
function differing<K>(
  local: ReadonlyMap<K, ReadonlyMap<string, string>>,
  store: ReadonlyMap<K, Tally>,
  moving: ReadonlySet<K>,
): K[] {
  const keys = new Set([...local.keys(), ...store.keys()]);
  return [...keys].filter((key) => {
    if (moving.has(key)) return false;
    const mine = tallyOf(local.get(key));
    const theirs = store.get(key) ?? empty;
    return mine.n !== theirs.n || mine.x !== theirs.x;
  });
}
const empty: Tally = { n: 0, x: createXorSum().hex() };
function tallyOf(rows: ReadonlyMap<string, string> | undefined): Tally {
  const sum = createXorSum();
  for (const x of rows?.values() ?? []) sum.add(x);
  return { n: rows?.size ?? 0, x: sum.hex() };
}

export interface RowDifferences {
  /** The store has them, this cache has not, or with another content. */
  readonly fetch: readonly RowKey[];
  /** This cache has them and the store says that it should not. */
  readonly extra: readonly RowKey[];
}

/** Row by row, of the groups asked for. */
export function differingRows(
  local: LocalDigests,
  asked: Groups,
  store: DigestRowsResponse,
  touched: Touched,
): RowDifferences {
  const moving = new Set(store.moving);
  const movingDirectory = new Set([...store.movingDirectory, ...touched.directory]);
  const mine = new Map<string, RowDigest>();
  for (const b of asked.buckets) for (const [id, x] of local.buckets.get(b) ?? []) add(mine, { e: 'ticket', id, x });
  for (const e of asked.directory) for (const [id, x] of local.directory.get(e) ?? []) add(mine, { e, id, x });
  const still = (row: RowKey) =>
    row.e === 'ticket' ? !moving.has(bucketOf(row.id)) && !touched.tickets.has(row.id) : !movingDirectory.has(row.e);
  const fetch = store.rows.filter((row) => mine.get(rowName(row))?.x !== row.x);
  const theirs = new Set(store.rows.map(rowName));
  const extra = [...mine].filter(([name]) => !theirs.has(name)).map(([, row]) => row);
  return { fetch: fetch.filter(still).map(keyOf), extra: extra.filter(still).map(keyOf) };
}
const add = (rows: Map<string, RowDigest>, row: RowDigest): void => void rows.set(rowName(row), row);
const keyOf = ({ e, id }: RowKey): RowKey => ({ e, id });
