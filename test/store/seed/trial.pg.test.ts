import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { createPasswords } from '../../../src/store/auth/passwords.ts';
import { seedTrial, trialDefaults } from '../../../src/store/seed/trial.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
const seed = () =>
  seedTrial(
    { db: database.db, passwords: createPasswords(), now: Date.now, onProgress: () => undefined },
    trialDefaults,
  );
const count = async (text: string): Promise<number> => {
  const { rows } = await database.db.pool.query<{ n: number }>(`select count(*)::int as n from ${text}`);
  return rows[0]?.n ?? -1;
};

describe('the trial’s organisation', () => {
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('R2 R4 R13 R19 has headquarters, an office in each of 25 departments, three tiers, and who must come first', async () => {
    const seeded = await seed();
    if (!seeded.ok) throw new Error(seeded.error);
    const { accounts, people, tickets, refused, deskId } = seeded.value;
    expect({ tickets, refused }).toEqual({ tickets: 600, refused: 0 });
    expect(people).toBeGreaterThan(280);
    expect(new Set(accounts.filter((one) => one.role === 'technician').map((one) => one.tier))).toEqual(
      new Set([1, 2, 3]),
    );
    expect(accounts.filter((one) => one.role === 'technician')).toHaveLength(24);
    expect(accounts.filter((one) => one.role === 'supervisor')).toHaveLength(3);
    expect(await count(`sites where (doc::jsonb ->> 'code') not in ('SC', 'CAC')`)).toBe(25);
    expect(await count(`people where (doc::jsonb ->> 'seniorManagement')::boolean`)).toBeGreaterThan(3);
    expect(await count(`tickets where doc like '%"kind":"citizenService"%'`)).toBeGreaterThan(10);
    expect(await count(`tickets where doc like '%"kind":"seniorManagement"%'`)).toBeGreaterThan(3);
    expect((await verifyDesk(database.db, deskId, 'trial')).faults).toEqual([]);
  });

  it('SY2 seeding again changes nothing', async () => {
    const before = [await count('change_log'), await count('entries'), await count('accounts')];
    expect((await seed()).ok).toBe(true);
    expect([await count('change_log'), await count('entries'), await count('accounts')]).toEqual(before);
  });
});
