import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ticket } from '../../src/domain/ticket.ts';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
let other: DeviceClient;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  ana = await store.signIn(desk.accounts.ana);
  other = await store.signIn(desk.accounts.ana);
});
afterAll(() => store.close());

const ticketOf = async (id: string): Promise<Ticket | null> => {
  const { rows } = await store.db.pool.query<{ doc: string }>('select doc from tickets where id = $1', [id]);
  return rows[0] === undefined ? null : (JSON.parse(rows[0].doc) as Ticket);
};
async function registered(client: DeviceClient, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => v7());
  await client.push(...ids.map((id) => client.command('register', id, registerPayload(desk))));
  return ids;
}
const merge = (client: DeviceClient, id: string, intoTicketId: string) => client.command('merge', id, { intoTicketId });

describe('merge and split at the store', () => {
  it('SY3 merges that cross, from two consoles at the same moment, leave one of them and no cycle', async () => {
    for (let round = 0; round < 10; round++) {
      const [a = '', b = ''] = await registered(ana, 2);
      const pushed = await Promise.all([ana.push(merge(ana, a, b)), other.push(merge(other, b, a))]);
      const kinds = pushed.map(({ results }) => results[0]?.outcome.verdict.kind);
      expect(kinds.toSorted()).toEqual(['applied', 'refused']);
      const refused = pushed[kinds.indexOf('refused')]?.results[0]?.outcome.verdict;
      expect(refused).toMatchObject({ refusal: { code: 'mergeTargetMerged' } });
      const merged = [await ticketOf(a), await ticketOf(b)].filter((ticket) => (ticket?.mergedInto ?? null) !== null);
      expect(merged).toHaveLength(1);
    }
  });

  it('SY3 a ring of merges in one batch stays open', async () => {
    const [a = '', b = '', c = ''] = await registered(ana, 3);
    const { results } = await ana.push(merge(ana, a, b), merge(ana, b, c), merge(ana, c, a));
    expect(results.map(({ outcome }) => outcome.verdict.kind)).toEqual(['applied', 'applied', 'refused']);
  });

  it('SY6 a split, what is written on the part, and a merge back travel in one batch; the part has a number of its own', async () => {
    const [origin = ''] = await registered(ana, 1);
    const part = v7();
    const { teamId: _team, initialTier: _tier, ...fields } = registerPayload(desk);
    const { results } = await ana.push(
      ana.command('split', part, {
        ...fields,
        fromTicketId: origin,
        quotes: [{ entryId: 'x-0', text: 'La impresora también' }],
      }),
      ana.command('addNote', part, { visibility: 'internal', text: 'Es otra cosa' }),
      merge(ana, part, origin),
      ana.command('unmerge', part, { fromTicketId: origin, reason: 'No, eran dos' }),
      ana.command('undoSplit', part, { reason: 'Sí era lo mismo' }),
    );
    expect(results.map(({ outcome }) => outcome.verdict.kind)).toEqual(Array(5).fill('applied'));
    expect(results[0]?.outcome.number).toMatch(/^MDS-\d{4}-\d{6}$/);
    expect(await ticketOf(part)).toMatchObject({
      splitFrom: origin,
      splitUndone: true,
      noteCount: 1,
      mergedInto: null,
    });
    expect((await ticketOf(origin))?.version).toBe(1);
  });

  it('what is stored folds to what stands there', async () => {
    expect(await verifyDesk(store.db, desk.deskId, 'x')).toMatchObject({ faults: [] });
  });
});
