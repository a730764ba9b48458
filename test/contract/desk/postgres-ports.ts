import { afterAll } from 'vitest';
import type { DirectoryChange } from '../../../simulator/desk/commit.ts';
import { setGrants } from '../../../src/store/admin/accounts.ts';
import { createDesk } from '../../../src/store/admin/desks.ts';
import { loadSession, principalOf } from '../../../src/store/auth/load-principal.ts';
import { createChangeStore } from '../../../src/store/db/change-store.ts';
import { createDeskStore } from '../../../src/store/db/desk-store.ts';
import { putDirectoryRows } from '../../../src/store/db/directory-rows.ts';
import type { Database } from '../../../src/store/db/pool.ts';
import { inTransaction } from '../../../src/store/db/transaction.ts';
import { createTestDatabase, emptyDatabase, type TestDatabase } from '../../support/postgres.ts';
import type { DeskPorts, OpenPorts } from './rig.ts';
import { accounts, type ContractAccount, DESK, directory, EPOCH, SEAL_KEY, START, settings } from './world.ts';

/** Rows as the sign-in would leave them, with no token that opens anything. The session has the id of its device. */
async function putAccount(db: Database, account: ContractAccount, at: number): Promise<void> {
  await db.pool.query(
    `insert into accounts (desk_id, id, user_name, person_id, role, password_hash, must_change_password, act_on_behalf, created_at)
     values ($1, $2, $3, $4, $5, '', false, false, $6)`,
    [DESK, account.accountId, account.name, account.personId, account.role, START],
  );
  await db.pool.query(
    `insert into devices (desk_id, id, account_id, name, prefix, created_at, last_seen_at) values ($1, $2, $3, '', $4, $5, $5)`,
    [DESK, account.deviceId, account.accountId, `K${at}`, START],
  );
  await db.pool.query(
    `insert into sessions (desk_id, id, account_id, device_id, refresh_hash, access_hash, access_expires_at, created_at, last_used_at)
     values ($1, $2, $3, $2, '', '', 0, $4, $4)`,
    [DESK, account.deviceId, account.accountId, START],
  );
  await setGrants(db, DESK, account.accountId, { siteIds: account.siteIds });
}

const putDirectory = (db: Database, changes: readonly DirectoryChange[]): Promise<void> =>
  inTransaction(db, async (client) => {
    for (const { entity, row } of changes) await putDirectoryRows(client, DESK, entity, [row]);
  });

/** The contract's world on the real PostgreSQL, in a database without a row. */
async function worldIn(db: Database): Promise<DeskPorts> {
  await createDesk(db, { id: DESK, name: 'Mesa', epoch: EPOCH, now: START, settings });
  await db.pool.query('update desks set seal_key = $2 where id = $1', [DESK, SEAL_KEY]);
  for (const changes of directory) await putDirectory(db, changes);
  for (const [at, account] of Object.values(accounts).entries()) await putAccount(db, account, at);
  return {
    desks: createDeskStore(db),
    changes: createChangeStore(db),
    putDirectory: (changes) => putDirectory(db, changes),
    setGrants: (who, granted) => setGrants(db, DESK, accounts[who].accountId, granted),
    async revokeDevice(deviceId, at) {
      await db.pool.query('update devices set revoked_at = $3 where desk_id = $1 and id = $2', [DESK, deviceId, at]);
    },
    async principal(who) {
      const session = await loadSession(db.pool, accounts[who].deviceId);
      if (session === null) throw new Error(`no session of ${who}`);
      return principalOf(accounts[who].deviceId, session);
    },
    close: async () => undefined,
  };
}

/**
 * For a file of tests, each of which opens the ports once: the world is made anew each time, in one database that is emptied in
 * between. A database of its own for each would be most of what these tests cost.
 */
export function postgresPorts(): OpenPorts {
  let database: TestDatabase | null = null;
  afterAll(() => database?.drop());
  return async () => {
    if (database === null) database = await createTestDatabase(24);
    else await emptyDatabase(database.db);
    return worldIn(database.db);
  };
}
