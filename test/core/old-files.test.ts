import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namesMentioned } from '../../src/core/queries/names-mentioned.ts';
import { itemState, pendingMark } from '../../src/core/queries/pending-mark.ts';
import type { TimelineEntry } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { createProfiles, profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { createReader } from '../../src/platform-node/queries/reader.ts';
import { witnessOf } from '../../src/platform-node/sqlite/file-version.ts';
import { SCHEMA_VERSION } from '../../src/protocol/versions.ts';
import { bugsOf, type ConsoleRig, createScene, required, type Scene } from '../support/console/console-rig.ts';
import type { MemoryStore } from '../support/console/memory-store.ts';
import { actors, ids, uuid } from '../support/world.ts';

/** Files that the first version wrote; their README says how. */
const fixture = (name: string): Buffer =>
  gunzipSync(readFileSync(join(import.meta.dirname, '../fixtures/databases/v1', `${name}.gz`)));
interface OldDesk {
  readonly epoch: string;
  readonly at: number;
  readonly tickets: readonly [string, Ticket][];
  readonly entries: readonly [string, TimelineEntry[]][];
  readonly outcomes: readonly [string, string][];
  readonly log: MemoryStore['log'];
}
const ticketAt = (n: number) => uuid(5_000 + n);

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chasqui-old-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const paths = () => profilePaths(dataDir, profileId('memory:', 'ana'));

/** The old files in a data folder, as its profile has them. */
function unpack(): void {
  mkdirSync(paths().folder, { recursive: true });
  for (const name of ['outbox', 'cache'] as const) writeFileSync(paths()[name], fixture(`${name}.db`));
  writeFileSync(paths().record, JSON.stringify({ storeUrl: 'memory:', user: 'ana' }));
}
/** The desk as it stood when those files were written. */
async function oldScene(): Promise<{ scene: Scene; desk: OldDesk }> {
  // Written by the script beside it, from the objects themselves.
  const desk = JSON.parse(fixture('desk.json').toString('utf8')) as OldDesk;
  const scene = createScene();
  await scene.time.advance(desk.at - scene.time.now());
  const { store } = scene;
  store.epoch = desk.epoch;
  for (const [id, ticket] of desk.tickets) store.tickets.set(id, ticket);
  for (const [id, entries] of desk.entries) store.entries.set(id, entries);
  for (const [id, outcome] of desk.outcomes) store.outcomes.set(id, outcome);
  store.log.push(...desk.log);
  return { scene, desk };
}
function boot(scene: Scene, link?: ConsoleRig['link']) {
  const log = { write: () => {} };
  const profiles = createProfiles({ dataDir, storeUrl: 'memory:', clock: { now: scene.time.now }, log });
  const rig = scene.boot(undefined, link, profiles);
  const files = () => {
    const opened = profiles.open('ana');
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value;
  };
  return { rig, files };
}
const tamper = (name: 'outbox' | 'cache', ...sql: string[]) => {
  const db = new Database(paths()[name]);
  for (const text of sql) db.exec(text);
  db.close();
};
const answeredBefore = (): { id: string; outcome: string }[] => {
  const db = new Database(paths().outbox, { readonly: true });
  const rows = db
    .prepare<[], { id: string; outcome: string }>(
      'select id, outcome from commands where outcome is not null order by pos',
    )
    .all();
  db.close();
  return rows;
};

describe('files of the first version', () => {
  it('SY16 threat 25: open with everything that they held, without a contact', async () => {
    unpack();
    const before = answeredBefore();
    expect(before).toHaveLength(3);
    const { scene, desk } = await oldScene();
    const { rig, files } = boot(scene);
    rig.link.down = { kind: 'offline' };
    expect(rig.core.start()).toEqual({ ok: true, value: null });
    await scene.time.advance(10_000);
    const { outbox, cache, cacheRebuilt } = files();
    expect(cacheRebuilt).toBe(false);
    expect((await rig.must('session.get', {})).session?.user).toBe('ana');
    expect((await rig.must('preferences.get', {})).theme).toBe('dark');
    expect(outbox.counts()).toMatchObject({ unanswered: 5, refused: 1 });
    expect(outbox.unreadable()).toMatchObject([{ text: expect.stringContaining('esta fila sx dañará') }]);
    expect(outbox.unanswered(10).map((row) => (row.kind === 'command' ? row.wire.type : row.kind))).toEqual([
      'register',
      'claim',
      'addNote',
      'unreadable',
      'addNote',
    ]);
    for (const { id, outcome } of before) expect(JSON.stringify(outbox.get(id)?.outcome)).toBe(outcome);
    const { drafts } = await rig.must('drafts.list', {});
    expect(drafts.map(({ key, ticketId, content }) => ({ key, ticketId, content }))).toEqual(
      expect.arrayContaining([
        { key: 'note:5', ticketId: ticketAt(5), content: { text: 'a medio escribir' } },
        { key: 'quick', ticketId: null, content: { subject: 'otro borrador', tags: [1, null] } },
      ]),
    );
    expect(outbox.seenVersion(ticketAt(0))).toBe(3);
    for (const [id, ticket] of desk.tickets) expect(cache.base(id)).toEqual(ticket);
    expect(cache.shown(ticketAt(3))).toMatchObject({ noteCount: 2 });
    expect(cache.overlaid()).toHaveLength(3);
    expect(bugsOf(rig)).toEqual([]);
    await rig.core.stop();
  });

  it('SY2 SY9 SY16: everything that waited in them is sent, once, and what could not be read stays', async () => {
    unpack();
    const before = answeredBefore();
    const { scene } = await oldScene();
    const { rig, files } = boot(scene);
    rig.core.start();
    await scene.time.advance(120_000);
    const { outbox, cache } = files();
    expect(outbox.unanswered(10)).toEqual([]);
    expect(outbox.unreadable()).toMatchObject([
      { text: expect.stringContaining('esta fila sx dañará'), quarantined: true },
    ]);
    for (const { id, outcome } of before) {
      expect(JSON.stringify(outbox.get(id)?.outcome)).toBe(outcome);
      expect(scene.store.outcomes.get(id)).toBe(outcome);
    }
    const texts = (id: string) =>
      required(scene.store.entries.get(id)).flatMap(({ event }) => (event.type === 'noteAdded' ? [event.text] : []));
    expect(texts(ticketAt(3))).toEqual(['nota 3 de Beto', 'escrita sin red: ñandú 🐦']);
    expect(texts(ticketAt(4))).toEqual(['nota 4 de Beto', 'y esta va detrás']);
    expect([...scene.store.tickets.values()].filter(({ subject }) => subject === 'Registrado sin red')).toMatchObject([
      { assigneeId: ids.ana },
    ]);
    expect(scene.store.effects).toHaveLength(4);
    expect(cache.meta()).toMatchObject({ schema: SCHEMA_VERSION, fill: null, caughtUp: true });
    for (const [id, ticket] of scene.store.tickets) expect(cache.shown(id)).toEqual(ticket);
    expect((await rig.must('drafts.list', {})).drafts).toHaveLength(2);
    expect(bugsOf(rig)).toEqual([]);
    await rig.core.stop();
  });

  it('SY16: a cache with rows that this version cannot read keeps what lies over them, and is filled anew', async () => {
    unpack();
    tamper(
      'cache',
      `update ticket_docs set doc = json_remove(doc, '$.tier') where ref in (select ref from ids where id in ('${ticketAt(0)}', '${ticketAt(1)}'))`,
      `update base_docs set doc = json_remove(doc, '$.tier')`,
      `update directory set doc = json_remove(doc, '$.name') where entity = 'person'`,
      `update meta set value = json_set(value, '$.schema', 0)`,
    );
    const { scene } = await oldScene();
    const { rig, files } = boot(scene);
    rig.link.down = { kind: 'offline' };
    expect(rig.core.start().ok).toBe(true);
    await scene.time.advance(10_000);
    const { cache, outbox } = files();
    expect([cache.shown(ticketAt(0)), cache.base(ticketAt(3))]).toEqual([null, null]);
    expect(cache.shown(ticketAt(3))).toMatchObject({ noteCount: 2 });
    expect(cache.overlaid()).toHaveLength(3);
    expect(outbox.counts()).toMatchObject({ unanswered: 5 });
    // The screen has what can be read, and no error.
    const reader = createReader({
      cachePath: paths().cache,
      outboxPath: paths().outbox,
      actor: actors.ana,
      rules: { namesMentioned, itemState, pendingMark },
    });
    const page = {
      siteId: null,
      teamId: null,
      assigneeId: null,
      kind: null,
      tier: null,
      text: '',
      offset: 0,
      limit: 50,
    };
    const window = { ...page, view: 'all', status: 'any', sort: { by: 'registered', dir: 'asc' } };
    expect(reader.answer('queue.window', window)).toMatchObject({ rows: expect.any(Array) });
    expect(reader.answer('ticket.get', { ticketId: ticketAt(0) })).toBeNull();
    expect(reader.answer('directory.get', {})).toMatchObject({ agents: [] });
    reader.close();
    expect(bugsOf(rig)).toEqual([]);

    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(cache.meta().schema).toBe(SCHEMA_VERSION);
    expect(cache.overlaid()).toEqual([]);
    for (const [id, ticket] of scene.store.tickets) expect(cache.shown(id)).toEqual(ticket);
    expect(scene.store.tickets.get(ticketAt(3))?.noteCount).toBe(2);
    expect(bugsOf(rig)).toEqual([]);
    await rig.core.stop();
  });
});

const ofTomorrow = `pragma user_version = 99; pragma application_id = ${witnessOf(99)}`;

describe('files of a newer version', () => {
  it.each([
    ['tables of the cache', 'cache', ofTomorrow],
    ['rows of the cache', 'cache', `update meta set value = json_set(value, '$.schema', 999)`],
    ['tables of the outbox', 'outbox', ofTomorrow],
  ] as const)(
    'SY16 threat 25: %s stop an older app with a message, and are left as they are to the byte',
    async (_, name, sql) => {
      unpack();
      tamper(name, sql);
      const bytes = () => (['outbox', 'cache'] as const).map((file) => readFileSync(paths()[file]).toString('base64'));
      const before = bytes();
      const { scene } = await oldScene();
      const { rig } = boot(scene);
      expect(rig.core.start()).toMatchObject({ ok: false, error: { code: 'cacheTooNew' } });
      expect(bytes()).toEqual(before);
      // The message comes again as often as the app is started, and the newer app finds its files.
      expect(boot(scene).rig.core.start()).toMatchObject({ ok: false, error: { code: 'cacheTooNew' } });
      expect(bytes()).toEqual(before);
      expect(readdirSync(paths().folder)).toEqual(expect.arrayContaining(['cache.db', 'outbox.db', 'profile.json']));
      expect(readdirSync(paths().folder).filter((file) => /damaged|salvaged/u.test(file))).toEqual([]);
    },
  );

  it('SY16 threat 25: so does a log that a newer app left behind when it was killed', async () => {
    unpack();
    const db = new Database(paths().cache);
    db.pragma('journal_mode = WAL');
    db.pragma('wal_autocheckpoint = 0');
    db.exec('create table of_tomorrow (x); pragma user_version = 999');
    const killed = ['', '-wal'].map((suffix) => ({ suffix, bytes: readFileSync(paths().cache + suffix) }));
    db.close();
    for (const { suffix, bytes } of killed) writeFileSync(paths().cache + suffix, bytes);
    const { scene } = await oldScene();
    expect(boot(scene).rig.core.start()).toMatchObject({ ok: false, error: { code: 'cacheTooNew' } });
    for (const { suffix, bytes } of killed) expect(readFileSync(paths().cache + suffix).equals(bytes)).toBe(true);
  });
});
