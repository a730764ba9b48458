import { createDesk, putDirectory } from '../../src/store/admin/desks.ts';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { lockChains, lockNumber } from '../../src/store/db/desk-reads.ts';
import { writeDesk } from '../../src/store/db/desk-writes.ts';
import type { Database } from '../../src/store/db/pool.ts';
import { inTransaction } from '../../src/store/db/transaction.ts';
import { ensureProgram } from '../../src/store/import/program-principal.ts';
import { type GeneratedShape, generatedBatches, generatedOrganisation } from './generated-desk.ts';

export interface LoadedDesk {
  readonly deskId: string;
  /** Somebody of the directory to make accounts for. */
  readonly personId: string;
  readonly tickets: number;
  readonly entries: number;
}

/**
 * Makes the desk of a shape in an empty store. Every row is written by the product's own statements and triggers, one
 * transaction a batch; only what they read is known beforehand, and the next batch is decided while one is written. Closed
 * tickets stay with the consoles for ever.
 */
export async function loadGenerated(db: Database, shape: GeneratedShape): Promise<LoadedDesk> {
  const { deskId, epoch, incarnation, program, org } = generatedOrganisation(shape.seed);
  await createDesk(db, {
    id: deskId,
    name: 'Mesa generada',
    epoch,
    now: program.now,
    settings: { closedWindowDays: null },
  });
  await putDirectory(db, deskId, {
    site: org.sites,
    orgUnit: org.orgUnits,
    service: org.services,
    team: org.teams,
    person: org.people,
    membership: org.memberships,
    asset: org.assets,
  });
  await ensureProgram({ db, passwords: createPasswords() }, program);
  let tickets = 0;
  let entries = 0;
  let writing: Promise<unknown> = Promise.resolve();
  for await (const writes of generatedBatches(shape)) {
    await writing;
    tickets += writes.inserted.length;
    entries += writes.entries.length;
    writing = inTransaction(db, async (client) => {
      await lockChains(client, deskId, [{ deviceId: program.deviceId, incarnation }]);
      for (const year of writes.numbers.keys()) await lockNumber(client, deskId, 'ticket', year);
      await writeDesk(client, deskId, writes);
    });
    // Awaited at the next batch, or below; until then its failure must not end the process.
    writing.catch(() => undefined);
  }
  await writing;
  await db.pool.query('analyze');
  return { deskId, personId: org.people[0]?.id ?? '', tickets, entries };
}
