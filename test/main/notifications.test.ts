import { expect, test, vi } from 'vitest';
import { defaultDeskSettings } from '../../src/domain/desk-settings.ts';
import { type Announcement, createAnnouncer } from '../../src/main/notifications.ts';
import { createDirectClient } from '../../src/protocol/console/port-client.ts';
import type { QueueRow } from '../../src/protocol/console/rows.ts';
import { ok } from '../../src/shared/result.ts';
import { type Call, createFakeTarget } from '../contract/fake-target.ts';

const uuid = (n: number) => `0199a5b2-7c11-7d3e-8a54-${String(n).padStart(12, '0')}`;
const row = (n: number, over: Partial<QueueRow> = {}): QueueRow => ({
  id: uuid(n),
  number: `MDS-2026-${String(n).padStart(6, '0')}`,
  provisionalCode: `P-${n}`,
  subject: `Asunto ${n}`,
  kind: 'incident',
  requesterName: 'Ana',
  orgUnitName: null,
  siteId: uuid(900),
  siteName: 'Lima',
  priority: { level: 'medium', reasons: [] },
  status: 'assigned',
  pendingReason: null,
  tier: 1,
  teamId: uuid(901),
  teamName: 'Mesa',
  assigneeId: uuid(902),
  assigneeName: 'Yo',
  awaitsAcceptance: false,
  registeredAt: 1,
  updatedAt: 1,
  unread: true,
  pendingActs: 0,
  refusedActs: 0,
  ...over,
});
const person = (n: number) => ({
  deskId: uuid(1),
  deskName: 'Mesa',
  accountId: uuid(n),
  user: 'yo',
  personId: uuid(n),
  personName: 'Yo',
  role: 'technician',
  deviceId: uuid(2),
  devicePrefix: 'A1',
  teams: [],
  siteId: null,
  siteName: null,
});

function rig() {
  const queues: { mine: QueueRow[]; toAccept: QueueRow[] } = { mine: [], toAccept: [] };
  const state: { personId: number | null } = { personId: 902 };
  const answer = async (call: Call) => {
    if (call.method === 'session.get') {
      const session = state.personId === null ? null : { ...person(state.personId), ...sessionRest };
      return ok({ session, needsPassword: false, profiles: [], storeUrl: 'http://x' });
    }
    const { view } = call.params as { view: 'mine' | 'toAccept' };
    return ok({ rows: queues[view], total: queues[view].length, revision: 1 });
  };
  const fake = createFakeTarget(answer);
  const said: Announcement[] = [];
  const bugs = vi.fn();
  createAnnouncer(createDirectClient(fake.target, bugs), (announcement) => said.push(announcement));
  /** News, and the look that follows them. */
  const news = async (view: 'queue' | 'session' = 'queue') => {
    const before = fake.calls.length;
    fake.tell({ view, revision: 1, count: 1, ticketId: null });
    await vi.waitFor(() => expect(fake.calls.length).toBeGreaterThan(before));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bugs.mock.calls).toEqual([]);
  };
  return { queues, state, said, news };
}
const sessionRest = {
  grant: { personId: uuid(902), everything: false, siteIds: [], teamIds: [] },
  scopeVersion: '1',
  settings: defaultDeskSettings,
  offlineDays: 30,
  mustChangePassword: false,
};

test('what somebody else assigns or escalates to me is announced once', async () => {
  const { queues, said, news } = rig();
  queues.mine = [row(1)];
  await news('session');
  expect(said).toEqual([]); // the first look only remembers
  queues.mine = [row(2), row(1)];
  queues.toAccept = [row(3, { awaitsAcceptance: true, number: null })];
  await news();
  expect(said).toEqual([
    { kind: 'escalated', ticketId: uuid(3), code: 'P-3', subject: 'Asunto 3' },
    { kind: 'assigned', ticketId: uuid(2), code: 'MDS-2026-000002', subject: 'Asunto 2' },
  ]);
  await news();
  expect(said).toHaveLength(2);
});

test('my own acts are not announced, nor one ticket twice', async () => {
  const { queues, said, news } = rig();
  await news('session');
  const escalated = row(4, { awaitsAcceptance: true });
  queues.mine = [row(5, { unread: false }), escalated];
  queues.toAccept = [escalated];
  await news();
  expect(said.map((each) => each.kind)).toEqual(['escalated']);
});

test('another person at this console starts anew; nobody signed in hears nothing', async () => {
  const { queues, said, state, news } = rig();
  await news('session');
  state.personId = null;
  queues.mine = [row(6)];
  await news();
  state.personId = 903;
  await news();
  expect(said).toEqual([]);
  queues.mine = [row(7), row(6)];
  await news();
  expect(said.map((each) => each.ticketId)).toEqual([uuid(7)]);
});

test('a day away is not a hundred notifications', async () => {
  const { queues, said, news } = rig();
  await news('session');
  queues.mine = Array.from({ length: 40 }, (_, n) => row(n + 10));
  await news();
  expect(said).toHaveLength(5);
});
