import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { setGrants } from '../../src/store/admin/accounts.ts';
import { snapshotPage } from '../../src/store/db/snapshot-pages.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient, Line } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
let beto: DeviceClient;
let carla: DeviceClient;
let admin: DeviceClient;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  [ana, beto, carla, admin] = (await Promise.all(
    [desk.accounts.ana, desk.accounts.beto, desk.accounts.carla, desk.accounts.admin].map((who) => store.signIn(who)),
  )) as [DeviceClient, DeviceClient, DeviceClient, DeviceClient];
});
afterAll(() => store.close());

const note = (text: string) => ({ visibility: 'internal' as const, text });
const headOf = (lines: readonly Line[]) => lines.at(-1)?.['cursor'] as number;
const about = (lines: readonly Line[], ticketId: string) =>
  lines.flatMap((line) => {
    if (line.t === 'rm' && line['id'] === ticketId) return [`rm ${String(line['why'])}`];
    if (line.e === 'ticket' && line.row?.['id'] === ticketId) return [`ticket ${String(line.row['version'])}`];
    if (line.e === 'entry' && line.row?.['ticketId'] === ticketId) return [`entry ${String(line.row['seq'])}`];
    return [];
  });
const register = async (more = {}) => {
  const ticketId = v7();
  await admin.push(admin.command('register', ticketId, registerPayload(desk, more)));
  return ticketId;
};

/** Applies lines as a console does: rows by version, all of a transaction at its boundary. */
function applyAt(base: Map<string, number>, lines: readonly Line[]): { seq: number; base: Map<string, number> }[] {
  const states: { seq: number; base: Map<string, number> }[] = [];
  for (const line of lines) {
    if (line.t === 'up' && line.e === 'ticket') base.set(line.row?.['id'] as string, line.row?.['version'] as number);
    if (line.t === 'rm') base.delete(line['id'] as string);
    if (line.t === 'tx') states.push({ seq: line['seq'] as number, base: new Map(base) });
  }
  return states;
}

