import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { createRestorableStore, type RestorableStore } from '../support/restorable-store.ts';
import { createDrillConsole, type DrillConsole, epochOf, outboxOf, tellStore } from './drill-support.ts';

let store: RestorableStore;
let desk: Desk;
let folder: string;
const open: DrillConsole[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-clones-'));
  store = await createRestorableStore();
  desk = await createFixtureDesk(store.db);
  await store.start();
});
afterAll(async () => {
  await Promise.all(open.map((console) => console.stop()));
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The console of Ana on the files of a folder. */
const consoleOn = (dataDir?: string) => {
  const console = createDrillConsole(store.url, desk, desk.accounts.ana, dataDir);
  open.push(console);
  return console;
};
/** The disk of a stopped console, copied as an image of the machine would be. */
const cloneOf = (console: DrillConsole, name: string) => {
  const copy = join(folder, name);
  cpSync(console.dataDir, copy, { recursive: true });
  return copy;
};
const incarnationsOf = async (ids: readonly string[]) => {
  const { rows } = await store.db.pool.query<{ incarnation: string }>(
    'select distinct incarnation from commands where id = any($1)',
    [ids],
  );
  return rows.length;
};

describe('clone drill, on whole consoles and their files', () => {
  it('SY12 SY2 two consoles with the same outbox both push: all work of both lands, ids kept, nothing twice', async () => {
    const ana = consoleOn();
    await ana.start();
    await ana.signIn();
    const common = await ana.register('Antes de la copia', true);
    await ana.note(common, 'contestada');
    await ana.settled();
    // Written with no link, and so in both copies.
    await store.stop();
    const unsent = [await ana.note(common, 'sin enviar 1'), await ana.note(common, 'sin enviar 2')];
    const offline = await ana.register('Sin enviar');
    await ana.stop();
    const copy = consoleOn(cloneOf(ana, 'copia'));

    // Both write at the same place of the same chain before either has a link.
    await ana.start();
    await copy.start();
    const [mine, theirs] = [await ana.note(common, 'del original'), await copy.note(common, 'de la copia')];
    await ana.note(offline, 'original en lo suyo');
    await copy.note(offline, 'copia en lo suyo');
    const own = await copy.register('Solo de la copia');
    await store.start();
    const epoch = await epochOf(store.db, desk);
    await Promise.all([ana.comesBack(epoch), copy.comesBack(epoch)]);
    await ana.note(common, 'después, original');
    await copy.note(common, 'después, copia');
    await Promise.all([ana.settled(), copy.settled()]);

    const told = await tellStore(store.db);
    expect(told.notes(common)).toEqual(
      [
        'contestada',
        'sin enviar 1',
        'sin enviar 2',
        'del original',
        'de la copia',
        'después, original',
        'después, copia',
      ].sort(),
    );
    expect(told.notes(offline)).toEqual(['copia en lo suyo', 'original en lo suyo']);
    expect(told.tickets.has(own)).toBe(true);
    expect(told.tickets.size).toBe(3);
    for (const id of [...unsent, mine, theirs]) expect(told.effects(id)).toEqual(['noteAdded']);
    // Every command of both files is at the store under its id, with the answer that the file holds.
    const lines = [...outboxOf(ana.dataDir), ...outboxOf(copy.dataDir)];
    expect(new Set(lines.map(({ id }) => id)).size).toBe(told.commands.size);
    for (const line of lines) expect(JSON.stringify(line.outcome)).toBe(told.commands.get(line.id)?.outcome);
    expect(await incarnationsOf([mine, theirs])).toBe(2);
    expect(await verifyDesk(store.db, desk.deskId, 'simulacro')).toMatchObject({ faults: [], doubts: [] });
  });

  it('SY12 an older image of the machine put back: what it writes lands, and what the machine had written since stays', async () => {
    const ana = consoleOn();
    await ana.start();
    await ana.signIn();
    const ticket = await ana.register('Imagen vieja', true);
    await ana.note(ticket, 'uno');
    await ana.settled();
    await ana.stop();
    const old = cloneOf(ana, 'imagen');
    await ana.start();
    await ana.comesBack(await epochOf(store.db, desk));
    const since = [await ana.note(ticket, 'dos'), await ana.note(ticket, 'tres')];
    await ana.settled();
    await ana.stop();

    const back = consoleOn(old);
    await back.start();
    const late = await back.note(ticket, 'cuatro, desde la imagen');
    await back.comesBack(await epochOf(store.db, desk));
    await back.sees(ticket, ({ version }) => version >= 6);
    const told = await tellStore(store.db);
    expect(told.notes(ticket)).toEqual(['cuatro, desde la imagen', 'dos', 'tres', 'uno']);
    for (const id of [...since, late]) expect(told.effects(id)).toEqual(['noteAdded']);
    expect(await incarnationsOf([...since, late])).toBe(2);
    expect(await verifyDesk(store.db, desk.deskId, 'simulacro')).toMatchObject({ faults: [], doubts: [] });
  });
});
