import { describe, expect, it } from 'vitest';
import { DatabaseGone, LockTable, newOwner } from '../../../simulator/desk/lock-table.ts';
import type { DeskStep, Gate } from '../../../simulator/desk/memory-transaction.ts';
import { createBase, createConsole, endOf, registerPayload, type TestConsole, ticketId } from './console.ts';
import { createDice } from './dice.ts';
import { memoryPorts } from './memory-ports.ts';
import { randomAct, randomRegister } from './random-act.ts';
import { createRig } from './rig.ts';
import { accounts, type Who } from './world.ts';

const note = (text: string) => ({ visibility: 'internal' as const, text });

/** A desk whose next step of that name fails. */
async function breakable() {
  let at: DeskStep | null = null;
  const gate: Gate = (step) => {
    if (step !== at) return undefined;
    at = null;
    throw new DatabaseGone(step);
  };
  const ports = memoryPorts(gate);
  const rig = await createRig(async () => ports);
  const breakAt = (step: DeskStep) => {
    at = step;
  };
  return { desk: ports.desk, rig, breakAt };
}

describe('memory desk: what can happen to it', () => {
  const steps: readonly DeskStep[] = [
    'begin',
    'lockChains',
    'storedCommands',
    'lockTickets',
    'loadDirectory',
    'write',
    'commit',
  ];
  it.each(steps)('SY1 SY2 a crash at %s leaves nothing, and the same push goes through after it', async (step) => {
    const { rig, desk, breakAt } = await breakable();
    const admin = createConsole(rig, 'admin');
    const command = admin.command('register', ticketId(1), registerPayload());
    const before = desk.state().log.length;
    breakAt(step);
    await expect(admin.push(command)).rejects.toThrow(DatabaseGone);
    expect(desk.state().log).toHaveLength(before);
    expect(desk.state().commands.size + desk.state().chains.size + desk.state().numbers.size).toBe(0);
    expect((await admin.push(command)).results[0]).toMatchObject({ replayed: false });
  });

  it('SY2 SY11 an answer lost after the commit comes again, byte for byte', async () => {
    const { rig, desk, breakAt } = await breakable();
    const admin = createConsole(rig, 'admin');
    const command = admin.command('register', ticketId(1), registerPayload());
    breakAt('committed');
    await expect(admin.push(command)).rejects.toThrow(DatabaseGone);
    const stored = desk.state().commands.get(command.id)?.outcome;
    expect((await admin.push(command)).results).toEqual([{ replayed: true, outcome: stored }]);
  });

  it('a connection that is cut dies with what it holds, and the others go on at once', async () => {
    const { desk } = memoryPorts();
    const held = Promise.withResolvers<void>();
    const cut = desk.connect((step) => (step === 'commit' ? held.promise : undefined));
    const never = cut.desks.transact(desk.deskId, async (tx) => tx.lockNumber(2026));
    const other = desk.connect().desks.transact(desk.deskId, async (tx) => tx.lockNumber(2026));
    cut.cut();
    expect(await other).toEqual({ ok: true, value: 0 });
    held.resolve();
    await expect(never).rejects.toThrow(DatabaseGone);
  });

  it('SY14 a restore takes all back to the backup, and what was under way dies', async () => {
    const held = Promise.withResolvers<void>();
    let holding = false;
    const ports = memoryPorts((step) => (holding && step === 'commit' ? held.promise : undefined));
    const rig = await createRig(async () => ports);
    const admin = createConsole(rig, 'admin');
    await admin.register(1);
    const backup = ports.desk.backup();
    const mark = await rig.desks.mark(ports.desk.deskId);
    await admin.push(admin.command('addNote', ticketId(1), note('se pierde')));
    holding = true;
    const dying = admin.push(admin.command('addNote', ticketId(1), note('en curso')));
    await Promise.resolve();
    ports.desk.restore(backup);
    held.resolve();
    await expect(dying).rejects.toThrow(DatabaseGone);
    expect(await rig.desks.mark(ports.desk.deskId)).toEqual(mark);
    holding = false;
    const again = createConsole(rig, 'admin', 2);
    await again.push(again.command('addNote', ticketId(1), note('otra')));
    expect((await rig.desks.mark(ports.desk.deskId)).seq).toBe(mark.seq + 1);
    ports.desk.restore(backup);
    expect(await rig.desks.mark(ports.desk.deskId)).toEqual(mark);
  });

  it('SY6 a reader at one moment keeps its state while others commit', async () => {
    const ports = memoryPorts();
    const rig = await createRig(async () => ports);
    const admin = createConsole(rig, 'admin');
    await admin.register(1);
    const heads = await rig.changes.atOnce(ports.desk.deskId, async (reads) => {
      const first = await reads.head();
      await admin.push(admin.command('addNote', ticketId(1), note('mientras')));
      return [first, await reads.head()];
    });
    expect(heads[0]).toEqual(heads[1]);
    expect((await rig.changes.live(ports.desk.deskId).head()).seq).toBe((heads[0]?.seq ?? 0) + 1);
  });

  it('a ring of three that wait for one another is broken where it closes', async () => {
    const locks = new LockTable();
    const [a, b, c] = [newOwner(), newOwner(), newOwner()];
    for (const [owner, key] of [
      [a, '1'],
      [b, '2'],
      [c, '3'],
    ] as const)
      expect(locks.acquire(owner, key)).toBeUndefined();
    const waiting = [locks.acquire(a, '2'), locks.acquire(b, '3')];
    await expect(locks.acquire(c, '1')).rejects.toThrow('deadlock');
    locks.releaseAll(c);
    await waiting[1];
    locks.releaseAll(b);
    await waiting[0];
    expect(a.held).toEqual(new Set(['1', '2']));
  });
});