describe('pull', () => {
  it('sends a ticket with the new part of its timeline only', async () => {
    const ticketId = await register();
    const before = headOf(await ana.pull(0));
    await admin.push(admin.command('addNote', ticketId, note('uno')), admin.command('addNote', ticketId, note('dos')));
    expect(about(await ana.pull(before), ticketId)).toEqual(['ticket 3', 'entry 2', 'entry 3']);
    expect(await ana.pull(headOf(await ana.pull(before)))).toHaveLength(1);
  });

  it('SY7 a ticket that leaves the scope is removed, one that enters comes with its whole timeline', async () => {
    const ticketId = await register();
    await admin.push(admin.command('addNote', ticketId, note('antes')));
    const [cursorAna, cursorBeto, cursorCarla] = [
      headOf(await ana.pull(0)),
      headOf(await beto.pull(0)),
      headOf(await carla.pull(0)),
    ];
    await admin.push(
      admin.command('transfer', ticketId, { toTeamId: desk.teams.cuscoDesk, toPersonId: null, reason: 'es de Cusco' }),
      admin.command('editFields', ticketId, { changes: { siteId: { from: desk.sites.lima, to: desk.sites.cusco } } }),
    );
    expect(about(await ana.pull(cursorAna), ticketId)).toEqual(['rm scope']);
    expect(about(await beto.pull(cursorBeto), ticketId)).toEqual([
      'ticket 4',
      'entry 1',
      'entry 2',
      'entry 3',
      'entry 4',
    ]);
    // Carla could see it neither before nor after: not a word about it.
    expect(about(await carla.pull(cursorCarla), ticketId)).toEqual([]);
    expect((await carla.pull(0)).some((line) => JSON.stringify(line).includes(ticketId))).toBe(false);
  });

  it('SY4 SY7 a ticket that left and came back, or came and left, since the cursor: whole again, or removed', async () => {
    const away = (ticketId: string) => [
      admin.command('transfer', ticketId, { toTeamId: desk.teams.cuscoDesk, toPersonId: null, reason: 'es de Cusco' }),
      admin.command('editFields', ticketId, { changes: { siteId: { from: desk.sites.lima, to: desk.sites.cusco } } }),
    ];
    const back = (ticketId: string) => [
      admin.command('editFields', ticketId, { changes: { siteId: { from: desk.sites.cusco, to: desk.sites.lima } } }),
    ];
    const returned = await register();
    const cursor = headOf(await ana.pull(0));
    await admin.push(...away(returned));
    // A page of a fill, or the first part of a pull that was then cut: the console holds nothing of it any more.
    expect((await ana.snapshot('ticket')).some((line) => line.row?.['id'] === returned)).toBe(false);
    await admin.push(...back(returned));
    expect(about(await ana.pull(cursor), returned)).toEqual(['ticket 4', 'entry 1', 'entry 2', 'entry 3', 'entry 4']);

    const visitor = await register();
    await admin.push(...away(visitor));
    const later = headOf(await ana.pull(0));
    await admin.push(...back(visitor));
    expect((await ana.snapshot('ticket')).some((line) => line.row?.['id'] === visitor)).toBe(true);
    await admin.push(
      admin.command('editFields', visitor, { changes: { siteId: { from: desk.sites.lima, to: desk.sites.cusco } } }),
    );
    expect(about(await ana.pull(later), visitor)).toEqual(['rm scope']);
  });

  it('SY7 a changed scope answers SCOPE until the console asks with the new one', async () => {
    const before = await carla.pull(0);
    await setGrants(store.db, desk.deskId, desk.accounts.carla.accountId, { siteIds: [desk.sites.cusco] });
    await expect(carla.pull(headOf(before))).rejects.toThrow('"SCOPE"');
    await expect(carla.snapshot('ticket')).rejects.toThrow('"SCOPE"');
    await setGrants(store.db, desk.deskId, desk.accounts.carla.accountId, {});
    expect((await carla.pull(headOf(before))).at(-1)).toMatchObject({ t: 'end' });
  });

  it('SY4 SY6 at every boundary, whatever the page size, the console holds exactly what the store held there', async () => {
    const tickets: string[] = [];
    for (let index = 0; index < 6; index++) tickets.push(await register());
    const start = headOf(await admin.pull(0));
    const base = new Map<string, number>();
    applyAt(base, await admin.pull(0));
    // Each transaction touches two tickets; the first is hot, so cuts stay open for long.
    const truth = new Map<number, Map<string, number>>([[start, new Map(base)]]);
    for (let round = 0; round < 12; round++) {
      const [one, two] =
        round < 9 ? [tickets[0], tickets[1 + (round % 5)]] : [tickets[round % 6], tickets[(round + 1) % 6]];
      const pushed = await admin.push(
        admin.command('addNote', one as string, note('x')),
        admin.command('addNote', two as string, note('y')),
      );
      const state = new Map([...truth.values()].at(-1) ?? []);
      for (const id of [one, two]) state.set(id as string, (state.get(id as string) ?? 0) + 1);
      truth.set(pushed.head, state);
    }
    for (const limit of [1, 3, 7, 5_000]) {
      const mine = new Map(base);
      let cursor = start;
      for (let more = true; more; ) {
        const lines = await admin.pull(cursor, limit);
        for (const state of applyAt(mine, lines)) expect(state.base).toEqual(truth.get(state.seq));
        expect(lines.at(-1)?.['cursor']).toBe(lines.findLast((line) => line.t === 'tx')?.['seq']);
        cursor = headOf(lines);
        more = lines.at(-1)?.['more'] === true;
      }
      expect(mine).toEqual([...truth.values()].at(-1));
    }
  });

  it('answers EPOCH to a cursor or an epoch of another log', async () => {
    const { scopeVersion } = ana.tokens.session;
    const ask = (body: object) =>
      store.send({
        path: '/sync/v1/pull',
        token: ana.tokens.accessToken,
        body: { protocol: PROTOCOL_VERSION, scopeVersion, limit: 10, ...body },
      });
    expect((await ask({ epoch: v7(), cursor: 0 })).text).toContain('"EPOCH"');
    expect((await ask({ epoch: await ana.epoch(), cursor: 999_999 })).text).toContain('"EPOCH"');
  });

  it('hello knows a cursor by the hash of the log at it', async () => {
    const end = (await ana.pull(0)).at(-1);
    const hello = async (cursor: unknown, logHash: unknown) => {
      const body = { protocol: PROTOCOL_VERSION, schema: 1, incarnation: ana.incarnation, lastN: 0, cursor, logHash };
      const answer = await store.send({ path: '/sync/v1/hello', token: ana.tokens.accessToken, body });
      return (JSON.parse(answer.text) as { cursorKnown: boolean }).cursorKnown;
    };
    expect(await hello(end?.['cursor'], end?.['logHash'])).toBe(true);
    expect(await hello(end?.['cursor'], 'f'.repeat(64))).toBe(false);
    expect(await hello(999_999, end?.['logHash'])).toBe(false);
    expect(await hello(null, null)).toBe(false);
  });
});

