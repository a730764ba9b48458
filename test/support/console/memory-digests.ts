import { hash } from 'node:crypto';
import type { StoreRow } from '../../../src/core/ports/store-client.ts';
import type { SessionInfo } from '../../../src/protocol/sync/auth.ts';
import {
  type DigestRequest,
  type DigestResponse,
  type DigestRowsRequest,
  type DigestRowsResponse,
  directoryEntitySchema,
  type RowsRequest,
  type SearchResponse,
} from '../../../src/protocol/sync/messages.ts';
import { type MemoryStore, ticketRow } from './memory-store.ts';

/** What the store says of its rows one by one: digests, rows by key, search. By another road than the console's own sums. */
const bucketOf = (id: string) => Number(`0x${id.slice(-2)}`);
const digest = (texts: readonly string[]): string =>
  texts
    .map((text) => BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`))
    .reduce((sum, one) => sum ^ one, 0n)
    .toString(16)
    .padStart(16, '0');
const sum = (digests: readonly string[]): string =>
  digests
    .map((x) => BigInt(`0x${x}`))
    .reduce((total, one) => total ^ one, 0n)
    .toString(16)
    .padStart(16, '0');

interface Row {
  readonly e: DigestRowsResponse['rows'][number]['e'];
  readonly id: string;
  readonly x: string;
}
function rowsOf(store: MemoryStore, session: SessionInfo): Row[] {
  const rows: Row[] = [];
  for (const e of directoryEntitySchema.options)
    for (const row of store.snapshotRows(session, e)) rows.push({ e, id: row.row.id, x: digest([row.doc]) });
  const entries = Map.groupBy(store.snapshotRows(session, 'entry'), (row) =>
    row.entity === 'entry' ? row.row.ticketId : '',
  );
  for (const row of store.snapshotRows(session, 'ticket')) {
    const texts = [row.doc, ...(entries.get(row.row.id) ?? []).map((entry) => entry.doc)];
    rows.push({ e: 'ticket', id: row.row.id, x: digest(texts) });
  }
  return rows;
}
const changedAfter = (store: MemoryStore, cursor: number): Set<string> =>
  new Set(
    store.log
      .slice(cursor)
      .flatMap(({ rows }) => rows.map((row) => ('ticketId' in row.row ? row.row.ticketId : row.row.id))),
  );

export function digestOf(store: MemoryStore, session: SessionInfo, request: DigestRequest): DigestResponse {
  const rows = rowsOf(store, session);
  const buckets = Map.groupBy(
    rows.filter(({ e }) => e === 'ticket'),
    ({ id }) => bucketOf(id),
  );
  return {
    buckets: [...buckets].map(([b, held]) => ({ b, n: held.length, x: sum(held.map(({ x }) => x)) })),
    moving: [...new Set([...changedAfter(store, request.cursor)].map(bucketOf))],
    directory: directoryEntitySchema.options.flatMap((e) => {
      const held = rows.filter((row) => row.e === e);
      return held.length === 0 ? [] : [{ e, n: held.length, x: sum(held.map(({ x }) => x)) }];
    }),
    movingDirectory: [],
  };
}

export function digestRowsOf(store: MemoryStore, session: SessionInfo, request: DigestRowsRequest): DigestRowsResponse {
  const moving = new Set([...changedAfter(store, request.cursor)].map(bucketOf));
  const asked = (row: Row) =>
    row.e === 'ticket'
      ? request.buckets.includes(bucketOf(row.id)) && !moving.has(bucketOf(row.id))
      : request.directory.includes(row.e);
  return {
    rows: rowsOf(store, session).filter(asked),
    moving: request.buckets.filter((b) => moving.has(b)),
    movingDirectory: [],
  };
}

/** With a cursor as digests go by; with null whatever the person may see, closed before the window too. */
export function rowsByKey(store: MemoryStore, session: SessionInfo, request: RowsRequest): StoreRow[] {
  const moved = request.cursor === null ? new Set<string>() : changedAfter(store, request.cursor);
  return request.rows.flatMap(({ e, id }) => {
    if (moved.has(id)) return [];
    const all =
      request.cursor === null && e === 'ticket'
        ? store.reachable(session).map(ticketRow)
        : store.snapshotRows(session, e);
    const row = all.find((held) => held.row.id === id);
    if (row === undefined) return [];
    return e === 'ticket' ? [row, ...store.entriesOf(id)] : [row];
  });
}

/** Tickets outside the window by a part of their subject, the last closed first. */
export function searchIn(store: MemoryStore, session: SessionInfo, text: string, limit: number): SearchResponse {
  const found = store
    .reachable(session)
    .filter((ticket) => store.outside.has(ticket.id) && ticket.status === 'closed')
    .filter((ticket) => ticket.subject.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => (b.clocks.closedAt ?? 0) - (a.clocks.closedAt ?? 0));
  return { tickets: found.slice(0, limit), more: found.length > limit, closedWindowDays: 90 };
}
