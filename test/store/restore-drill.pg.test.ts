import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putDirectory } from '../../src/store/admin/desks.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { createRestorableStore, type RestorableStore } from '../support/restorable-store.ts';
import { createDrillConsole, type DrillConsole, epochOf, expectAllBack, tellStore } from './drill-support.ts';

const main = fileURLToPath(new URL('../../src/store/main.ts', import.meta.url));
const cli = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
};

let store: RestorableStore;
let desk: Desk;
let folder: string;
let consoles: { ana: DrillConsole; carla: DrillConsole; dora: DrillConsole; beto: DrillConsole };
const all = () => Object.values(consoles);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-drill-'));
  store = await createRestorableStore();
  desk = await createFixtureDesk(store.db);
  const { ana, carla, dora, beto } = desk.accounts;
  // Two people of one team, so that they can want the same ticket.
  await putDirectory(store.db, desk.deskId, {
    membership: [{ id: v7(), teamId: desk.teams.limaDesk, personId: carla.personId, active: true }],
  });
  const console = (who: typeof ana) => createDrillConsole(store.url, desk, who);
  consoles = { ana: console(ana), carla: console(carla), dora: console(dora), beto: console(beto) };
  await store.start();
});
afterAll(async () => {
  await Promise.all(all().map((console) => console.stop()));
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const numbersOf = (told: Awaited<ReturnType<typeof tellStore>>, ids: readonly string[]) =>
  ids.map((id) => told.tickets.get(id)?.number);

describe('restore drill, on whole consoles', () => {
  const file = () => join(folder, 'ayer.backup');
  const made: string[] = [];
  let shared = '';
  let wanted = '';

  it('SY14 SY1 SY2 every acknowledged command that a console holds is back exactly once, whoever comes back first', async () => {
    const { ana, carla, dora, beto } = consoles;
    // Yesterday.
    for (const console of [ana, carla, dora]) {
      await console.start();
      await console.signIn();
    }
    shared = await ana.register('De ayer', true);
    await ana.note(shared, 'ayer');
    await ana.settled();
    wanted = await dora.register('La quieren dos');
    await dora.settled();
    for (const console of [ana, carla, dora]) {
      await console.sees(shared);
      await console.sees(wanted);
    }
    cli('backup', file(), '--database-url', store.databaseUrl);

    // Today: all of this is acknowledged, and lost with the store's disk.
    await beto.start();
    await beto.signIn();
    for (let n = 0; n < 12; n++) made.push(await ana.register(`De hoy ${n}`, n % 2 === 0));
    const [first = '', second = ''] = made;
    for (const id of made) await ana.note(id, `ana en ${id}`);
    await ana.settled();
    for (const id of made.slice(0, 8)) {
      await dora.sees(id);
      await dora.note(id, `dora en ${id}`);
    }
    await dora.note(shared, 'dora hoy');
    await dora.settled();
    await carla.sees(first);
    await carla.note(first, 'carla también');
    await ana.act('resolve', shared, { solution: 'Solución de Ana', duringCall: false });
    await ana.settled();
    const cusco = await beto.register('De Cusco');
    await beto.note(cusco, 'beto');
    await beto.settled();
    // Two claims on one ticket while nobody has a link: the second is refused.
    await carla.settled();
    await store.stop();
    await ana.act('claim', wanted, {});
    await carla.act('claim', wanted, {});
    await store.start();
    await ana.settled();
    await carla.settled();
    expect(carla.outbox().filter((line) => line.state === 'refused')).toHaveLength(1);
    const before = await tellStore(store.db);

    // The disk burns; yesterday's backup is put back. Ana is away when the desk opens again.
    await store.stop();
    await ana.stop();
    cli('restore', file(), '--replace', '--database-url', store.databaseUrl);
    expect((await tellStore(store.db)).tickets.size).toBe(2);
    await store.start();
    // Beto's session is younger than the backup: he signs in again, and nothing of his is lost.
    await expect
      .poll(async () => (await beto.spawned().call('connection.get', {})).state, { timeout: 20_000 })
      .toBe('sessionExpired');
    const restored = await epochOf(store.db, desk);
    for (const console of [dora, carla, beto]) await console.comesBack(restored);
    const waiting = await tellStore(store.db);
    expect(waiting.tickets.has(first)).toBe(false);
    expect(waiting.noted).not.toContain(first);
    // Work goes on: somebody else resolves Ana's ticket, and a new one takes the number of one that is not back yet.
    await dora.sees(shared);
    await dora.act('resolve', shared, { solution: 'Solución de Dora', duringCall: false });
    const newcomer = await dora.register('Después');
    await dora.settled();

    await ana.start();
    await ana.comesBack(restored);
    const after = await expectAllBack(store.db, desk, all(), before);
    expect(after.notes(first)).toEqual([`ana en ${first}`, 'carla también', `dora en ${first}`]);
    // Numbers: as before, but where another ticket has it now.
    const numbers = numbersOf(before, made);
    const changed = numbersOf(after, made).filter((number, index) => number !== numbers[index]);
    expect(changed.length).toBeLessThanOrEqual(1);
    expect(numbers).toContain(after.tickets.get(second)?.number);
    expect(new Set([...after.tickets.values()].map(({ number }) => number)).size).toBe(after.tickets.size);
    expect(after.tickets.has(newcomer)).toBe(true);
    // Ana's solution did not overwrite Dora's: both are on the ticket until a person decides.
    const { solution, parked } = JSON.parse(after.tickets.get(shared)?.doc ?? '{}');
    expect(solution).toBe('Solución de Dora');
    expect(parked).toMatchObject([
      { type: 'resolve', conflicts: [{ theirs: 'Solución de Dora', mine: 'Solución de Ana' }] },
    ]);
  });

  it('SY4 SY14 the caches of all consoles are what the store has', async () => {
    const { tickets } = await tellStore(store.db);
    for (const console of [consoles.ana, consoles.dora, consoles.carla]) {
      for (const [id, { doc }] of tickets) {
        const view = await console.spawned().call('ticket.get', { ticketId: id });
        if (view !== null) expect(view.ticket).toEqual(JSON.parse(doc));
        else expect(console).not.toBe(consoles.dora);
      }
    }
  });

  it('SY14 the person is told once, with how much was handed in again', async () => {
    const { notices } = await consoles.ana.spawned().call('connection.get', {});
    const told = notices.filter(({ kind }) => kind === 'storeRestored');
    expect(told).toHaveLength(1);
    expect(told[0]?.params).toMatchObject({ owed: told[0]?.params['replayed'] });
  });

  it('SY14 a second restore in a row brings all back again, once', async () => {
    const before = await tellStore(store.db);
    await store.stop();
    cli('restore', file(), '--replace', '--database-url', store.databaseUrl);
    await store.start();
    const epoch = await epochOf(store.db, desk);
    for (const console of [consoles.carla, consoles.ana, consoles.beto, consoles.dora]) await console.comesBack(epoch);
    await expectAllBack(store.db, desk, all(), before);
  });

  it('SY14 files put back underneath, with nobody told: a sealed place betrays it, and all is back', async () => {
    const { ana, dora } = consoles;
    await store.stop();
    await store.keepFiles();
    await store.start();
    for (const console of [ana, dora]) await console.settled();
    const late = await ana.register('Tras la copia');
    await ana.note(late, 'tras la copia');
    await ana.settled();
    await dora.sees(late);
    await dora.note(late, 'dora tras la copia');
    await dora.settled();
    const before = await tellStore(store.db);
    const epoch = await epochOf(store.db, desk);
    await store.stop();
    await store.putFilesBack();
    expect(await epochOf(store.db, desk)).toBe(epoch);
    expect((await tellStore(store.db)).tickets.has(late)).toBe(false);
    await store.start();
    // Nobody told the store: the first console that knew more does.
    await expect.poll(() => epochOf(store.db, desk), { timeout: 30_000, interval: 200 }).not.toBe(epoch);
    const opened = await epochOf(store.db, desk);
    for (const console of all()) await console.comesBack(opened);
    await expectAllBack(store.db, desk, all(), before);
  });
});
