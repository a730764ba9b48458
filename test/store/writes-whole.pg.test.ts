import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesk } from '../../src/store/admin/desks.ts';
import type { DeskWrites } from '../../src/store/commands/desk-port.ts';
import { createDeskStore } from '../../src/store/db/desk-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const nothing: DeskWrites = {
  commands: [],
  inserted: [],
  updated: [],
  entries: [],
  chains: [],
  numbers: new Map(),
  orphans: [],
  carried: [],
  recordedAt: 1,
};

it('SY1 SY3 writes of which a part cannot be said to the database leave nothing, though the commit follows without waiting for them', async () => {
  const { db } = database;
  const deskId = v7();
  await createDesk(db, { id: deskId, name: 'Mesa', epoch: v7(), now: 1 });
  const desks = createDeskStore(db);
  const number = async (writes: DeskWrites) =>
    desks.transact(deskId, async (tx) => {
      const last = await tx.lockNumber(2026);
      await tx.write(writes);
      return last;
    });
  const unsaid: DeskWrites = {
    ...nothing,
    numbers: new Map([[2026, 9]]),
    get orphans(): never {
      throw new Error('unsaid');
    },
  };
  await expect(number(unsaid)).rejects.toThrow('unsaid');
  expect(await number({ ...nothing, numbers: new Map([[2026, 4]]) })).toEqual({ ok: true, value: 0 });
  expect(await number(nothing)).toEqual({ ok: true, value: 4 });
});
