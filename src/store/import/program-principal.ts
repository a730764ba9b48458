import { randomBytes } from 'node:crypto';
import type { DirectoryRows } from '../../domain/directory.ts';
import { assert } from '../../shared/assert.ts';
import { createAccount } from '../admin/accounts.ts';
import { putDirectory } from '../admin/desks.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { Principal } from '../auth/principal.ts';
import { registerDevice } from '../auth/register-device.ts';
import type { Database } from '../db/pool.ts';
import { inTransaction } from '../db/transaction.ts';

export interface ProgramSpec {
  readonly deskId: string;
  /** Account name: one of the whole store. */
  readonly user: string;
  readonly name: string;
  readonly accountId: string;
  readonly personId: string;
  readonly deviceId: string;
  readonly now: number;
}

/**
 * A program that writes on behalf of people: a service account whose password nobody knows, so that no sign-in is possible,
 * with the right to act for others. Running it again finds what it made.
 */
export async function ensureProgram(
  deps: { db: Database; passwords: Passwords },
  spec: ProgramSpec,
): Promise<Principal> {
  const { deskId, accountId, personId, deviceId, now } = spec;
  const person: DirectoryRows['person'] = {
    id: personId,
    version: 1,
    active: true,
    name: spec.name,
    email: null,
    extension: null,
    jobTitle: null,
    orgUnitId: null,
    siteId: null,
    seniorManagement: false,
    agent: false,
  };
  await putDirectory(deps.db, deskId, { person: [person] });
  const password = randomBytes(32).toString('base64url');
  const made = await createAccount(deps, {
    deskId,
    id: accountId,
    user: spec.user,
    password,
    personId,
    role: 'service',
    mustChangePassword: false,
    actOnBehalf: true,
    everything: true,
    now,
  });
  assert(made.ok || made.error === 'userTaken', 'a command line waits behind no other sign-in');
  await inTransaction(deps.db, (client) =>
    registerDevice(client, { deskId, accountId, id: deviceId, name: spec.name, now, newId: () => deviceId }),
  );
  return {
    deskId,
    accountId,
    sessionId: deviceId,
    deviceId,
    personId,
    role: 'service',
    actOnBehalf: true,
    grant: { personId, everything: true, siteIds: [], teamIds: [] },
    teams: [],
    revoked: false,
    scopeVersion: 'program',
  };
}
