import { describe, expect, test } from 'vitest';
import type { Handover, Ticket } from '../../src/domain/ticket.ts';
import { queueFilter } from '../../src/platform-node/queries/queue-filter.ts';
import { totalSql } from '../../src/platform-node/queries/queue-totals.ts';
import { windowSql } from '../../src/platform-node/queries/queue-window.ts';
import { queueSorts, queueViews } from '../../src/protocol/console/rows.ts';
import { assetRow, entry, entryRow, note, ticket, ticketRow, uid, writeNote } from './fixtures.ts';
import { everything, me, numbersOf, profileWith } from './reading.ts';

const offered = (to: string | null): Handover => ({
  state: 'offered',
  commandId: uid('c', 1),
  fromTeamId: uid('8', 2),
  fromTier: 1,
  fromAssigneeId: null,
  toTeamId: uid('8', 1),
  toTier: 2,
  toPersonId: to,
  sheet: { tried: '', found: '', pending: '', device: '' },
  by: uid('b', 10),
  at: 1,
});
const priority = (level: Ticket['priority']['level'], ...more: Ticket['priority']['reasons']): Ticket['priority'] => ({
  level,
  reasons: [{ kind: 'matrix', impact: 'low', urgency: 'low', level: 'low' }, ...more],
});
const tickets: Ticket[] = [
  ticket(1, { assigneeId: me.personId, status: 'inProgress', subject: 'ñu' }),
  ticket(2, { priority: priority('critical', { kind: 'seniorManagement', personId: uid('b', 1) }), subject: 'Zorro' }),
  ticket(3, {
    teamId: uid('8', 2),
    siteId: uid('7', 2),
    tier: 2,
    assigneeId: uid('b', 10),
    status: 'pending',
    pendingReason: 'user',
    subject: 'árbol',
  }),
  ticket(4, { status: 'resolved', assigneeId: me.personId, kind: 'request', subject: 'nube' }),
  ticket(5, {
    status: 'closed',
    requester: { unlisted: { name: 'Óscar', unit: 'Posta', site: 'Junín', extension: '' } },
    subject: 'ola',
  }),
  ticket(6, { tier: 2, handovers: [offered(null)], subject: 'beta' }),
  ticket(7, { tier: 2, handovers: [offered(uid('b', 10))], subject: 'Alfa' }),
  ticket(8, {
    number: null,
    priority: priority('high', { kind: 'citizenService', by: 'site', id: uid('7', 1) }),
    subject: 'cero',
  }),
];
const entries = tickets.map((_, at) => entryRow(entry(at + 1, 1, note(`nota ${at}`))));
const make = () => profileWith([...tickets.map(ticketRow), ...entries, assetRow(1, 'CP-001', 1)]);

