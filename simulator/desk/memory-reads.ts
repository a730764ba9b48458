import { type DirectoryEntity, directorySchemas } from '../../src/domain/directory.ts';
import { DAY_MS, inScope, scopeKeysOf } from '../../src/domain/scope.ts';
import {
  type ChangeReads,
  type EntryRow,
  LOG_START,
  type LoggedKeys,
  type NearHead,
  type NearHeadAsked,
  type Page,
  RECENT_ROWS,
} from '../../src/store/changes/change-reads.ts';
import type { TicketScope } from '../../src/store/scope/ticket-scope.ts';
import { chainKey } from './commit.ts';
import { digestHex, digestOf, NO_DIGEST, xor } from './doc.ts';
import { findClosed } from './memory-search.ts';
import { type DeskState, hashAtPlace, logIndexAfter, type TicketRecord } from './memory-state.ts';

export const directoryEntities = Object.keys(directorySchemas) as DirectoryEntity[];
const isInScope = (record: TicketRecord, scope: Pick<TicketScope, 'grant' | 'now'>): boolean =>
  inScope(scope.grant, scopeKeysOf(record.doc.value), scope.now);
const isInWindow = ({ closedRecordedAt }: TicketRecord, { closedWindowDays, now }: TicketScope): boolean =>
  closedRecordedAt === null || closedWindowDays === null || closedRecordedAt >= now - closedWindowDays * DAY_MS;

const ticketDigest = (record: TicketRecord) =>
  record.entries.reduce((digest, entry) => xor(digest, entry.digest), record.doc.digest);
const bucketOf = (ticketId: string): number => Number.parseInt(ticketId.slice(-2), 16);

function pageOf(rows: readonly { readonly key: string; readonly line: string }[]): Page {
  return { texts: rows.map((row) => row.line), rows: rows.length, last: rows.at(-1)?.key ?? null };
}

/** What a pull near the head is answered from. */
export function memoryNearHead(state: DeskState, { cursor, mark, scope }: NearHeadAsked): NearHead {
  const { desk, log, lastSeqById } = state;
  const from = logIndexAfter(log, cursor);
  const rows = log.slice(from, from + RECENT_ROWS + 1);
  const after = new Map<string, number>();
  for (const row of rows.slice(0, RECENT_ROWS))
    if (row.entity === 'ticket' && !after.has(row.id)) after.set(row.id, row.previousVersion);
  return {
    desk,
    cursorHash: hashAtPlace(log, cursor),
    hashAtMark: mark === null ? null : hashAtPlace(log, mark),
    log: rows.map((row) => ({ ...row, lastSeq: lastSeqById.get(row.id) ?? row.seq })),
    tickets: [...after].flatMap(([id, previous]) => {
      const record = state.tickets.get(id);
      if (record === undefined) return [];
      const { doc, closedRecordedAt } = record;
      const inScope = isInScope(record, scope);
      const entries = inScope ? record.entries.slice(previous).map((entry) => entry.text) : [];
      return [{ id, after: previous, doc: doc.text, inScope, closedRecordedAt, entries }];
    }),
  };
}

