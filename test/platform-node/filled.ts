import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import type { PageRows } from '../../src/core/ports/page-rows.ts';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import { PackedPage } from '../../src/platform-node/store-client/packed-page.ts';
import { storeRow } from '../../src/platform-node/store-client/row-lines.ts';
import { pageOf, type ReadPage, readSnapshot } from '../../src/platform-node/store-client/snapshot.ts';
import type { SnapshotEntity } from '../../src/protocol/sync/messages.ts';
import { uid } from './fixtures.ts';

const endLine = (rows: number) => ({
  t: 'end',
  after: null,
  rows,
  mark: { epoch: uid('e', 1), seq: 4, hash: 'e'.repeat(64), seal: 'f'.repeat(64) },
});

const lineOf = ({ entity, doc }: StoreRow) => `{"t":"up","e":"${entity}","row":${doc}}`;

/** A page as the store sends it. */
export const pageText = (rows: readonly StoreRow[]): string =>
  `${[...rows.map(lineOf), JSON.stringify(endLine(rows.length))].join('\n')}\n`;

/** In pieces of `cut` bytes. */
function pageBody(rows: readonly StoreRow[], cut = 1_000): Readable {
  const bytes = Buffer.from(pageText(rows));
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
    })(),
  );
}

export async function readPage(entity: SnapshotEntity, rows: readonly StoreRow[], cut?: number): Promise<ReadPage> {
  const page = await readSnapshot(pageBody(rows, cut), { entity, limit: Math.max(1, rows.length) });
  if (!page.ok) throw new Error(page.error.kind);
  return page.value;
}

/** The documents of a page, in its order. */
export function docsOf(page: PageRows): string[] {
  if (page.form === 'plain') return page.rows.map(({ doc }) => doc);
  if (!(page instanceof PackedPage)) throw new Error('rows of another host');
  const { bytes, spans, count } = page.data;
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(bytes.subarray(spans[at * 2], spans[at * 2 + 1])).toString(),
  );
}

/** One page after the other in a new cache: read from the wire and written as a fill does, or row by row. */
export async function filledWith(
  path: string,
  pages: readonly { readonly entity: SnapshotEntity; readonly rows: readonly StoreRow[] }[],
  packed: boolean,
): Promise<void> {
  const opened = openCacheFile(path);
  if (!opened.ok) throw new Error(opened.error.code);
  const { port } = opened.value;
  for (const [at, { entity, rows }] of pages.entries()) {
    const page = pageOf(await readPage(entity, rows));
    const done = port.transaction((tx) => {
      if (at === 0) tx.beginFill();
      if (packed) tx.fill(page.rows);
      else tx.upsert(rows.flatMap((row) => storeRow(lineOf(row)) ?? []));
    });
    if (!done.ok) throw new Error(done.error.code);
  }
  const ended = port.transaction((tx) => tx.endFill());
  if (!ended.ok) throw new Error(ended.error.code);
  opened.value.close();
}

const TABLES = [
  'tickets',
  'ticket_docs',
  'relatives',
  'entries',
  'directory',
  'memberships',
  'assets',
  'ticket_tallies',
];
const REFS: Readonly<Record<string, readonly string[]>> = {
  tickets: ['ref', 'team', 'site', 'assignee', 'offered_to', 'requester'],
  ticket_docs: ['ref'],
  relatives: ['ref', 'merged_into', 'split_from', 'problem'],
  entries: ['ticket', 'actor'],
  directory: ['ref'],
  memberships: ['ref', 'team', 'person'],
  assets: ['ref', 'person'],
  ticket_tallies: ['team'],
};

/** All that a cache holds, with ids for the integers that stand for them, in an order of its own; full text by the words in it. */
export function contentOf(path: string): { tables: unknown; objects: unknown; words: string[] } {
  const db = new Database(path, { readonly: true });
  try {
    const ids = new Map(
      db
        .prepare<[], { ref: number; id: string }>('select ref, id from ids')
        .all()
        .map(({ ref, id }) => [ref, id]),
    );
    const tables = TABLES.map((table) => {
      const rows = db.prepare<[], Record<string, unknown>>(`select * from ${table}`).all();
      const named = rows.map(({ rid: _, ...row }) => {
        for (const column of REFS[table] ?? []) row[column] = ids.get(Number(row[column])) ?? row[column];
        return JSON.stringify(row);
      });
      return [table, named.sort()];
    });
    const objects = db.prepare('select type, name, sql from sqlite_schema order by name').all();
    db.close();
    return { tables, objects, words: wordsOf(path, ids) };
  } finally {
    db.close();
  }
}

function wordsOf(path: string, ids: ReadonlyMap<number, string>): string[] {
  // A table over an index lives in a schema of its own.
  const db = new Database(path);
  try {
    db.exec(`create virtual table temp.vocabulary using fts5vocab('main', 'ticket_search', 'instance')`);
    const rows = db
      .prepare<[], { term: string; doc: number; col: string }>('select distinct term, doc, col from temp.vocabulary')
      .all();
    return rows.map(({ term, doc, col }) => `${ids.get(doc)} ${col} ${term}`).sort();
  } finally {
    db.close();
  }
}
