import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WireCommand } from '../../../src/protocol/sync/command.ts';
import { markOf } from '../../../src/store/epoch/seal.ts';
import {
  about,
  createBase,
  createConsole,
  endOf,
  note,
  registerPayload,
  type TestConsole,
  ticketId,
} from './console.ts';
import { createRig, type OpenPorts, type Rig } from './rig.ts';
import { accounts, EPOCH, id, SEAL_KEY, START } from './world.ts';

/** What every adapter of the two ports of a desk must do; one suite, so that the simulator's is the product's. */
export function describeDeskContract(name: string, open: OpenPorts): void {
  let rig: Rig;
  let ana: TestConsole;
  let admin: TestConsole;
  beforeEach(async () => {
    rig = await createRig(open);
    ana = createConsole(rig, 'ana');
    admin = createConsole(rig, 'admin');
  });
  afterEach(() => rig.close());
  const head = async () => (await rig.desks.mark((await admin.principal()).deskId)).seq;

  describe(`${name}: push`, () => {
    it('SY2 SY11 a command sent again answers with its first bytes and changes nothing', async () => {
      const first = admin.command('register', ticketId(1), registerPayload());
      const once = await admin.push(first);
      rig.clock.now += 60_000;
      const again = await admin.push(first, admin.command('addNote', ticketId(1), note('uno')));
      expect(again.results[0]).toEqual({ replayed: true, outcome: once.results[0]?.outcome });
      expect(again.results[1]?.outcome).toContain('"ticketVersion":2');
      expect((await admin.push(first)).mark).toEqual(again.mark);
      expect(again.mark?.seq).toBe((once.mark?.seq ?? 0) + 1);
    });

    it('SY2 twice in one batch, and at the same moment twice: one effect', async () => {
      const register = admin.command('register', ticketId(1), registerPayload());
      const both = await Promise.all(Array.from({ length: 6 }, () => admin.push(register)));
      const outcomes = new Set(both.map((answer) => answer.results[0]?.outcome));
      expect(outcomes.size).toBe(1);
      expect(both.filter((answer) => !answer.results[0]?.replayed)).toHaveLength(1);
      expect(about(await admin.pull(0), ticketId(1))).toEqual(['ticket 1', 'entry 1']);
    });

    it('SY12 another command in a place that is taken, or past a hole, is a fork and applies nothing', async () => {
      const first = admin.command('register', ticketId(1), registerPayload());
      await admin.push(first);
      const other: WireCommand = { ...first, id: id(0xf, 1), payload: registerPayload({ subject: 'Otro' }) };
      const beyond = admin.command('addNote', ticketId(1), note('x'), { n: 3 });
      for (const wrong of [other, beyond]) {
        const answer = await admin.pushRaw([wrong]);
        expect(answer).toMatchObject({ ok: false, error: { code: 'FORK', lastN: 1 } });
      }
      const twin = createConsole(rig, 'admin', 2);
      const kept = await twin.push(twin.command('register', ticketId(2), registerPayload(), { id: first.id }));
      expect(kept.results[0]?.replayed).toBe(true);
      expect(about(await admin.pull(0), ticketId(2))).toEqual([]);
    });

    it('SY14 a push that names another epoch applies nothing', async () => {
      const command = admin.command('register', ticketId(1), registerPayload());
      expect(await admin.pushRaw([command], id(0xe, 9))).toMatchObject({ ok: false, error: { code: 'EPOCH' } });
      expect(await admin.pushRaw([command])).toMatchObject({ ok: true });
    });

    it('SY14 a push that knows a place which this log does not have applies nothing, whatever the epoch says', async () => {
      const { mark } = await admin.push(admin.command('register', ticketId(1), registerPayload()));
      if (mark === null) throw new Error('a console in service is told its mark');
      const command = admin.command('addNote', ticketId(1), note('después'));
      const asDesk = { epoch: EPOCH, sealKey: SEAL_KEY };
      for (const gone of [{ seq: mark.seq + 1_000 }, { hash: 'f'.repeat(64) }]) {
        expect(await admin.pushRaw([command], EPOCH, markOf(asDesk, { ...mark, ...gone }))).toMatchObject({
          ok: false,
          error: { code: 'EPOCH' },
        });
      }
      // Of an epoch that is over, it says nothing of this one.
      expect(await admin.pushRaw([command], EPOCH, { ...mark, epoch: id(0xe, 9), seq: 7 })).toMatchObject({ ok: true });
      expect(about(await admin.pull(0), ticketId(1))).toEqual(['ticket 2', 'entry 1', 'entry 2']);
    });

    it('SY14 SY16 a place with a wrong seal proves nothing: a damaged one must not hold a queue for ever', async () => {
      const { mark } = await admin.push(admin.command('register', ticketId(1), registerPayload()));
      if (mark === null) throw new Error('a console in service is told its mark');
      const damaged = { ...mark, hash: 'f'.repeat(64) };
      expect(await admin.pushRaw([admin.command('addNote', ticketId(1), note('x'))], EPOCH, damaged)).toMatchObject({
        ok: true,
      });
    });

    it('SY3 SY8 many consoles on one ticket at once: each effect once, versions without a hole', async () => {
      const ticket = await admin.register(1);
      const crowd = Array.from({ length: 8 }, (_, at) => createConsole(rig, 'admin', 10 + at));
      const batches = crowd.map((one) =>
        Array.from({ length: 5 }, (_, at) => one.command('addNote', ticket, note(`${at}`))),
      );
      await Promise.all(
        crowd.map(async (one, at) => {
          for (const command of batches[at] ?? []) await one.push(command);
        }),
      );
      const lines = about(await admin.pull(0), ticket);
      expect(lines).toEqual(['ticket 41', ...Array.from({ length: 41 }, (_, at) => `entry ${at + 1}`)]);
    });

    it('official numbers are given once, in the order of the commits', async () => {
      const crowd = Array.from({ length: 8 }, (_, at) => createConsole(rig, 'admin', 10 + at));
      const answers = await Promise.all(
        crowd.map((one, at) => one.push(one.command('register', ticketId(at + 1), registerPayload()))),
      );
      const numbers = answers.map(
        (answer) => (JSON.parse(answer.results[0]?.outcome ?? '{}') as { number: string }).number,
      );
      expect([...numbers].sort()).toEqual(
        Array.from({ length: 8 }, (_, at) => `MDS-2026-${String(at + 1).padStart(6, '0')}`),
      );
    });

    it('two batches that want the same tickets in opposite order both end', async () => {
      const [one, two] = [await admin.register(1), await admin.register(2)];
      const [left, right] = [createConsole(rig, 'admin', 11), createConsole(rig, 'admin', 12)];
      for (let round = 0; round < 5; round++) {
        await Promise.all([
          left.push(left.command('addNote', one, note('a')), left.command('addNote', two, note('a'))),
          right.push(right.command('addNote', two, note('b')), right.command('addNote', one, note('b'))),
        ]);
      }
      const pulled = await admin.pull(0);
      expect([about(pulled, one)[0], about(pulled, two)[0]]).toEqual(['ticket 11', 'ticket 11']);
    });

    it('a revoked device hands in and is told nothing of the log', async () => {
      const ticket = await ana.register(1);
      await rig.revokeDevice(accounts.ana.deviceId, START);
      const answer = await ana.push(ana.command('addNote', ticket, note('visita')));
      expect(answer.mark).toBeNull();
      expect(answer.results[0]?.outcome).toContain('"parked"');
    });
  });

  describe(`${name}: a transaction`, () => {
    it('that fails leaves nothing and frees its locks', async () => {
      const { deskId } = await admin.principal();
      const before = await head();
      const broken = rig.desks.transact(deskId, async (tx) => {
        await tx.lockChains([{ deviceId: accounts.admin.deviceId, incarnation: id(0xc, 77) }]);
        await tx.lockNumber(2026);
        throw new Error('bug');
      });
      await expect(broken).rejects.toThrow('bug');
      await admin.register(1);
      expect(await head()).toBe(before + 1);
    });

    it('answers conflict to a deadlock, and the other goes through', async () => {
      const { deskId } = await admin.principal();
      const met = { one: Promise.withResolvers<void>(), two: Promise.withResolvers<void>() };
      const crossed = (mine: 'one' | 'two', first: number, second: number) =>
        rig.desks.transact(deskId, async (tx) => {
          await tx.lockChains([]);
          await tx.lockNumber(first);
          met[mine].resolve();
          await Promise.all([met.one.promise, met.two.promise]);
          return tx.lockNumber(second);
        });
      await rig.desks.transact(deskId, async (tx) => {
        await tx.lockChains([]);
        await tx.lockNumber(1);
        await tx.lockNumber(2);
      });
      const ends = await Promise.all([crossed('one', 1, 2), crossed('two', 2, 1)]);
      expect(ends.filter((end) => end.ok)).toHaveLength(1);
      expect(ends).toContainEqual({ ok: false, error: 'conflict' });
    });

    it('SY14 opens an epoch once, whoever asks', async () => {
      const { deskId } = await admin.principal();
      const { epoch } = await rig.changes.live(deskId).desk();
      const to = [id(0xe, 50), id(0xe, 51)];
      const opened = await Promise.all(to.map((next) => rig.desks.openEpoch(deskId, { from: epoch, to: next, at: 5 })));
      expect(opened.filter(Boolean)).toHaveLength(1);
      expect(await rig.changes.live(deskId).desk()).toMatchObject({ epoch: to[opened.indexOf(true)], restoredAt: 5 });
    });
  });

  describe(`${name}: the log in commit order`, () => {
    it('SY6 SY8 a reader that follows while many write meets no hole, and ends with the store’s own state', async () => {
      const tickets = await admin.registerAll([1, 2, 3, 4]);
      const crowd = Array.from({ length: 6 }, (_, at) => createConsole(rig, 'admin', 20 + at));
      let writing = true;
      const base = createBase();
      let cursor = 0;
      const versions = new Map<string, number>();
      const reader = (async () => {
        for (;;) {
          const last = !writing;
          const lines = await admin.pull(cursor, 3);
          for (const line of lines) {
            if (line.t !== 'up' || line.e !== 'ticket') continue;
            const row = JSON.parse(line.doc) as { id: string; version: number };
            expect(row.version).toBeGreaterThanOrEqual(versions.get(row.id) ?? 0);
            versions.set(row.id, row.version);
          }
          base.apply(lines, () => {
            // A ticket never stands beside half of its timeline.
            for (const [key, doc] of base.rows) {
              if (!/^ticket \S+$/.test(key)) continue;
              const { version } = JSON.parse(doc) as { version: number };
              expect([...base.rows.keys()].filter((other) => other.startsWith(`${key} entry`))).toHaveLength(version);
            }
          });
          const end = endOf(lines);
          cursor = end.cursor;
          if (last && !end.more) return;
        }
      })();
      await Promise.all(
        crowd.map(async (one, at) => {
          for (let round = 0; round < 6; round++) {
            const [first, second] = [tickets[(at + round) % 4] as string, tickets[(at + round + 1) % 4] as string];
            await one.push(one.command('addNote', first, note('x')), one.command('addNote', second, note('y')));
          }
        }),
      );
      writing = false;
      await reader;
      const whole = createBase();
      whole.apply(await admin.pull(0));
      expect(new Map([...base.rows].sort())).toEqual(new Map([...whole.rows].sort()));
      expect(versions.size).toBe(4);
    });

    it('SY8 trap one: written first and committed last is logged last, with the row that is there', async () => {
      const ticket = await admin.register(1);
      const cursor = endOf(await admin.pull(0)).cursor;
      const { deskId } = await admin.principal();
      const hold = Promise.withResolvers<void>();
      const began = Promise.withResolvers<void>();
      // Began first: holds no lock that the other wants, and commits after it.
      const early = rig.desks.transact(deskId, async (tx) => {
        await tx.lockChains([]);
        began.resolve();
        await hold.promise;
        return (await tx.lockTickets([ticket]))[0]?.ticket.version;
      });
      await began.promise;
      await admin.push(admin.command('addNote', ticket, note('late')));
      hold.resolve();
      expect(await early).toEqual({ ok: true, value: 2 });
      await admin.push(admin.command('addNote', ticket, note('early')));
      const lines = await admin.pull(cursor);
      expect(about(lines, ticket)).toEqual(['ticket 3', 'entry 2', 'entry 3']);
      expect(lines.filter((line) => line.t === 'tx').map((line) => 'seq' in line && line.seq)).toEqual([cursor + 2]);
    });

    it('SY6 trap two: what depends on a ticket never comes before it, although its transaction began before', async () => {
      const cursor = endOf(await admin.pull(0)).cursor;
      const { deskId } = await admin.principal();
      const began = Promise.withResolvers<void>();
      const hold = Promise.withResolvers<void>();
      const idle = rig.desks.transact(deskId, async (tx) => {
        await tx.lockChains([]);
        began.resolve();
        await hold.promise;
      });
      await began.promise;
      const ticket = await admin.register(1);
      const between = await admin.pull(cursor);
      hold.resolve();
      await idle;
      await admin.push(admin.command('addNote', ticket, note('después')));
      expect(about(between, ticket)).toEqual(['ticket 1', 'entry 1']);
      expect(about(await admin.pull(endOf(between).cursor), ticket)).toEqual(['ticket 2', 'entry 2']);
    });
  });
}
