import {
  type HelloResponse,
  type LogMark,
  type SnapshotEntity,
  snapshotEntities,
} from '../../protocol/sync/messages.ts';
import { PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { FillProgress } from '../ports/cache.ts';
import type { PageRows } from '../ports/page-rows.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { SnapshotPage, StoreRow } from '../ports/store-client.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { authorized, type Link } from './link.ts';
import { markIn } from './pull-plan.ts';
import { createGrowth } from './queue-growth.ts';
import { createSignal } from './signal.ts';
import type { SyncContext } from './sync-context.ts';

/** Small enough that an act never waits long behind a page, large enough for full speed. */
export const FILL_PAGE_ROWS = 3_000;

export type FillFailure =
  | { readonly kind: 'store'; readonly failure: TokenFailure }
  | { readonly kind: 'cache'; readonly failure: StorageFailure }
  | { readonly kind: 'outbox'; readonly failure: StorageFailure };

interface PageKey {
  readonly entity: SnapshotEntity;
  readonly after: string | null;
}

/** The page after one that ended at `after`; null after the last of all. */
export function nextPage({ entity, after }: PageKey): PageKey | null {
  if (after !== null) return { entity, after };
  const next = snapshotEntities[snapshotEntities.indexOf(entity) + 1];
  return next === undefined ? null : { entity: next, after: null };
}

/**
 * Fills the cache page by page, in the order of `snapshotEntities` and of keys. A page and the note of how far it got are
 * one transaction, so a fill that was cut anywhere goes on after its last whole page. The next page is asked for while one
 * is written. At the end the cursor is the pin of the first page: deltas from there follow.
 */
export async function runFill(
  link: Link,
  context: SyncContext,
  hello: HelloResponse,
  resume: boolean,
  onBegun: () => void,
): Promise<Result<'filled' | 'closed', FillFailure>> {
  const { cache } = context;
  const pause = createSignal(context.deps.timers);
  const ask = (key: PageKey) => askPage(link, context, key, hello.scopeVersion);
  const grew = createGrowth(context.hub);
  let progress = resume ? cache.meta().fill : null;
  // The last page kept says what comes next; an entity that ended with it leaves `after` null and the next one named.
  let key: PageKey | null = progress ?? { entity: snapshotEntities[0], after: null };
  let asked = ask(key);
  while (key !== null) {
    const page = await asked;
    if (link.closed) return ok('closed');
    if (!page.ok) return err({ kind: 'store', failure: page.error });
    const step = advance(progress, key, page.value, hello.scopeVersion);
    if (step === null) return err({ kind: 'store', failure: { kind: 'broken' } });
    const { mark } = page.value.end;
    if (step.progress.epoch !== hello.epoch || mark.epoch !== hello.epoch)
      return err({ kind: 'store', failure: { kind: 'epoch' } });
    // Before the rows: some may be from beyond the pin, and only the mark tells a log that was put back to the pin from theirs (SY14).
    const told = keepMark(context, mark, step.progress.pin);
    if (!told.ok) return err({ kind: 'outbox', failure: told.error });
    if (step.next !== null) {
      asked = ask(step.next);
      // Whoever awaits it sees a rejection (a bug); where this page fails first nobody does, and it must not end the process.
      asked.catch(() => {});
      // Writing holds this thread: a turn of the event loop first, or the request would leave only after it.
      await pause.wait(link, 0);
      if (link.closed) return ok('closed');
    }
    const kept = keepPage(context, page.value.rows, step.progress, progress === null, step.next === null);
    if (!kept.ok) return err({ kind: 'cache', failure: kept.error });
    if (progress === null) onBegun();
    if (key.entity === 'ticket') grew(page.value.end.rows);
    progress = step.progress;
    key = step.next;
    context.hub.emit('connection');
  }
  context.hub.emit('queue');
  context.hub.emit('directory');
  return ok('filled');
}

/** A mark that says nothing more than the pin or what is kept costs no write. */
function keepMark({ outbox }: SyncContext, mark: LogMark, pin: number): Result<null, StorageFailure> {
  const kept = markIn(mark.epoch, outbox.ackMarks())?.seq ?? 0;
  return mark.seq > Math.max(pin, kept) ? outbox.keepMark(mark) : ok(null);
}

function askPage(
  link: Link,
  context: SyncContext,
  { entity, after }: PageKey,
  scopeVersion: string,
): Promise<Result<SnapshotPage, TokenFailure>> {
  // Named one by one: a fill that goes on has its key from the progress note, and the store refuses fields that it does not know.
  const request = { protocol: PROTOCOL_VERSION, entity, after, scopeVersion, limit: FILL_PAGE_ROWS };
  return authorized(context.keeper, (token) => context.deps.store.snapshot(token, request), link);
}

/** Null: the first page of all came without its pin. */
function advance(
  progress: FillProgress | null,
  key: PageKey,
  page: SnapshotPage,
  scopeVersion: string,
): { progress: FillProgress; next: PageKey | null } | null {
  const start = progress ?? (page.pin === null ? null : startOf(page.pin, key, scopeVersion));
  if (start === null) return null;
  const next = nextPage({ entity: key.entity, after: page.end.after });
  return { progress: { ...start, ...(next ?? key), done: start.done + page.end.rows }, next };
}

const startOf = (pin: NonNullable<SnapshotPage['pin']>, key: PageKey, scopeVersion: string): FillProgress => ({
  epoch: pin.epoch,
  pin: pin.seq,
  logHash: pin.logHash,
  seal: pin.seal,
  scopeVersion,
  ...key,
  done: 0,
  total: pin.total,
});

function keepPage(
  context: SyncContext,
  rows: PageRows,
  progress: FillProgress,
  first: boolean,
  last: boolean,
): Result<null, StorageFailure> {
  const { cache, overlays } = context;
  const meta = cache.meta();
  return cache.transaction((tx) => {
    if (first) tx.beginFill();
    tx.fill(rows);
    if (last) {
      tx.endFill();
      const { epoch, pin, logHash, seal, scopeVersion } = progress;
      const place = { epoch, cursor: pin, logHash, seal, scopeVersion };
      tx.setMeta({ ...place, schema: SCHEMA_VERSION, fill: null, caughtUp: false });
    } else {
      tx.setMeta({ ...meta, schema: SCHEMA_VERSION, fill: progress, caughtUp: false });
    }
    const position = { epoch: progress.epoch, cursor: progress.pin };
    const due = overlays.due(position);
    const touched = last ? due : touchedOf(rows, due);
    overlays.rebase(tx, touched, position, last);
    return null;
  });
}

const touchedOf = (page: PageRows, due: ReadonlySet<string>): readonly string[] =>
  page.form === 'packed' ? page.touching(due) : touchedTickets(page.rows).filter((ticketId) => due.has(ticketId));

export function touchedTickets(rows: readonly StoreRow[]): string[] {
  const ids = new Set<string>();
  for (const row of rows) {
    if (row.entity === 'ticket') ids.add(row.row.id);
    else if (row.entity === 'entry') ids.add(row.row.ticketId);
  }
  return [...ids];
}
