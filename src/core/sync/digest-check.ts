import { DIGEST_MAX_BUCKETS, type DigestRequest } from '../../protocol/sync/messages.ts';
import { PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { addNotice } from '../notices.ts';
import type { CacheMeta, RowDigest } from '../ports/cache.ts';
import type { StoreRow } from '../ports/store-client.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { readSetting, writeSetting } from '../settings.ts';
import {
  differingGroups,
  differingRows,
  type Groups,
  groupDigests,
  type LocalDigests,
  type RowDifferences,
  type RowKey,
  rowName,
  type Touched,
} from './digest-compare.ts';
import { repair } from './digest-repair.ts';
import type { DigestWatch } from './digest-watch.ts';
import { reactions } from './failure-reactions.ts';
import { authorized, type Link } from './link.ts';
import { pause } from './pause.ts';
import type { SyncContext } from './sync-context.ts';

/** A contact checks again no sooner than this after its last check. */
export const DIGEST_EVERY_MS = 15 * 60_000;
/** Rows hashed at a time: a few milliseconds, then whoever waits has its turn. */
export const DIGEST_SLICE_ROWS = 100;
/** Rows asked for at a time. */
const FETCH_ROWS = 100;
/** More rows than these are not mended one by one: a fill is cheaper, and its pages bound the memory. */
export const REPAIR_MAX_ROWS = 2_000;
/** Names of mended rows that are kept for the next check. */
const REMEMBERED_ROWS = 200;

type Stopped = { readonly kind: 'abandoned' } | { readonly kind: 'failed'; readonly failure: TokenFailure };

/**
 * Compares the cache with the store after a pull that caught up: the first of a contact, then at most every fifteen minutes. Runs
 * beside the pull and never holds it up; what a pull touches meanwhile is left for the next time. Ends with the link.
 */
export async function runDigestChecks(link: Link, context: SyncContext, watch: DigestWatch): Promise<void> {
  const { clock } = context.deps;
  let last: number | null = null;
  while (!link.closed) {
    await watch.wait(link);
    if (link.closed) return;
    if (last !== null && clock.monotonicMs() - last < DIGEST_EVERY_MS) continue;
    last = clock.monotonicMs();
    const done = await checkDigests(link, context, watch.begin());
    if (!done.ok && done.error.kind === 'failed') meet(link, context, done.error.failure);
  }
}

/** A check that could not be made costs nothing but itself, unless its failure concerns the whole contact. */
function meet(link: Link, { deps }: SyncContext, failure: TokenFailure): void {
  deps.log.write('info', 'digestPutOff', { kind: failure.kind });
  const { kind } = reactions[failure.kind];
  if (kind === 'hello' || failure.kind === 'sessionRevoked' || failure.kind === 'deviceRevoked') link.fail(failure);
}

async function checkDigests(link: Link, context: SyncContext, touched: Touched): Promise<Result<null, Stopped>> {
  const { cache, deps, keeper } = context;
  const began = standing(cache.meta());
  if (began === null) return err({ kind: 'abandoned' });
  /** Where the cache stands now, while it is still the same cache of the same epoch and the same rights. */
  const here = (): DigestRequest | null => {
    const now = standing(cache.meta());
    return link.closed || now === null || now.epoch !== began.epoch || now.scopeVersion !== began.scopeVersion
      ? null
      : now;
  };
  const local = await walk(link, context, here);
  if (local === null) return err({ kind: 'abandoned' });
  const answer = await asked(here, (at) => authorized(keeper, (token) => deps.store.digest(token, at)));
  if (!answer.ok) return answer;
  const groups = differingGroups(local, answer.value, touched);
  const differences = await findRows(context, local, groups, touched, here);
  if (!differences.ok) return differences;
  const found = [...differences.value.fetch, ...differences.value.extra];
  if (found.length === 0) {
    forget(context);
    return ok(null);
  }
  const stubborn = notHealed(context, found);
  if (found.length > REPAIR_MAX_ROWS || stubborn.size > 0) {
    if (refillOnce(link, context, found) || found.length > REPAIR_MAX_ROWS) return ok(null);
  }
  // What neither mending nor a fill has healed is left, and does not keep the rest from being mended.
  const fresh = (key: RowKey) => !stubborn.has(rowName(key));
  const fetch = differences.value.fetch.filter(fresh);
  const extra = differences.value.extra.filter(fresh);
  if (fetch.length + extra.length === 0) return ok(null);
  const rows = await fetchRows(context, fetch, here);
  if (!rows.ok) return rows;
  const session = keeper.session();
  if (here() === null || session === null) return err({ kind: 'abandoned' });
  // What a pull has touched since is its own again.
  const still = (key: RowKey) => (key.e === 'ticket' ? !touched.tickets.has(key.id) : !touched.directory.has(key.e));
  const kept = rows.value.filter((row) => still(keyOf(row)));
  const surplus = extra.filter(still);
  const done = repair(context, session, kept, surplus);
  if (!done.ok) context.cacheFailed(done.error);
  else {
    const tried = [...kept.map(keyOf), ...surplus].map(rowName);
    tell(context, done.value.mended, done.value.differed, [...stubborn, ...tried]);
  }
  return ok(null);
}

/** A base that is whole, of this schema, and up to its cursor; null: there is nothing to compare now. */
function standing(meta: CacheMeta): DigestRequest | null {
  const { epoch, cursor, logHash, scopeVersion } = meta;
  if (epoch === null || cursor === null || logHash === null || scopeVersion === null) return null;
  if (!meta.caughtUp || meta.fill !== null || meta.schema !== SCHEMA_VERSION) return null;
  return { protocol: PROTOCOL_VERSION, epoch, cursor, logHash, scopeVersion };
}

async function walk(link: Link, context: SyncContext, here: () => unknown): Promise<LocalDigests | null> {
  const found: RowDigest[] = [];
  let after: string | null = null;
  for (;;) {
    const { rows, next } = context.cache.digests(after, DIGEST_SLICE_ROWS);
    found.push(...rows);
    if (next === null) return groupDigests(found);
    after = next;
    await pause(context.deps, link, 0);
    if (here() === null) return null;
  }
}

/** A request made from where the cache stands; its answer counts only while it is still the same cache. */
async function asked<T>(
  here: () => DigestRequest | null,
  ask: (at: DigestRequest) => Promise<Result<T, TokenFailure>>,
): Promise<Result<T, Stopped>> {
  const at = here();
  if (at === null) return err({ kind: 'abandoned' });
  const answer = await ask(at);
  if (!answer.ok) return err({ kind: 'failed', failure: answer.error });
  return here() === null ? err({ kind: 'abandoned' }) : answer;
}

async function findRows(
  { deps, keeper }: SyncContext,
  local: LocalDigests,
  groups: Groups,
  touched: Touched,
  here: () => DigestRequest | null,
): Promise<Result<RowDifferences, Stopped>> {
  const fetch: RowKey[] = [];
  const extra: RowKey[] = [];
  let { directory } = groups;
  for (let from = 0; from < groups.buckets.length || directory.length > 0; from += DIGEST_MAX_BUCKETS) {
    const part: Groups = { buckets: groups.buckets.slice(from, from + DIGEST_MAX_BUCKETS), directory };
    directory = [];
    const answer = await asked(here, (at) => {
      const request = { ...at, buckets: [...part.buckets], directory: [...part.directory] };
      return authorized(keeper, (token) => deps.store.digestRows(token, request));
    });
    if (!answer.ok) return answer;
    const found = differingRows(local, part, answer.value, touched);
    fetch.push(...found.fetch);
    extra.push(...found.extra);
    if (fetch.length + extra.length > REPAIR_MAX_ROWS) break;
  }
  return ok({ fetch, extra });
}

async function fetchRows(
  { deps, keeper }: SyncContext,
  keys: readonly RowKey[],
  here: () => DigestRequest | null,
): Promise<Result<StoreRow[], Stopped>> {
  const rows: StoreRow[] = [];
  let size = FETCH_ROWS;
  for (let from = 0; from < keys.length; ) {
    const part = keys.slice(from, from + size).map(({ e, id }) => ({ e, id }));
    const answer = await asked(here, (at) =>
      authorized(keeper, (token) => deps.store.rows(token, { ...at, rows: part })),
    );
    if (answer.ok) {
      rows.push(...answer.value);
      from += part.length;
    } else if (answer.error.kind === 'failed' && answer.error.failure.kind === 'tooLarge' && size > 1) {
      size = Math.ceil(size / 4);
    } else return answer;
  }
  return ok(rows);
}

const keyOf = (row: StoreRow): RowKey =>
  row.entity === 'entry' ? { e: 'ticket', id: row.row.ticketId } : { e: row.entity, id: row.row.id };

/** Rows that were mended at the last check and differ again now: mending them does not help. */
function notHealed({ outbox }: SyncContext, keys: readonly RowKey[]): ReadonlySet<string> {
  const before = new Set(readSetting(outbox, 'digest')?.mended ?? []);
  return new Set(keys.map(rowName).filter((name) => before.has(name)));
}

/** Once: a fill that does not help either must not be made again and again. False: it was made already, or cannot be now. */
function refillOnce(link: Link, context: SyncContext, keys: readonly RowKey[]): boolean {
  const { cache, outbox, deps } = context;
  const details = { rows: keys.length, first: keys.slice(0, 5).map(rowName) };
  if (readSetting(outbox, 'digest')?.refilled === true) {
    deps.log.write('error', 'digestStillDiffers', details);
    return false;
  }
  // The note first: a fill begun again at every start would be worse than one that never came.
  if (!writeSetting(outbox, 'digest', { mended: [], refilled: true }).ok) return false;
  deps.log.write('error', 'digestNotHealed', details);
  // Rows of no known schema: the next hello plans a fill, and until it is whole they can be read.
  const dropped = cache.transaction((tx) => tx.setMeta({ ...cache.meta(), schema: null }));
  if (!dropped.ok) context.cacheFailed(dropped.error);
  else link.fail({ kind: 'epoch' });
  return true;
}

function forget({ outbox }: SyncContext): void {
  writeSetting(outbox, 'digest', null);
}

function tell(context: SyncContext, mended: readonly string[], differed: number, tried: readonly string[]): void {
  const { outbox, deps } = context;
  const refilled = readSetting(outbox, 'digest')?.refilled === true;
  const names = [...new Set(tried)].slice(0, REMEMBERED_ROWS);
  writeSetting(outbox, 'digest', { mended: names, refilled });
  const details = { tried: names.length, mended: mended.length, differed };
  if (differed === 0) {
    deps.log.write('info', 'rowsAgedOut', details);
    return;
  }
  deps.log.write('warn', 'cacheRepaired', { ...details, first: mended.slice(0, 5) });
  addNotice(context, { kind: 'cacheRepaired', params: { rows: differed } });
}
