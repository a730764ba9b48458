import { and, asc, eq, sql } from 'drizzle-orm';
import type { Role } from '../../domain/vocabulary.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { Database } from '../db/pool.ts';
import { accounts, devices, grants, sessions } from '../db/schema/accounts.ts';

export interface NewAccount {
  readonly deskId: string;
  readonly id: string;
  readonly user: string;
  readonly password: string;
  readonly personId: string;
  readonly role: Role;
  readonly mustChangePassword: boolean;
  /** For programs that import: they name other people as authors. */
  readonly actOnBehalf?: boolean;
  readonly everything?: boolean;
  /** Sites and teams beyond the person's own teams. */
  readonly siteIds?: readonly string[];
  readonly teamIds?: readonly string[];
  readonly now: number;
}
export interface GrantInput {
  readonly everything?: boolean;
  readonly siteIds?: readonly string[];
  readonly teamIds?: readonly string[];
}

/** Replaces what an account may see beyond its person's teams. Its consoles refill at their next contact (SY7). */
export async function setGrants(
  db: Pick<Database, 'orm'>,
  deskId: string,
  accountId: string,
  input: GrantInput,
): Promise<void> {
  const row = (kind: 'site' | 'team' | 'everything') => (targetId: string) => ({ deskId, accountId, kind, targetId });
  const rows = [
    ...(input.siteIds ?? []).map(row('site')),
    ...(input.teamIds ?? []).map(row('team')),
    ...(input.everything ? [row('everything')(deskId)] : []),
  ];
  await db.orm.transaction(async (tx) => {
    await tx.delete(grants).where(and(eq(grants.deskId, deskId), eq(grants.accountId, accountId)));
    if (rows.length > 0) await tx.insert(grants).values(rows);
  });
}

/** Makes an account with its grants. `userTaken`: the name is in use, on whatever desk. */
export async function createAccount(
  deps: { db: Database; passwords: Passwords },
  account: NewAccount,
): Promise<Result<null, 'userTaken' | 'busy'>> {
  const passwordHash = await deps.passwords.hash(account.password);
  if (passwordHash === null) return err('busy');
  const inserted = await deps.db.orm
    .insert(accounts)
    .values({
      deskId: account.deskId,
      id: account.id,
      userName: account.user.normalize('NFC').trim().toLowerCase(),
      personId: account.personId,
      role: account.role,
      passwordHash,
      mustChangePassword: account.mustChangePassword,
      actOnBehalf: account.actOnBehalf ?? false,
      createdAt: account.now,
    })
    .onConflictDoNothing()
    .returning({ id: accounts.id });
  if (inserted.length === 0) return err('userTaken');
  await setGrants(deps.db, account.deskId, account.id, account);
  return ok(null);
}

export const listAccounts = (db: Database) =>
  db.orm
    .select({
      deskId: accounts.deskId,
      id: accounts.id,
      user: accounts.userName,
      role: accounts.role,
      revokedAt: accounts.revokedAt,
    })
    .from(accounts)
    .orderBy(asc(accounts.userName));

export type DeviceRow = typeof devices.$inferSelect;
export const listDevices = (db: Database, accountId: string) =>
  db.orm.select().from(devices).where(eq(devices.accountId, accountId)).orderBy(asc(devices.prefix));

/** Sets a password that its owner must change, and ends every session of the account. False: no such user. */
export async function resetPassword(
  deps: { db: Database; passwords: Passwords; now: () => number },
  user: string,
  password: string,
): Promise<Result<null, 'userUnknown' | 'busy'>> {
  const passwordHash = await deps.passwords.hash(password);
  if (passwordHash === null) return err('busy');
  const [account] = await deps.db.orm
    .update(accounts)
    .set({ passwordHash, mustChangePassword: true })
    .where(eq(accounts.userName, user.toLowerCase()))
    .returning({ id: accounts.id });
  if (account === undefined) return err('userUnknown');
  await deps.db.orm.update(sessions).set({ revokedAt: deps.now() }).where(eq(sessions.accountId, account.id));
  return ok(null);
}

/** From now on the device may only hand in what it wrote, for a supervisor to judge. False: no such device. */
export async function revokeDevice(db: Database, deviceId: string, now: number): Promise<boolean> {
  const rows = await db.orm
    .update(devices)
    .set({ revokedAt: now })
    .where(eq(devices.id, deviceId))
    .returning({ id: devices.id });
  return rows.length > 0;
}

/**
 * A revoked device says that its files are gone: how many commands it handed in, and how many it could not. Said again, the first
 * time stays.
 */
export async function recordWipe(
  db: Pick<Database, 'orm'>,
  device: { readonly deskId: string; readonly deviceId: string },
  report: { readonly handedIn: number; readonly left: number; readonly now: number },
): Promise<void> {
  await db.orm
    .update(devices)
    .set({
      wipedAt: sql`coalesce(${devices.wipedAt}, ${report.now})`,
      handedIn: report.handedIn,
      leftBehind: report.left,
    })
    .where(and(eq(devices.deskId, device.deskId), eq(devices.id, device.deviceId)));
}

/** The same for every device of an account; it cannot sign in again. False: no such user. */
export async function revokeAccount(db: Database, user: string, now: number): Promise<boolean> {
  const rows = await db.orm
    .update(accounts)
    .set({ revokedAt: now })
    .where(eq(accounts.userName, user.toLowerCase()))
    .returning({ id: accounts.id });
  return rows.length > 0;
}
