import type { PoolClient } from 'pg';
import { err, ok } from '../../shared/result.ts';
import { LOG_START, type LogPlace } from '../changes/change-reads.ts';
import type { DeskStore, DeskTransaction } from '../commands/desk-port.ts';
import { markOf, type SealingDesk } from '../epoch/seal.ts';
import { waitingAttachments } from './attachment-rows.ts';
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
import { inEagerTransaction } from './transaction.ts';

const transactionOn = (client: PoolClient, begun: Promise<unknown>, deskId: string): DeskTransaction => ({
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
  write: (writes) => writeDesk(client, deskId, writes),
});

/** The port of command processing on PostgreSQL. */
export const createDeskStore = (db: Database): DeskStore => ({
  async mark(deskId) {
    const { rows } = await db.pool.query<LogPlace & SealingDesk>(
      named(
        `select d.epoch, d.seal_key as "sealKey", coalesce(l.seq, 0) as seq, coalesce(l.hash, $2) as hash
       from desks d left join lateral (select seq, hash from change_log where desk_id = d.id order by seq desc limit 1) l on true
       where d.id = $1`,
        [deskId, LOG_START],
      ),
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`there is no desk ${deskId}`);
    return markOf(row, row);
  },
  async openEpoch(deskId, { from, to, at }) {
    const { rowCount } = await db.pool.query(
      'update desks set epoch = $3, restored_at = $4 where id = $1 and epoch = $2',
      [deskId, from, to, at],
    );
    return rowCount === 1;
  },
  async transact(deskId, work) {
    try {
      // READ COMMITTED: a statement after a lock sees what its holder committed. The change log requires it.
      return ok(await inEagerTransaction(db, (client, begun) => work(transactionOn(client, begun, deskId))));
    } catch (error) {
      if (isConflict(error)) return err('conflict');
      throw error;
    }
  },
});
