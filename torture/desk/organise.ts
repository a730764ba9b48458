import { v7 } from 'uuid';
import { type Account, accounts, directory } from '../../simulator/world/organisation.ts';
import { createAccount } from '../../src/store/admin/accounts.ts';
import { createDesk, putDirectory } from '../../src/store/admin/desks.ts';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { migrateDatabase } from '../../src/store/db/migrate.ts';
import { openDatabase } from '../../src/store/db/pool.ts';

export const PASSWORD = 'correcto caballo grapa';
export const DESK_NAME = 'Tortura';

/** Whose console each is: seven accounts, and one of the technicians on a second machine. */
export const users: readonly string[] = [...accounts.map(({ user }) => user), 'ana'];

const besides = (account: Account) => ({
  ...(account.everything ? { everything: true } : {}),
  siteIds: account.sites,
});

/** The organisation of the simulator on a real database. @returns id of the desk */
export async function organise(url: string): Promise<string> {
  const db = openDatabase({ url, maxConnections: 2, onIdleError: () => undefined });
  try {
    await migrateDatabase(db);
    const deskId = v7();
    await createDesk(db, { id: deskId, name: DESK_NAME, epoch: v7(), now: Date.now(), settings: {} });
    await putDirectory(db, deskId, directory);
    const passwords = createPasswords();
    for (const account of accounts) {
      const made = await createAccount(
        { db, passwords },
        {
          deskId,
          id: account.accountId,
          user: account.user,
          password: PASSWORD,
          personId: account.personId,
          role: account.role,
          mustChangePassword: false,
          now: Date.now(),
          ...besides(account),
        },
      );
      if (!made.ok) throw new Error(`${account.user}: ${made.error}`);
    }
    return deskId;
  } finally {
    await db.close();
  }
}