describe('snapshot', () => {
  it('SY4 pages of any size bring the same rows as a pull from the start, each once', async () => {
    const pulled = await ana.pull(0);
    const idsOf = (lines: readonly Line[], entity: string) =>
      lines.flatMap((line) => (line.t === 'up' && line.e === entity ? [line.row?.['id'] as string] : [])).sort();
    let total = 0;
    for (const entity of ['site', 'orgUnit', 'service', 'team', 'person', 'membership', 'asset', 'ticket', 'entry']) {
      for (const limit of [1, 4, 5_000]) {
        const rows: Line[] = [];
        let after: string | null = null;
        do {
          const page: Line[] = await ana.snapshot(entity, after, limit);
          rows.push(...page);
          after = (page.at(-1)?.['after'] ?? null) as string | null;
        } while (after !== null);
        expect(idsOf(rows, entity)).toEqual(idsOf(pulled, entity));
      }
      total += idsOf(pulled, entity).length;
    }
    const [pin] = await ana.snapshot('site');
    expect(pin).toMatchObject({ t: 'pin', seq: headOf(pulled), logHash: pulled.at(-1)?.['logHash'], total });
  });

  it('counts the rows of a fill with its first entity alone: it reads every ticket for that', async () => {
    for (const entity of ['orgUnit', 'membership', 'ticket', 'entry'])
      expect((await ana.snapshot(entity))[0]).toMatchObject({ t: 'pin', total: null });
  });

  it.each(['', 'x', `${v7()}:1`, "' or 1=1 --"])('refuses the key %j, which it never gave', async (after) => {
    await expect(ana.snapshot('ticket', after)).rejects.toThrow('400');
  });
});

/** A page that costs more the further in it is makes a fill cost as the square of its rows: it was half of PostgreSQL's time with 100,000 tickets. */
it('a page of the timeline reads no ticket before its key', async () => {
  const tickets = Array.from({ length: 60 }, () => v7()).sort();
  await admin.push(...tickets.map((ticketId) => admin.command('register', ticketId, registerPayload(desk))));
  const scope = {
    grant: { everything: true, siteIds: [], teamIds: [], personId: v7() },
    closedWindowDays: null,
    now: Date.now(),
  };
  const client = await store.db.pool.connect();
  // What this connection has not reported yet counts too: only the difference is the page's.
  const read = async () => {
    const { rows } = await client.query<{ read: number }>(
      `select (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as read from pg_stat_xact_user_tables where relname = 'tickets'`,
    );
    return rows[0]?.read ?? 0;
  };
  try {
    await client.query('begin');
    // What PostgreSQL takes for a desk of many tickets; for one of sixty it would read them all.
    for (const other of ['seqscan', 'nestloop', 'hashjoin']) await client.query(`set local enable_${other} = off`);
    const before = await read();
    const page = await snapshotPage(client, desk.deskId, 'entry', `${tickets[49]}:000000001`, 100, scope);
    const during = (await read()) - before;
    await client.query('rollback');
    expect(page.rows).toBe(10);
    expect(during).toBeGreaterThan(0);
    expect(during).toBeLessThanOrEqual(11);
  } finally {
    client.release();
  }
});

describe('window of closed tickets', () => {
  it('counts from the store’s time of closing: inside it stays, past it a fill leaves it out, a change to it removes it from who still has it', async () => {
    const ticketId = await register();
    await admin.push(
      admin.command('assign', ticketId, { toPersonId: desk.accounts.ana.personId }),
      admin.command('resolve', ticketId, { solution: 'Se reinició el perfil.', duringCall: false }),
      admin.command('close', ticketId, {}),
    );
    const holds = async () => (await ana.snapshot('ticket')).some((line) => line.row?.['id'] === ticketId);
    const cursor = headOf(await ana.pull(0));
    expect(await holds()).toBe(true);
    store.clock.offset = 91 * 86_400_000;
    ana = await store.signIn(desk.accounts.ana);
    expect(await holds()).toBe(false);
    admin = await store.signIn(desk.accounts.admin);
    await admin.push(admin.command('addNote', ticketId, note('posterior')));
    expect(about(await ana.pull(cursor), ticketId)).toEqual(['rm window']);
    store.clock.offset = 0;
  });
});
