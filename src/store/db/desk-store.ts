import type { ClientBase, PoolClient } from 'pg';
import { err, ok, type Result } from '../../shared/result.ts';
import { LOG_START, type LogPlace } from '../changes/change-reads.ts';
import type { OwnCommits } from '../changes/own-commits.ts';
import type { DeskStore, DeskTransaction, TransactFailure } from '../commands/desk-port.ts';
import { markOf, type SealingDesk } from '../epoch/seal.ts';
import { addedAttachments, waitingAttachments } from './attachment-rows.ts';
import { changedKeys } from './changed-keys.ts';
import { isConflict } from './conflicts.ts';
import { deskRow, logHashAt } from './desk-head.ts';
import {
  lockChains,
  lockNumber,
  lockTickets,
  ownDevices,
  problemIds,
  storedCommands,
  takenNumbers,
} from './desk-reads.ts';
import { writeDesk } from './desk-writes.ts';
import { loadDirectory } from './directory-rows.ts';
import { named } from './named.ts';
import { lockOrphans } from './orphan-rows.ts';
import type { Database } from './pool.ts';
import { inEndingTransaction } from './transaction.ts';

const transactionOn = (
  client: PoolClient,
  begun: Promise<unknown>,
  commit: () => void,
  deskId: string,
): DeskTransaction => ({
  async desk() {
    const { settings, epoch, sealKey, restoredAt } = await deskRow(client, deskId);
    return { settings, epoch, sealKey, restoredAt };
  },
  hashAt: (seq) => logHashAt(client, deskId, seq),
  async ownDevices(accountId, ids) {
    const [own] = await Promise.all([ownDevices(client, deskId, accountId, ids), begun]);
    return own;
  },
  async lockChains(keys) {
    const [heads] = await Promise.all([lockChains(client, deskId, keys), begun]);
    return heads;
  },
  storedCommands: (ids) => storedCommands(client, deskId, ids),
  lockOrphans: (ticketIds) => lockOrphans(client, deskId, ticketIds),
  async lockTickets(ids) {
    const [tickets] = await Promise.all([lockTickets(client, deskId, ids), begun]);
    return tickets;
  },
  loadDirectory: (ids) => loadDirectory(client, deskId, ids),
  problemIds: (ids) => problemIds(client, deskId, ids),
  lockNumber: (year) => lockNumber(client, deskId, 'ticket', year),
  takenNumbers: (numbers) => takenNumbers(client, deskId, numbers),
  waitingAttachments: (ticketIds) => waitingAttachments(client, deskId, ticketIds),
  addedAttachments: (files) => addedAttachments(client, deskId, files),
  async write(writes) {
    const written = writeDesk(client, deskId, writes);
    commit();
    await written;
  },
});

type Place = LogPlace & SealingDesk;

async function deskEnd(db: Pick<ClientBase, 'query'>, deskId: string): Promise<Place> {
  const { rows } = await db.query<Place>(
    named(
      `select d.epoch, d.seal_key as "sealKey", coalesce(l.seq, 0) as seq, coalesce(l.hash, $2) as hash
     from desks d left join lateral (select seq, hash from change_log where desk_id = d.id order by seq desc limit 1) l on true
     where d.id = $1`,
      [deskId, LOG_START],
    ),
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no desk ${deskId}`);
  return row;
}

/** Where the log ends, and whom of this process' listeners what is new concerns: they are told of it sooner than the notice comes. */
async function endAndNews(client: PoolClient, deskId: string, sessionId: string, news?: OwnCommits): Promise<Place> {
  const told = news?.of(deskId, sessionId, client) ?? null;
  try {
    const [place, changes] = await Promise.all([
      deskEnd(client, deskId),
      told === null ? [] : changedKeys(client, deskId, told),
    ]);
    told?.tell({ deskId, epoch: place.epoch, head: place.seq, hash: place.hash }, changes);
    return place;
  } catch (error) {
    told?.lost();
    throw error;
  }
}

/** A conflict as a value; everything else goes through. */
async function unlessConflict<T>(work: Promise<T>): Promise<Result<T, TransactFailure>> {
  try {
    return ok(await work);
  } catch (error) {
    if (isConflict(error)) return err('conflict');
    throw error;
  }
}

/**
 * The port of command processing on PostgreSQL. READ COMMITTED: a statement after a lock sees what its holder committed. The
 * change log requires it. `news`: the listeners of this process, where it has any.
 */
export const createDeskStore = (db: Database, news?: OwnCommits): DeskStore => ({
  mark: async (deskId) => {
    const place = await deskEnd(db.pool, deskId);
    return markOf(place, place);
  },
  async openEpoch(deskId, { from, to, at }) {
    const { rowCount } = await db.pool.query(
      'update desks set epoch = $3, restored_at = $4 where id = $1 and epoch = $2',
      [deskId, from, to, at],
    );
    return rowCount === 1;
  },
  async transact(deskId, work) {
    const done = await unlessConflict(
      inEndingTransaction(
        db,
        (client, begun, commit) => work(transactionOn(client, begun, commit, deskId)),
        async () => null,
      ),
    );
    return done.ok ? ok(done.value.value) : done;
  },
  async transactMarked(deskId, sessionId, work) {
    const done = await unlessConflict(
      inEndingTransaction(
        db,
        (client, begun, commit) => work(transactionOn(client, begun, commit, deskId)),
        (client) => endAndNews(client, deskId, sessionId, news),
      ),
    );
    if (!done.ok) return done;
    const { value, behind } = done.value;
    return ok({ value, mark: markOf(behind, behind) });
  },
});
