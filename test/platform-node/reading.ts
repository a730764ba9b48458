import { join } from 'node:path';
import type { CacheTx } from '../../src/core/ports/cache.ts';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import { namesMentioned } from '../../src/core/queries/names-mentioned.ts';
import { itemState, pendingMark } from '../../src/core/queries/pending-mark.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { createReader, openReader, type QueryMethod } from '../../src/platform-node/queries/reader.ts';
import { type ConsoleParams, type ConsoleResult, consoleMethods } from '../../src/protocol/console/methods.ts';
import type { QueueQuery } from '../../src/protocol/console/rows.ts';
import { wholeQueue } from '../support/console/whole-queue.ts';
import { freshDir, identity, membershipRow, personRow, siteRow, teamRow, uid } from './fixtures.ts';

export const everything: QueueQuery = { ...wholeQueue, sort: { by: 'number', dir: 'asc' } };
/** Person 9 of team 1. */
export const me: Actor = {
  personId: uid('b', 9),
  submitterId: null,
  role: 'technician',
  grant: { personId: uid('b', 9), everything: true, siteIds: [], teamIds: [] },
  teamIds: [uid('8', 1)],
  mayImport: false,
  revoked: false,
};
export const places: StoreRow[] = [
  siteRow(1, 'Lima'),
  siteRow(2, 'Áncash'),
  teamRow(1, 'Mesa', true),
  teamRow(2, 'Redes'),
  personRow(1, 'Rosa Ñahui'),
  personRow(2, 'Luis Pérez'),
  personRow(9, 'Ana Ramos'),
  personRow(10, 'Beto Rojas'),
  membershipRow(1, 1, 9),
  membershipRow(2, 2, 10),
];

/** A profile's two files with a writer and a reader on them; `fill` is its first fill. */
export function profileWith(fill: readonly StoreRow[], options: { readonly endFill: boolean } = { endFill: true }) {
  const dir = freshDir();
  const paths = { cachePath: join(dir, 'cache.db'), outboxPath: join(dir, 'outbox.db') };
  const openedCache = openCacheFile(paths.cachePath);
  const openedOutbox = openOutboxFile(paths.outboxPath, 0);
  if (!openedCache.ok || !openedOutbox.ok) throw new Error('cannot open');
  const cache = openedCache.value.port;
  const outbox = createOutbox(openedOutbox.value.db);
  outbox.setIdentity(identity);
  const write = (work: (tx: CacheTx) => void) => {
    const done = cache.transaction(work);
    if (!done.ok) throw new Error(done.error.code);
  };
  write((tx) => {
    tx.beginFill();
    tx.upsert([...places, ...fill]);
  });
  const endFill = () => {
    write((tx) => tx.endFill());
    outbox.setSeenBaseline(cache.latestRecordedAt() ?? 0);
  };
  if (options.endFill) endFill();
  const readerOptions = {
    ...paths,
    actor: me,
    rules: { namesMentioned, itemState, pendingMark },
  };
  const reader = createReader(readerOptions);
  return {
    cache,
    outbox,
    write,
    endFill,
    upsert: (...rows: StoreRow[]) => write((tx) => tx.upsert(rows)),
    open: () => openReader(readerOptions),
    /** An answer, checked by the contract's schema. */
    ask<M extends QueryMethod>(method: M, params: ConsoleParams<M>): ConsoleResult<M> {
      // Parsed by the schema of this method.
      return consoleMethods[method].result.parse(reader.answer(method, params)) as ConsoleResult<M>;
    },
  };
}
/** Numbers at the end of the ids of a window. */
export const numbersOf = (result: ConsoleResult<'queue.window'>): number[] =>
  result.rows.map(({ id }) => Number.parseInt(id.slice(-12), 16));
