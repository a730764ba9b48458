import type { PoolClient } from 'pg';
import { err, ok } from '../../shared/result.ts';
import type { DeskStore, DeskTransaction } from '../commands/desk-port.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { isConflict } from './conflicts.ts';
import { lockChains, lockNumber, lockTickets, ownDevices, problemIds, storedCommands } from './desk-reads.ts';
import { writeDesk } from './desk-writes.ts';
import { loadDirectory } from './directory-rows.ts';
import type { Database } from './pool.ts';
import { inEagerTransaction } from './transaction.ts';

const transactionOn = (client: PoolClient, begun: Promise<unknown>, deskId: string): DeskTransaction => ({
  settings: async () => {
    const { rows } = await client.query<{ settings: string }>('select settings from desks where id = $1', [deskId]);
    return parseDeskSettings(rows[0]?.settings ?? '{}');
  },
  async ownDevices(accountId, ids) {
    const [own] = await Promise.all([ownDevices(client, deskId, accountId, ids), begun]);
    return own;
  },
  async lockChains(keys) {
    const [heads] = await Promise.all([lockChains(client, deskId, keys), begun]);
    return heads;
  },
  storedCommands: (ids) => storedCommands(client, deskId, ids),
  lockTickets: (ids) => lockTickets(client, deskId, ids),
  loadDirectory: (ids) => loadDirectory(client, deskId, ids),
  problemIds: (ids) => problemIds(client, deskId, ids),
  lockNumber: (year) => lockNumber(client, deskId, 'ticket', year),
  write: (writes) => writeDesk(client, deskId, writes),
});

/** Place of the last change of a desk; 0 before the first. */
export async function deskHead(db: Pick<Database, 'pool'>, deskId: string): Promise<number> {
  const { rows } = await db.pool.query<{ head: number }>(
    'select coalesce(max(seq), 0) as head from change_log where desk_id = $1',
    [deskId],
  );
  return rows[0]?.head ?? 0;
}

/** The port of command processing on PostgreSQL. */
export const createDeskStore = (db: Database): DeskStore => ({
  head: (deskId) => deskHead(db, deskId),
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