describe('queue.window', () => {
  const profile = make();
  const ask = (more: Partial<typeof everything>) => numbersOf(profile.ask('queue.window', { ...everything, ...more }));
  test.each([
    ['mine', [1, 4]],
    ['team', [1, 2, 4, 5, 6, 7, 8]],
    ['unassigned', [2, 5, 8]],
    ['toAccept', [6]],
    ['tier1', [1, 2, 4, 5, 8]],
    ['tier2', [3, 6, 7]],
    ['tier3', []],
    ['all', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['senior', [2]],
    ['citizen', [8]],
    ['changed', []],
  ] as const)('view %s', (view, expected) => expect(ask({ view })).toEqual(expected));

  test.each([
    [{ status: 'open' }, [1, 2, 3, 6, 7, 8]],
    [{ status: 'pending' }, [3]],
    [{ status: 'resolved' }, [4]],
    [{ status: 'closed' }, [5]],
    [{ siteId: uid('7', 2) }, [3]],
    [{ teamId: uid('8', 2) }, [3]],
    [{ assigneeId: me.personId }, [1, 4]],
    [{ kind: 'request' }, [4]],
    [{ tier: 2, status: 'open', view: 'team' }, [6, 7]],
    [{ siteId: uid('7', 77) }, []],
  ] as const)('filter %j', (filter, expected) => expect(ask(filter)).toEqual(expected));

  test('folded sorts: Á before B, ñ right after n; the most urgent first means the oldest of them first', () => {
    expect(ask({ sort: { by: 'subject', dir: 'asc' } })).toEqual([7, 3, 6, 8, 4, 1, 5, 2]);
    expect(ask({ sort: { by: 'priority', dir: 'desc' } })).toEqual([2, 8, 1, 3, 4, 5, 6, 7]);
    expect(ask({ sort: { by: 'requester', dir: 'asc' } })[0]).toBe(5);
    expect(ask({ sort: { by: 'site', dir: 'asc' } })[0]).toBe(3);
    expect(ask({ sort: { by: 'number', dir: 'desc' } })[0]).toBe(8);
  });

  test.each(queueSorts)(
    'sort by %s: every window from either end gives each ticket once, and desc is asc turned',
    (by) => {
      const whole = ask({ sort: { by, dir: 'asc' } });
      expect([...whole].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      const pieces = [0, 3, 6].flatMap((offset) => ask({ sort: { by, dir: 'asc' }, offset, limit: 3 }));
      expect(pieces).toEqual(whole);
      expect(ask({ sort: { by, dir: 'desc' } })).toEqual(whole.toReversed());
    },
  );

  test('a row carries names, an unlisted caller included', () => {
    const row = profile.ask('queue.window', { ...everything, status: 'closed' }).rows[0];
    expect(row).toMatchObject({
      requesterName: 'Óscar',
      orgUnitName: 'Posta',
      siteName: 'Lima',
      teamName: 'Mesa',
      assigneeName: null,
    });
  });
});

describe('plans', () => {
  const many = Array.from({ length: 600 }, (_, at) =>
    ticket(at + 1, { siteId: uid('7', at % 30), teamId: uid('8', at % 31), assigneeId: uid('b', at % 29) }),
  );
  const { context } = profileWith(many.map(ticketRow)).open();
  const plan = (sql: string, binds: readonly unknown[]) =>
    context.db
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...binds)
      .map(({ detail }) => detail);

  test.each(queueSorts)('a large result walks the index of %s and sorts nothing', (by) => {
    const filter = queueFilter(context, { ...everything, kind: 'incident', status: 'open' });
    for (const dir of ['asc', 'desc'] as const) {
      const { sql, binds } = windowSql({ by, dir }, filter, true);
      expect(plan(sql, [...binds, 50, 0])).toEqual([
        expect.stringMatching(new RegExp(`^SCAN t USING (COVERING )?INDEX tickets_by_${by}$`)),
      ]);
    }
  });

  test.each([
    ['site', { siteId: uid('7', 1) }],
    ['team', { teamId: uid('8', 1) }],
    ['assignee', { assigneeId: uid('b', 9) }],
  ] as const)('a small result and its count go by the index of the %s', (column, filter) => {
    const asked = queueFilter(context, { ...everything, ...filter });
    const { sql, binds } = windowSql({ by: 'priority', dir: 'desc' }, asked, false);
    const expected = expect.stringMatching(new RegExp(`^SEARCH t USING (COVERING )?INDEX tickets_of_${column} `));
    expect(plan(sql, [...binds, 50, 0])[0]).toEqual(expected);
    const counted = plan(totalSql(asked, false), asked.binds);
    expect(counted).toEqual([expect.stringContaining(`COVERING INDEX tickets_of_${column}`)]);
  });

  test.each(['senior', 'citizen', 'unassigned'] as const)('a walk judges the view %s on the index alone', (view) => {
    const { sql, binds } = windowSql(
      { by: 'subject', dir: 'asc' },
      queueFilter(context, { ...everything, view }),
      true,
    );
    expect(plan(sql, [...binds, 50, 0])).toEqual(['SCAN t USING COVERING INDEX tickets_by_subject']);
  });

  test('few of a view with a partial index are found by it at any status', () => {
    const filter = queueFilter(context, { ...everything, view: 'senior', status: 'resolved', kind: 'incident' });
    const { sql, binds } = windowSql({ by: 'subject', dir: 'asc' }, filter, false);
    expect(plan(sql, [...binds, 50, 0])[0]).toMatch(/INDEX tickets_of_senior/u);
  });

  test('totals of views, states, kinds, tiers and teams touch no ticket', () => {
    for (const view of ['all', 'team', 'unassigned', 'tier1', 'senior', 'citizen'] as const) {
      const filter = queueFilter(context, { ...everything, view, status: 'open', kind: 'incident', tier: 1 });
      expect(plan(totalSql(filter, true), filter.binds)).toEqual([
        expect.stringMatching(/^(?:SEARCH|SCAN) ticket_tallies/u),
      ]);
    }
  });
});

test('totals stay those of a count through changes, arrivals, removals, an overlay and a later fill', () => {
  const profile = make();
  const { context } = profile.open();
  const differing = () =>
    queueViews.flatMap((view) =>
      (['open', 'pending', 'resolved', 'closed', 'any'] as const).flatMap((status) =>
        ([null, 'incident', 'request'] as const).flatMap((kind) => {
          const filter = queueFilter(context, { ...everything, view, status, kind });
          const counted = [true, false].map(
            (tallies) => context.statement<{ total: number }>(totalSql(filter, tallies)).get(...filter.binds)?.total,
          );
          return counted[0] === counted[1] ? [] : [{ view, status, kind, counted }];
        }),
      ),
    );
  const total = () => profile.ask('queue.window', everything).total;
  expect([differing(), total()]).toEqual([[], 8]);
  profile.upsert(ticketRow({ ...ticket(1), version: 9, status: 'resolved', assigneeId: null, teamId: uid('8', 2) }));
  profile.upsert(ticketRow(ticket(9, { kind: 'request', assigneeId: uid('b', 10) })));
  expect([differing(), total()]).toEqual([[], 9]);
  profile.write((tx) => tx.removeTicket(uid('a', 2)));
  profile.write((tx) =>
    tx.setOverlay(uid('a', 3), { ticket: ticket(3, { status: 'closed', tier: 3 }), entries: [], doubts: [] }),
  );
  expect([differing(), total()]).toEqual([[], 8]);
  profile.write((tx) => tx.setOverlay(uid('a', 3), null));
  profile.write((tx) => {
    tx.beginFill();
    tx.upsert([...tickets.slice(2, 5).map(ticketRow), ticketRow(ticket(10))]);
  });
  profile.endFill();
  expect([differing(), total()]).toEqual([[], 4]);
  expect(profile.ask('queue.counts', {}).open).toMatchObject({ all: 2, team: 1, unassigned: 1 });
});

test('what others changed is unread until it is seen; my own acts are not', () => {
  const profile = make();
  const changed = () => numbersOf(profile.ask('queue.window', { ...everything, view: 'changed' }));
  const later = { recordedAt: 1_770_000_000_000 };
  profile.upsert(entryRow(entry(2, 2, note('mía'), { ...later, actorId: me.personId })));
  expect(changed()).toEqual([]);
  profile.upsert(entryRow(entry(3, 2, note('de Beto'), { ...later, actorId: uid('b', 10) })));
  expect(changed()).toEqual([3]);
  // My act over an unseen change does not hide it (story d).
  profile.upsert(entryRow(entry(3, 3, note('mía'), { ...later, actorId: me.personId })));
  expect(profile.ask('queue.counts', {})).toMatchObject({ unread: 1, open: { changed: 1, mine: 1, all: 6 } });
  expect(profile.ask('away.get', {}).rows.map((row) => [row.id, row.unread, row.changes.length])).toEqual([
    [uid('a', 3), true, 1],
  ]);
  expect(profile.ask('ticket.get', { ticketId: uid('a', 3) })?.seenVersion).toBe(1);
  profile.outbox.markSeen(uid('a', 3), 2);
  expect(changed()).toEqual([]);
});

test('R14 an arrival is what somebody else’s act gave me since the first fill, seen already or not; an own act over it ends it', () => {
  const profile = make();
  const beto = uid('b', 10);
  const at = 1_770_000_000_000;
  const ask = () =>
    profile.ask('queue.arrivals', {}).arrivals.map(({ kind, ticketId, seq }) => [kind, Number(ticketId.at(-1)), seq]);
  const given = (n: number, by: string, version: number, more: Partial<Ticket> = {}) =>
    ticketRow(
      ticket(n, { assigneeId: me.personId, version, lastChange: { assigneeId: { by, at, version } }, ...more }),
    );
  const event = (n: number, seq: number, actorId: string, recordedAt = at) =>
    entryRow(
      entry(
        n,
        seq,
        { type: 'assigned', assigneeId: me.personId, fromAssigneeId: null, fromStatus: 'new' },
        { recordedAt, actorId },
      ),
    );
  expect(ask()).toEqual([]);
  profile.upsert(given(2, beto, 2), event(2, 2, beto));
  profile.upsert(
    given(3, beto, 2, { tier: 2, assigneeId: null, handovers: [offered(null)] }),
    event(3, 2, beto, at + 1),
  );
  // Escalated to me by name: it stands among mine too, and speaks once.
  profile.upsert(given(8, beto, 2, { tier: 2, handovers: [offered(me.personId)] }), event(8, 2, beto, at + 2));
  const came = [
    ['escalated', 8, 2],
    ['escalated', 3, 2],
    ['assigned', 2, 2],
  ];
  expect(ask()).toEqual(came);
  profile.outbox.markSeen(uid('a', 2), 9);
  expect(ask()).toEqual(came);
  profile.upsert(given(3, me.personId, 3), event(3, 3, me.personId));
  profile.upsert(given(1, me.personId, 2), event(1, 2, me.personId));
  profile.upsert(given(4, beto, 2, { status: 'resolved' }), event(4, 2, beto));
  expect(ask()).toEqual([came[0], came[2]]);
});

test('SY5 SY9 a ticket shows its pending acts and their states; the outbox lists them with their content', () => {
  const profile = make();
  const first = writeNote(profile.outbox, 'primera', uid('a', 1));
  const second = writeNote(profile.outbox, 'segunda', uid('a', 1));
  const pending = [first, second].map((wire, at) => ({
    ...entry(1, at + 2, note(at === 0 ? 'primera' : 'segunda'), { recordedAt: null, actorId: me.personId }),
    id: `${wire.id}-0`,
    commandId: wire.id,
  }));
  const doubt = { commandId: second.id, refusal: { code: 'noteEmpty' as const, params: {} } };
  profile.write((tx) =>
    tx.setOverlay(uid('a', 1), {
      ticket: { ...ticket(1), ...tickets[0], version: 3 },
      entries: pending,
      doubts: [doubt],
    }),
  );
  const view = profile.ask('ticket.get', { ticketId: uid('a', 1) });
  expect(view?.entries.map(({ pending: mark }) => mark)).toEqual([null, 'waiting', 'doubtful']);
  expect(view).toMatchObject({ pendingActs: 2, requester: { name: 'Rosa Ñahui' } });
  expect(view?.names[uid('b', 9)]).toBe('Ana Ramos');
  expect(view?.allowed).toContain('addNote');
  const { items } = profile.ask('outbox.list', {});
  expect(items.map(({ state, payload, doubt: why }) => [state, payload, why?.code])).toEqual([
    ['waiting', { visibility: 'internal', text: 'primera' }, undefined],
    ['doubtful', { visibility: 'internal', text: 'segunda' }, 'noteEmpty'],
  ]);
  expect(profile.ask('queue.window', { ...everything, view: 'mine' }).rows[0]).toMatchObject({ pendingActs: 2 });
  // The base has the first meanwhile: it shows once.
  profile.upsert(entryRow({ ...pending[0]!, recordedAt: 1_770_000_000_000 }));
  expect(profile.ask('ticket.get', { ticketId: uid('a', 1) })?.entries).toHaveLength(3);
});

test('people by name, extension, e-mail and the tag of their device; a caller with open tickets and devices', () => {
  const profile = make();
  const names = (text: string) => profile.ask('people.search', { text, limit: 10 }).people.map(({ name }) => name);
  expect(names('ñahu')).toEqual(['Rosa Ñahui']);
  expect(names('nahui rosa')).toEqual(['Rosa Ñahui']);
  expect(names('211')).toEqual(['Beto Rojas', 'Rosa Ñahui']);
  expect(names('2110')).toEqual(['Beto Rojas']);
  expect(names('p2@minsa')).toEqual(['Luis Pérez']);
  expect(names('CP-001')).toEqual(['Rosa Ñahui']);
  expect(names('"*')).toEqual([]);
  const caller = profile.ask('people.caller', { personId: uid('b', 1) });
  expect(caller?.devices.map(({ tag }) => tag)).toEqual(['CP-001']);
  expect(caller?.openTickets).toHaveLength(6);
  expect(profile.ask('people.caller', { personId: uid('b', 77) })).toBeNull();
  expect(profile.ask('assets.search', { text: 'pc-1', limit: 5 }).assets).toHaveLength(1);
});

test('the load of each technician, and what nobody has', () => {
  const load = make().ask('supervision.load', {});
  expect(load.unassigned).toBe(2);
  expect(load.rows.map(({ name, open, pending, toAccept }) => [name, open, pending, toAccept])).toEqual([
    ['Ana Ramos', 1, 0, 1],
    ['Beto Rojas', 1, 1, 1],
  ]);
});
