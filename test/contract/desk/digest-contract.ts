import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import type { SyncLine } from '../../../src/store/changes/sync-line.ts';
import { createBase, createConsole, endOf, type TestConsole, ticketId } from './console.ts';
import { createRig, type OpenPorts, type Rig } from './rig.ts';
import { id, people, person, sites, teams } from './world.ts';

const note = (text: string) => ({ visibility: 'internal' as const, text });
const digestOf = (text: string): bigint => BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 16)}`);
const hex = (digest: bigint): string => digest.toString(16).padStart(16, '0');
const bucketOf = (ticket: string): number => Number.parseInt(ticket.slice(-2), 16);

/** Digests of a base, counted as `docs/spec/sync.md` says and with nothing of the store's. */
function digestsOf(base: ReadonlyMap<string, string>) {
  const rows = new Map<string, bigint>();
  for (const [key, doc] of base) {
    const row = key.startsWith('ticket ') ? key.slice(0, 43) : key;
    rows.set(row, (rows.get(row) ?? 0n) ^ digestOf(doc));
  }
  const tallies = new Map<string, { n: number; x: bigint }>();
  for (const [key, digest] of rows) {
    const [entity = '', rowId = ''] = key.split(' ');
    const group = entity === 'ticket' ? String(bucketOf(rowId)) : entity;
    const tally = tallies.get(group) ?? { n: 0, x: 0n };
    tallies.set(group, { n: tally.n + 1, x: tally.x ^ digest });
  }
  return { rows, tallies };
}
const docsOf = (lines: readonly SyncLine[]) => lines.flatMap((line) => (line.t === 'up' ? [[line.e, line.doc]] : []));

export function describeDigestContract(name: string, open: OpenPorts): void {
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

  /** A base that has caught up, and where. */
  async function caughtUp(console: TestConsole) {
    const base = createBase();
    const lines = await console.pull(0);
    base.apply(lines);
    return { base, cursor: endOf(lines).cursor };
  }
  const close = async (ticket: string, solution = 'Se reinició.') =>
    admin.push(
      admin.command('assign', ticket, { toPersonId: people.ana }),
      admin.command('resolve', ticket, { solution, duringCall: false }),
      admin.command('close', ticket, {}),
    );
  async function someTickets() {
    await admin.registerAll([1, 2, 3, 4]);
    await admin.register(5, { siteId: sites.cusco, teamId: teams.cusco });
    await admin.push(
      admin.command('addNote', ticketId(1), note('ñandú ☕ "comillas" \\')),
      admin.command('addNote', ticketId(2), note('dos')),
      admin.command('addNote', ticketId(1), note('tres')),
    );
    await close(ticketId(3));
  }

  describe(`${name}: digests`, () => {
    it('SY4 equal those of a base that has caught up, for each scope its own', async () => {
      await someTickets();
      const seen: string[] = [];
      for (const console of [ana, beto, admin, createConsole(rig, 'carla'), createConsole(rig, 'dora')]) {
        const { base, cursor } = await caughtUp(console);
        const answer = await console.digest(cursor);
        if (!answer.ok) throw new Error(answer.error.code);
        const { tallies } = digestsOf(base.rows);
        const told = [
          ...answer.value.buckets.map(({ b, n, x }) => [String(b), n, x]),
          ...answer.value.directory.filter(({ n }) => n > 0).map(({ e, n, x }) => [e, n, x]),
        ];
        expect(told.sort()).toEqual([...tallies].map(([key, { n, x }]) => [key, n, hex(x)]).sort());
        expect(answer.value).toMatchObject({ moving: [], movingDirectory: [] });
        seen.push(JSON.stringify(answer.value.buckets));
      }
      expect(new Set(seen).size).toBeGreaterThan(2);
    });

    it('SY4 what changed after the cursor is moving, and nothing else', async () => {
      await someTickets();
      const { cursor } = await caughtUp(ana);
      await admin.push(admin.command('addNote', ticketId(2), note('después')));
      await rig.putDirectory([person(people.rosa, 'Rosa Q.', sites.lima, false)]);
      const answer = await ana.digest(cursor);
      expect(answer).toMatchObject({ value: { moving: [bucketOf(ticketId(2))], movingDirectory: ['person'] } });
      const buckets = [bucketOf(ticketId(1)), bucketOf(ticketId(2)), bucketOf(ticketId(1))];
      const rows = await ana.digestRows(cursor, buckets, ['site', 'person']);
      if (!rows.ok) throw new Error(rows.error.code);
      expect(rows.value).toMatchObject({ moving: [bucketOf(ticketId(2))], movingDirectory: ['person'] });
      expect(rows.value.rows.map(({ e, id: row }) => `${e} ${row}`)).toEqual([
        `ticket ${ticketId(1)}`,
        `site ${sites.lima}`,
        `site ${sites.cusco}`,
      ]);
    });

    it('SY4 rows of a bucket are those of the base, one by one', async () => {
      await someTickets();
      const { base, cursor } = await caughtUp(admin);
      const all = [1, 2, 3, 4, 5].map((n) => bucketOf(ticketId(n)));
      const answer = await admin.digestRows(cursor, all, ['team']);
      if (!answer.ok) throw new Error(answer.error.code);
      const { rows } = digestsOf(base.rows);
      const wanted = [...rows].filter(([key]) => /^(ticket|team) /.test(key)).map(([key, x]) => `${key} ${hex(x)}`);
      expect(answer.value.rows.map((row) => `${row.e} ${row.id} ${row.x}`).sort()).toEqual(wanted.sort());
    });

    it('SY7 SY14 another scope, epoch or log is told so', async () => {
      await someTickets();
      const { cursor } = await caughtUp(ana);
      const principal = await ana.principal();
      const { epoch } = await rig.changes.live(principal.deskId).desk();
      const right = { protocol: PROTOCOL_VERSION, epoch, cursor, scopeVersion: principal.scopeVersion };
      const rows = { buckets: [], directory: [] };
      for (const [more, code] of [
        [{ epoch: id(0xe, 9) }, 'EPOCH'],
        [{ cursor: 999_999 }, 'EPOCH'],
        [{ scopeVersion: 'other' }, 'SCOPE'],
        [{ protocol: 0 }, 'protocolTooOld'],
      ] as const) {
        expect(await rig.service.digest(principal, { ...right, ...more })).toMatchObject({ error: { code } });
        expect(await rig.service.digestRows(principal, { ...right, ...rows, ...more })).toMatchObject({
          error: { code },
        });
        const asked = [{ e: 'ticket' as const, id: ticketId(1) }];
        expect(await rig.service.rows(principal, { ...right, ...more, rows: asked })).toMatchObject({
          error: { code },
        });
      }
    });
  });

  describe(`${name}: rows by key`, () => {
    it('SY4 with a cursor: as the base has them, without what changed since and what is past the window', async () => {
      await someTickets();
      const { base, cursor } = await caughtUp(admin);
      const ask = [1, 2, 3, 5].map((n) => ({ e: 'ticket' as const, id: ticketId(n) }));
      const answer = await admin.rows(cursor, [
        ...ask,
        { e: 'site', id: sites.lima },
        { e: 'ticket', id: id(0xa, 999) },
      ]);
      if (!answer.ok) throw new Error(answer.error.code);
      for (const [entity, doc] of docsOf(answer.value)) {
        const row = JSON.parse(doc ?? '') as { id: string; ticketId?: string; seq?: number };
        const key = entity === 'entry' ? `ticket ${row.ticketId} entry ${row.seq}` : `${entity} ${row.id}`;
        expect(base.rows.get(key)).toBe(doc);
      }
      expect(answer.value.at(-1)).toEqual({ t: 'end', rows: 1 + (1 + 3) + (1 + 2) + (1 + 4) + (1 + 1) });
      await admin.push(admin.command('addNote', ticketId(1), note('después')));
      rig.clock.now += 31 * 86_400_000;
      const later = await admin.rows(cursor, ask);
      if (!later.ok) throw new Error(later.error.code);
      const tickets = docsOf(later.value).flatMap(([e, doc]) =>
        e === 'ticket' ? [JSON.parse(doc ?? '') as { id: string }] : [],
      );
      expect(tickets.map((row) => row.id).sort()).toEqual([ticketId(2), ticketId(5)].sort());
    });

    it('SY7 with none: as they are now, past the window too, and never out of scope', async () => {
      await someTickets();
      await admin.push(admin.command('addNote', ticketId(1), note('después')));
      rig.clock.now += 31 * 86_400_000;
      const ask = [1, 3, 5].map((n) => ({ e: 'ticket' as const, id: ticketId(n) }));
      const idsOf = async (console: TestConsole) => {
        const answer = await console.rows(null, ask);
        if (!answer.ok) throw new Error(answer.error.code);
        const text = JSON.stringify(answer.value);
        return ask.filter((row) => text.includes(row.id)).map((row) => row.id);
      };
      expect(await idsOf(ana)).toEqual([ticketId(1), ticketId(3)]);
      expect(await idsOf(beto)).toEqual([ticketId(5)]);
      expect(await idsOf(createConsole(rig, 'carla'))).toEqual([]);
      expect(await idsOf(admin)).toEqual([ticketId(1), ticketId(3), ticketId(5)]);
    });
  });

  describe(`${name}: search of closed tickets`, () => {
    async function archive() {
      await admin.register(1, { subject: 'Impresora sin tóner', description: 'Imprime en blanco; no está la caja.' });
      await admin.register(2, { subject: 'Correo caído en Ñuñoa' });
      await admin.register(3, { subject: 'Tóner de Cusco', siteId: sites.cusco, teamId: teams.cusco });
      await admin.register(4, { subject: 'Tóner abierto' });
      await close(ticketId(1), 'Se cambió el cartucho HP-85A');
      rig.clock.now += 1_000;
      await close(ticketId(2));
      await admin.push(
        admin.command('assign', ticketId(3), { toPersonId: people.beto }),
        admin.command('resolve', ticketId(3), { solution: 'Repuesto', duringCall: false }),
        admin.command('close', ticketId(3), {}),
      );
    }
    const found = async (console: TestConsole, text: string, limit = 10) => {
      const answer = await console.search(text, limit);
      if (!answer.ok) throw new Error(answer.error.code);
      return answer.value.tickets.map((ticket) => ticket.id);
    };

    it('SY7 finds what left the window, by words without case or accent, and only in scope', async () => {
      await archive();
      expect(await found(admin, 'toner')).toEqual([]);
      rig.clock.now += 31 * 86_400_000;
      expect(await found(ana, 'TONER')).toEqual([ticketId(1)]);
      expect(await found(beto, 'tóner')).toEqual([ticketId(3)]);
      expect(await found(createConsole(rig, 'carla'), 'toner')).toEqual([]);
      expect(await found(admin, 'toner')).toEqual([ticketId(3), ticketId(1)]);
      expect(await found(ana, 'nunoa corr')).toEqual([ticketId(2)]);
      expect(await found(ana, 'cartucho hp-85a')).toEqual([ticketId(1)]);
      // The last word may still be being typed; one of a single letter, and those before it, are whole.
      expect(await found(ana, 'cart')).toEqual([ticketId(1)]);
      expect(await found(ana, 'cart hp')).toEqual([]);
      expect(await found(ana, 'c')).toEqual([]);
      expect(await found(ana, 'quispe ñahui')).toEqual([ticketId(2), ticketId(1)]);
      expect(await found(ana, 'mds-2026-000001')).toEqual([ticketId(1)]);
      expect(await found(ana, 'blanco')).toEqual([]);
    });

    it('SY7 newest closing first, with more to come told, and nothing for no word', async () => {
      await archive();
      rig.clock.now += 31 * 86_400_000;
      const one = await admin.search('rosa', 1);
      expect(one).toMatchObject({ value: { more: true, closedWindowDays: 30 } });
      expect(await found(admin, 'rosa', 2)).toHaveLength(2);
      expect(await admin.search('rosa', 3)).toMatchObject({ value: { more: false } });
      for (const text of ['', ' ', "'", "':*", '&|!()', '\\', '"']) expect(await found(admin, text)).toEqual([]);
      expect(await found(admin, "toner'")).toEqual([ticketId(3), ticketId(1)]);
    });

    it('SY7 a ticket that was opened again is no longer past the window', async () => {
      await archive();
      rig.clock.now += 20 * 86_400_000;
      await admin.push(admin.command('reopen', ticketId(1), { reason: 'volvió' }));
      rig.clock.now += 11 * 86_400_000;
      expect(await found(ana, 'toner')).toEqual([]);
    });
  });
}