/** The port of the change log over maps; `state` gives what the read is to see, `before` is told of each read. */
export function memoryReads(state: () => DeskState, before: () => Promise<void> | undefined): ChangeReads {
  const visible = (scope: TicketScope) =>
    [...state().tickets].filter(([, record]) => isInScope(record, scope) && isInWindow(record, scope));
  const rowsOf = (entity: DirectoryEntity) =>
    [...state().directory.values()].filter((record) => record.entity === entity).map((record) => record.doc);
  const read = <T>(work: () => T): Promise<T> => {
    const pause = before();
    return pause === undefined ? Promise.resolve(work()) : pause.then(work);
  };
  const keyed = (entity: string, rows: readonly (readonly [key: string, doc: string])[]) =>
    rows.map(([key, doc]) => ({ key, line: `{"t":"up","e":"${entity}","row":${doc}}` }));
  const byKey = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) => (a[0] < b[0] ? -1 : 1);

  return {
    desk: () => read(() => state().desk),
    head: () =>
      read(() => {
        const last = state().log.at(-1);
        return last === undefined ? { seq: 0, hash: LOG_START } : { seq: last.seq, hash: last.hash };
      }),
    hashAt: (seq) => read(() => hashAtPlace(state().log, seq)),
    logAfter: (seq, limit) =>
      read(() => {
        const { log, lastSeqById } = state();
        const from = logIndexAfter(log, seq);
        return log.slice(from, from + limit).map((row) => ({ ...row, lastSeq: lastSeqById.get(row.id) ?? row.seq }));
      }),
    keysSince: (seq, ids) =>
      read(() => {
        const { log } = state();
        const keys = new Map<string, (LoggedKeys | null)[]>();
        const wanted = new Set(ids);
        for (let at = logIndexAfter(log, seq); at < log.length; at++) {
          const row = log[at];
          if (row === undefined || !wanted.has(row.id)) continue;
          const known = keys.get(row.id);
          if (known === undefined) keys.set(row.id, [row.before]);
          else known.push(row.before);
        }
        return keys;
      }),
    tickets: (ids, scope) =>
      read(() =>
        ids.flatMap((id) => {
          const record = state().tickets.get(id);
          if (record === undefined) return [];
          return [{ id, doc: record.doc.text, inScope: isInScope(record, scope), inWindow: isInWindow(record, scope) }];
        }),
      ),
    entriesAfter: (wanted) =>
      read(() => {
        const rows: EntryRow[] = [];
        for (const { id, after } of [...wanted].sort((a, b) => (a.id < b.id ? -1 : 1))) {
          const entries = state().tickets.get(id)?.entries ?? [];
          for (let at = after; at < entries.length; at++) {
            const entry = entries[at];
            if (entry !== undefined) rows.push({ ticketId: id, doc: entry.text });
          }
        }
        return rows;
      }),
    directoryRows: (entity, ids) =>
      read(() =>
        ids.flatMap((id) => {
          const record = state().directory.get(id);
          return record?.entity === entity ? [{ id, doc: record.doc.text }] : [];
        }),
      ),
    chainEnd: (deviceId, incarnation) =>
      read(() => state().chains.get(chainKey({ deviceId, incarnation }))?.lastN ?? 0),
    page: (entity, after, limit, scope) =>
      read(() => {
        const from = after ?? '';
        if (entity === 'ticket') {
          const rows = visible(scope).filter(([id]) => id > from);
          const sorted = rows.sort(byKey).slice(0, limit);
          return pageOf(
            keyed(
              entity,
              sorted.map(([id, record]) => [id, record.doc.text]),
            ),
          );
        }
        if (entity === 'entry') {
          const rows = visible(scope).flatMap(([id, record]) =>
            record.entries.map((entry, at) => [`${id}:${String(at + 1).padStart(9, '0')}`, entry] as const),
          );
          const sorted = rows
            .filter(([key]) => key > from)
            .sort(byKey)
            .slice(0, limit);
          return pageOf(
            keyed(
              entity,
              sorted.map(([key, entry]) => [key, entry.text]),
            ),
          );
        }
        const rows = rowsOf(entity).map((doc) => [doc.value.id, doc] as const);
        const sorted = rows
          .filter(([id]) => id > from)
          .sort(byKey)
          .slice(0, limit);
        return pageOf(
          keyed(
            entity,
            sorted.map(([id, doc]) => [id, doc.text]),
          ),
        );
      }),
    countAll: (scope) =>
      read(() => visible(scope).reduce((sum, [, row]) => sum + row.doc.value.version + 1, state().directory.size)),
    ticketTallies: (scope) =>
      read(() => {
        const tallies = new Map<number, { n: number; digest: typeof NO_DIGEST }>();
        for (const [id, record] of visible(scope)) {
          const tally = tallies.get(bucketOf(id)) ?? { n: 0, digest: NO_DIGEST };
          tallies.set(bucketOf(id), { n: tally.n + 1, digest: xor(tally.digest, ticketDigest(record)) });
        }
        return [...tallies].sort(([a], [b]) => a - b).map(([b, { n, digest }]) => ({ b, n, x: digestHex(digest) }));
      }),
    directoryTallies: () =>
      read(() =>
        directoryEntities.map((e) => {
          const docs = rowsOf(e);
          return { e, n: docs.length, x: digestHex(docs.reduce((sum, doc) => xor(sum, doc.digest), NO_DIGEST)) };
        }),
      ),
    ticketDigests: (buckets, scope) =>
      read(() =>
        visible(scope)
          .filter(([id]) => buckets.includes(bucketOf(id)))
          .sort(byKey)
          .map(([id, record]) => ({ id, x: digestHex(ticketDigest(record)) })),
      ),
    directoryDigests: (entity) =>
      read(() =>
        rowsOf(entity)
          .map((doc) => ({ id: doc.value.id, x: digestHex(digestOf(doc.text)) }))
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      ),
    changedSince: (seq, limit) =>
      read(() => {
        const { log } = state();
        const changed = log.slice(logIndexAfter(log, seq));
        return changed.length > limit ? null : changed.map(({ entity, id }) => ({ entity, id }));
      }),
    searchClosed: (terms, limit, scope) => read(() => findClosed(state(), terms, limit, scope, isInScope, isInWindow)),
  };
}