describe('memory desk: crowds under a gate that holds steps back at random', () => {
  it.each(Array.from({ length: 30 }, (_, at) => at + 1))('SY2 SY3 SY4 SY6 SY8 seed %i', async (seed) => {
    const dice = createDice(seed);
    const ports = memoryPorts(() =>
      dice.below(3) === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined,
    );
    const rig = await createRig(async () => ports);
    const consoles = (Object.keys(accounts) as Who[]).map((who) => createConsole(rig, who));
    const setup = createConsole(rig, 'admin', 9);
    await setup.registerAll([1, 2, 3]);
    const sent: string[] = [];
    let writing = consoles.length;
    const write = async (console: TestConsole, at: number) => {
      for (let round = 0; round < 8; round++) {
        const batch = [1, 2].map(() => randomAct(dice, console, ticketId(1 + dice.below(3)), 3));
        if (round === 3) batch.push(randomRegister(dice, console, 10 + at));
        sent.push(...batch.map((command) => command.id));
        await Promise.all([console.push(...batch), dice.below(3) === 0 ? console.push(...batch) : null]);
      }
      writing -= 1;
    };
    const follow = async (console: TestConsole) => {
      const base = createBase();
      let cursor = 0;
      for (;;) {
        const last = writing === 0;
        const lines = await console.pull(cursor, 2);
        base.apply(lines);
        cursor = endOf(lines).cursor;
        if (last && !endOf(lines).more) break;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const whole = createBase();
      whole.apply(await console.pull(0));
      expect(new Map([...base.rows].sort())).toEqual(new Map([...whole.rows].sort()));
    };
    await Promise.all([...consoles.map(write), ...consoles.map(follow)]);
    const { commands, log, tickets } = ports.desk.state();
    expect(commands.size).toBe(sent.length + 3);
    expect(log.map((row) => row.seq)).toEqual(log.map((_, at) => at + 1));
    const txids = log.map((row) => row.txid);
    expect(txids).toEqual([...txids].sort((one, other) => one - other));
    for (const { doc, entries } of tickets.values()) expect(entries).toHaveLength(doc.value.version);
  });
});
