import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Actor } from '../../domain/permissions.ts';
import { type ConsoleMethod, consoleMethods } from '../../protocol/console/methods.ts';
import { awayGet } from './away-get.ts';
import { createMemo, type QueryContext, type QueryRules } from './context.ts';
import { directoryGet } from './directory-get.ts';
import { outboxList } from './outbox-items.ts';
import { assetsSearch, peopleCaller, peopleSearch } from './people.ts';
import { queueArrivals } from './queue-arrivals.ts';
import { queueCounts } from './queue-counts.ts';
import { queueWindow } from './queue-window.ts';
import { supervisionLoad } from './supervision-load.ts';
import { ticketGet } from './ticket-get.ts';

/** Queries over a profile's files. The one for support needs no profile, and is answered beside them. */
export type QueryMethod = Exclude<
  { [M in ConsoleMethod]: (typeof consoleMethods)[M]['runs'] extends 'query' ? M : never }[ConsoleMethod],
  'support.files'
>;
export const isQueryMethod = (method: ConsoleMethod): method is QueryMethod =>
  consoleMethods[method].runs === 'query' && method !== 'support.files';

export interface ReaderOptions {
  readonly cachePath: string;
  readonly outboxPath: string;
  readonly actor: Actor;
  readonly rules: QueryRules;
}
/** Answers queries of one profile from its files, read-only. A fill that runs on another connection never blocks it. */
export interface Reader {
  /** Checks the parameters itself; throws on those that break the schema, and on a file that cannot be read. */
  answer(method: QueryMethod, params: unknown): unknown;
  close(): void;
}

const STATEMENTS = 300;

export function createReader(options: ReaderOptions): Reader {
  let open = openReader(options);
  return {
    answer(method, params) {
      // The cache file may have been replaced under us: another file, another connection.
      if (statSync(options.cachePath, { bigint: true }).ino !== open.inode) {
        open.context.db.close();
        open = openReader(options);
      }
      open.forgetOld();
      // One snapshot of each file for all statements of an answer.
      return open.context.db.transaction(() => run(open.context, method, params))();
    },
    close: () => void open.context.db.close(),
  };
}

function run(context: QueryContext, method: QueryMethod, params: unknown): unknown {
  switch (method) {
    case 'queue.window':
      return queueWindow(context, consoleMethods[method].params.parse(params));
    case 'queue.arrivals':
      return queueArrivals(context);
    case 'queue.counts':
      return queueCounts(context);
    case 'ticket.get':
      return ticketGet(context, consoleMethods[method].params.parse(params).ticketId);
    case 'away.get':
      return awayGet(context);
    case 'directory.get':
      return directoryGet(context);
    case 'people.search':
      return peopleSearch(context, consoleMethods[method].params.parse(params));
    case 'people.caller':
      return peopleCaller(context, consoleMethods[method].params.parse(params).personId);
    case 'assets.search':
      return assetsSearch(context, consoleMethods[method].params.parse(params));
    case 'outbox.list':
      return outboxList(context);
    case 'supervision.load':
      return supervisionLoad(context);
  }
}

/** Connection and statements on the files as they are now. */
export function openReader({ cachePath, outboxPath, actor, rules }: ReaderOptions) {
  const db = new Database(cachePath, { readonly: true, fileMustExist: true, timeout: 5_000 });
  db.pragma('cache_size = -32768');
  db.pragma('temp_store = MEMORY');
  // Attached with the flags of the connection: read-only too.
  db.prepare('attach database ? as outbox').run(outboxPath);
  const statements = new Map<string, Database.Statement<unknown[], unknown>>();
  const memo = createMemo();
  let versions = '';
  function statement<Row>(sql: string): Database.Statement<unknown[], Row> {
    let prepared = statements.get(sql);
    if (prepared === undefined) {
      if (statements.size >= STATEMENTS) statements.clear();
      prepared = db.prepare(sql);
      statements.set(sql, prepared);
    }
    // The text of the statement names its columns: the one place where a row gets its type.
    return prepared as Database.Statement<unknown[], Row>;
  }
  const context: QueryContext = { db, statement, actor, rules, memo };
  return {
    context,
    inode: statSync(cachePath, { bigint: true }).ino,
    forgetOld(): void {
      const now = `${db.pragma('main.data_version', { simple: true })} ${db.pragma('outbox.data_version', { simple: true })}`;
      if (now !== versions) memo.clear();
      versions = now;
    },
  };
}
