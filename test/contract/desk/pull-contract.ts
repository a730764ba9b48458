import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryChange } from '../../../simulator/desk/commit.ts';
import type { LogMark, SnapshotEntity } from '../../../src/protocol/sync/messages.ts';
import { snapshotEntities } from '../../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { markOf } from '../../../src/store/epoch/seal.ts';
import { about, createBase, createConsole, endOf, note, type TestConsole, ticketId } from './console.ts';
import { createRig, type OpenPorts, type Rig } from './rig.ts';
import { EPOCH, id, member, people, SEAL_KEY, sites, teams } from './world.ts';

const toCusco = { changes: { siteId: { from: sites.lima, to: sites.cusco } } };
const toLima = { changes: { siteId: { from: sites.cusco, to: sites.lima } } };
/** Pulls and pages of the first fill, on any adapter of the two ports. */
export function describePullContract(name: string, open: OpenPorts): void {
  let rig: Rig;
  let ana: TestConsole;
  let beto: TestConsole;
  let admin: TestConsole;
  beforeEach(async () => {
    rig = await createRig(open);
    ana = createConsole(rig, 'ana');
    beto = createConsole(rig, 'beto');
    admin = createConsole(rig, 'admin');
  });
  afterEach(() => rig.close());
  const head = async () => (await rig.desks.mark((await admin.principal()).deskId)).seq;

  describe(`${name}: pull and fill`, () => {
    it('SY4 SY6 at every boundary, whatever the page size, the base is what the store was there', async () => {
      const tickets = await admin.registerAll([1, 2, 3]);
      const start = endOf(await admin.pull(0)).cursor;
      const truth = new Map<number, string>();
      const versions = new Map(tickets.map((ticket) => [ticket, 1]));
      const told = () => JSON.stringify([...versions].sort());
      truth.set(start, told());
      for (let round = 0; round < 8; round++) {
        const pair = [tickets[0] as string, tickets[1 + (round % 2)] as string];
        const answer = await admin.push(...pair.map((ticket) => admin.command('addNote', ticket, note('x'))));
        for (const ticket of pair) versions.set(ticket, (versions.get(ticket) ?? 0) + 1);
        truth.set(answer.mark?.seq ?? 0, told());
      }
      for (const limit of [1, 2, 5_000]) {
        const seen = new Map(tickets.map((ticket) => [ticket, 1]));
        let cursor = start;
        for (let more = true; more; ) {
          const lines = await admin.pull(cursor, limit);
          for (const line of lines) {
            if (line.t === 'up' && line.e === 'ticket') {
              const row = JSON.parse(line.doc) as { id: string; version: number };
              seen.set(row.id, row.version);
            }
            if (line.t === 'tx') expect(JSON.stringify([...seen].sort())).toBe(truth.get(line.seq));
          }
          const end = endOf(lines);
          cursor = end.cursor;
          more = end.more;
        }
        expect(cursor).toBe(await head());
      }
    });

    it('SY4 pages of any size and the deltas after their pin give what a pull from the start gives', async () => {
      await admin.registerAll([1, 2, 3, 4, 5]);
      const filled = createBase();
      let pin: { seq: number; total: number } | null = null;
      for (const entity of snapshotEntities satisfies readonly SnapshotEntity[]) {
        let after: string | null = null;
        do {
          const lines = await ana.page(entity, after, 2);
          for (const text of lines) {
            const line = JSON.parse(text) as { t: string; row?: unknown; seq?: number; total?: number; after?: string };
            if (line.t === 'pin') pin ??= { seq: line.seq ?? 0, total: line.total ?? 0 };
            if (line.t === 'up') filled.apply([{ t: 'up', e: entity, doc: JSON.stringify(line.row) }]);
            if (line.t === 'end') after = line.after ?? null;
          }
          // Written while the fill is under way: behind the pin, so the pull brings it.
          if (entity === 'ticket') await admin.push(admin.command('addNote', ticketId(1), note('entre páginas')));
        } while (after !== null);
      }
      filled.apply(await ana.pull(pin?.seq ?? 0));
      const pulled = createBase();
      pulled.apply(await ana.pull(0));
      expect(new Map([...filled.rows].sort())).toEqual(new Map([...pulled.rows].sort()));
      expect(pin?.total).toBe(pulled.rows.size - 3);
    });

    it('SY7 leaves, comes back, comes and goes: removed, whole again, removed', async () => {
      const leaver = await admin.register(1);
      const cursor = { ana: endOf(await ana.pull(0)).cursor, beto: endOf(await beto.pull(0)).cursor };
      await admin.push(
        admin.command('transfer', leaver, { toTeamId: teams.cusco, toPersonId: null, reason: 'es de Cusco' }),
        admin.command('editFields', leaver, toCusco),
      );
      expect(about(await ana.pull(cursor.ana), leaver)).toEqual(['rm scope']);
      expect(about(await beto.pull(cursor.beto), leaver)).toEqual(['ticket 3', 'entry 1', 'entry 2', 'entry 3']);
      await admin.push(admin.command('editFields', leaver, toLima));
      expect(about(await ana.pull(cursor.ana), leaver)[0]).toBe('ticket 4');
      expect(about(await ana.pull(cursor.ana), leaver)).toHaveLength(5);
    });

    it('SY7 a closed ticket stays for the window, and after it leaves with its next change', async () => {
      const ticket = await admin.register(1);
      await admin.push(
        admin.command('assign', ticket, { toPersonId: people.ana }),
        admin.command('resolve', ticket, { solution: 'Se reinició el perfil.', duringCall: false }),
        admin.command('close', ticket, {}),
      );
      const cursor = endOf(await ana.pull(0)).cursor;
      const holds = async () => (await ana.page('ticket', null)).some((line) => line.includes(ticket));
      rig.clock.now += 30 * 86_400_000;
      expect(await holds()).toBe(true);
      rig.clock.now += 1;
      expect(await holds()).toBe(false);
      await admin.push(admin.command('addNote', ticket, note('posterior')));
      expect(about(await ana.pull(cursor), ticket)).toEqual(['rm window']);
    });

    it('SY7 moved people and revoked rights answer SCOPE; the directory travels', async () => {
      const cursor = endOf(await ana.pull(0)).cursor;
      const before = await ana.principal();
      await rig.setGrants('ana', { siteIds: [sites.cusco] });
      const request = {
        protocol: PROTOCOL_VERSION,
        epoch: (await rig.changes.live(before.deskId).desk()).epoch,
        cursor,
        limit: 10,
      };
      const now = await ana.principal();
      expect(await rig.service.pull(now, { ...request, scopeVersion: before.scopeVersion })).toMatchObject({
        error: { code: 'SCOPE', details: { scopeVersion: now.scopeVersion } },
      });
      await rig.putDirectory([member(1, people.ana, teams.lima, false)]);
      expect((await ana.principal()).scopeVersion).not.toBe(now.scopeVersion);
      const lines = await ana.pull(cursor);
      expect(lines.map((line) => line.t)).toEqual(['up', 'tx', 'end']);
    });

    it('SY7 the version changes with all that a session carries, whether or not it changes what may be held, and back with it', async () => {
      const versionAfter = async (...change: Parameters<Rig['putDirectory']>[0]) => {
        await rig.putDirectory(change);
        return (await ana.principal()).scopeVersion;
      };
      const limaTeam = (row: { readonly name?: string; readonly tier?: 1 | 2 }): DirectoryChange => ({
        entity: 'team',
        row: {
          id: teams.lima,
          active: true,
          name: 'Mesa Lima',
          tier: 1,
          siteId: sites.lima,
          external: false,
          triage: true,
          ...row,
        },
      });
      await rig.setGrants('ana', { siteIds: [sites.lima], teamIds: [teams.lima, teams.systems] });
      const member1 = (active: boolean) => member(1, people.ana, teams.lima, active);
      const before = await ana.principal();
      const left = await versionAfter(member1(false));
      expect((await ana.principal()).grant).toEqual(before.grant);
      const back = await versionAfter(member1(true));
      const both = await versionAfter(member(9, people.ana, teams.systems));
      expect((await ana.principal()).grant).toEqual(before.grant);
      const raised = await versionAfter(limaTeam({ tier: 2 }));
      const named = await versionAfter(limaTeam({ tier: 2, name: 'Mesa central' }));
      expect(back).toBe(before.scopeVersion);
      expect(new Set([before.scopeVersion, left, both, raised, named]).size).toBe(5);
      // Of other teams, and of other people's, it says nothing.
      expect(await versionAfter(member(8, people.beto, teams.systems))).toBe(named);
    });

    it('SY14 a cursor beyond the log, and another epoch, answer EPOCH', async () => {
      const { scopeVersion, deskId } = await ana.principal();
      const { epoch } = await rig.changes.live(deskId).desk();
      const ask = async (more: { epoch: string; cursor: number }) =>
        rig.service.pull(await ana.principal(), { protocol: PROTOCOL_VERSION, scopeVersion, limit: 10, ...more });
      expect(await ask({ epoch, cursor: 999_999 })).toMatchObject({ error: { code: 'EPOCH' } });
      expect(await ask({ epoch: id(0xe, 8), cursor: 0 })).toMatchObject({ error: { code: 'EPOCH' } });
    });

    it('SY4 SY14 a cursor whose hash is another one in this log answers EPOCH to every read from it', async () => {
      await admin.register(1);
      const { scopeVersion, deskId } = await ana.principal();
      const { cursor, logHash } = endOf(await ana.pull(0));
      const { epoch } = await rig.changes.live(deskId).desk();
      const standing = { protocol: PROTOCOL_VERSION, epoch, cursor, scopeVersion };
      const asks = (hash: string) =>
        Promise.all([
          ana.principal().then((who) => rig.service.pull(who, { ...standing, logHash: hash, limit: 10 })),
          ana.principal().then((who) => rig.service.digest(who, { ...standing, logHash: hash })),
          ana.principal().then((who) => {
            const rows = [{ e: 'ticket' as const, id: ticketId(1) }];
            return rig.service.rows(who, { ...standing, logHash: hash, rows });
          }),
        ]);
      expect((await asks(logHash)).map((answer) => answer.ok)).toEqual([true, true, true]);
      for (const answer of await asks('f'.repeat(64))) expect(answer).toMatchObject({ error: { code: 'EPOCH' } });
    });

    it('SY4 SY14 a page of a fill ends with the mark of its moment, and a pull that knows a place which this log does not have answers EPOCH', async () => {
      await admin.register(1);
      const who = await ana.principal();
      const { scopeVersion, deskId } = who;
      const { cursor, logHash } = endOf(await ana.pull(0));
      await admin.register(2);
      const key = { protocol: PROTOCOL_VERSION, entity: 'ticket' as const, after: null, scopeVersion, limit: 10 };
      const page = await rig.service.snapshot(who, key);
      if (!page.ok) throw new Error('no page');
      let mark: LogMark | null = null;
      for await (const piece of page.value) if (piece.t === 'end') mark = piece.mark;
      if (mark === null) throw new Error('a page without its end');
      expect(mark).toEqual(await rig.desks.mark(deskId));
      const place = { protocol: PROTOCOL_VERSION, epoch: mark.epoch, cursor, logHash, scopeVersion, limit: 10 };
      expect(await rig.service.pull(who, { ...place, mark })).toMatchObject({ ok: true });
      const asDesk = { epoch: EPOCH, sealKey: SEAL_KEY };
      for (const gone of [{ seq: mark.seq + 1_000 }, { hash: 'f'.repeat(64) }]) {
        const lost = markOf(asDesk, { ...mark, ...gone });
        expect(await rig.service.pull(who, { ...place, mark: lost })).toMatchObject({ error: { code: 'EPOCH' } });
      }
      const damaged = { ...mark, hash: 'f'.repeat(64) };
      expect(await rig.service.pull(who, { ...place, mark: damaged })).toMatchObject({ ok: true });
    });
  });
}
