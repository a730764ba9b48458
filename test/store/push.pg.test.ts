import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

const count = async (table: string, column: string, id: string): Promise<number> => {
  const { rows } = await store.db.pool.query<{ count: number }>(`select count(*) from ${table} where ${column} = $1`, [
    id,
  ]);
  return rows[0]?.count ?? -1;
};

describe('push', () => {
  it('registers a ticket with an official number and gives it back on a pull', async () => {
    const ana = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    const pushed = await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    const outcome = pushed.results[0]?.outcome;
    expect(outcome?.verdict).toEqual({ kind: 'applied' });
    expect(outcome?.number).toMatch(/^MDS-\d{4}-\d{6}$/);
    expect(outcome?.ticketVersion).toBe(1);
    const lines = await ana.pull(0);
    const row = lines.find((line) => line.e === 'ticket' && line.row?.['id'] === ticketId)?.row;
    expect(row?.['number']).toBe(outcome?.number);
    expect(lines.at(-1)).toMatchObject({ t: 'end', cursor: pushed.head, more: false });
  });
});
