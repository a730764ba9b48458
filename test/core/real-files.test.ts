import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { goOffline, input, register } from '../support/console/acts.ts';
import { type ConsoleRig, createScene, required, type Scene, signedIn } from '../support/console/console-rig.ts';
import { bootOnDisk as onDisk } from '../support/console/on-disk.ts';
import { actors, call, ids, uuid } from '../support/world.ts';

/** The same core on the product's own outbox.db and cache.db. */
let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chasqui-core-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const bootOnDisk = (scene: Scene, link?: ConsoleRig['link']) => onDisk(dataDir, scene, link);
describe('core on the real files', () => {
  it('SY1 SY3 SY5: offline work survives the process, goes out in order, and the base becomes the store', async () => {
    const scene = createScene();
    for (let n = 0; n < 40; n += 1)
      scene.store.act(actors.beto, uuid(5_000 + n), 'register', { ...call, subject: `Caso ${n}` });
    const { rig, files } = bootOnDisk(scene);
    rig.link.pageRows = 7;
    expect(rig.core.start().ok).toBe(true);
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(1_000);
    expect((await rig.must('connection.get', {})).state).toBe('online');
    expect(files().cache.shown(uuid(5_007))).toEqual(scene.store.tickets.get(uuid(5_007)));

    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    const done = await rig.must('acts.register', {
      requestId: uuid(6_000),
      input,
      claim: true,
      resolveWith: null,
      clearDraft: null,
    });
    const ticketId = done.ok ? done.ticketId : '';
    await rig.must('acts.submit', {
      requestId: uuid(6_001),
      atomic: false,
      acts: [
        { ticketId: uuid(5_003), type: 'claim', payload: {} },
        { ticketId, type: 'addNote', payload: { visibility: 'public', text: 'Ñandú \u{1F426} "comillas"' } },
      ],
      clearDraft: null,
    });
    scene.store.act(actors.beto, uuid(5_003), 'claim', {});
    await rig.core.stop();

    const next = bootOnDisk(scene, rig.link);
    expect(next.rig.core.start().ok).toBe(true);
    expect(next.files().cache.shown(ticketId)).toMatchObject({ noteCount: 1, assigneeId: ids.ana });
    expect(next.files().cache.shown(uuid(5_003))?.assigneeId).toBe(ids.ana);
    expect(next.files().outbox.counts()).toEqual({ unanswered: 4, owed: 0, refused: 0, parked: 0, setAside: 0 });
    next.rig.link.down = null;
    await scene.time.advance(120_000);
    const { outbox, cache } = next.files();
    expect(outbox.counts()).toEqual({ unanswered: 0, owed: 0, refused: 1, parked: 0, setAside: 0 });
    expect(cache.overlaid()).toEqual([]);
    for (const [id, ticket] of scene.store.tickets) expect(cache.shown(id)).toEqual(ticket);
    expect(required(scene.store.entries.get(ticketId)).map((entry) => entry.event.type)).toEqual([
      'registered',
      'claimed',
      'noteAdded',
    ]);
    for (const [commandId, text] of scene.store.outcomes) {
      const kept = outbox.get(commandId);
      if (kept !== null) expect(JSON.stringify(kept.outcome)).toBe(text);
    }
    await next.rig.core.stop();
  });

  it('a refill leaves the old rows readable until it is whole, then drops what was not sent', async () => {
    const scene = createScene();
    for (let n = 0; n < 6; n += 1) scene.store.act(actors.beto, uuid(5_000 + n), 'register', call);
    const { rig, files } = bootOnDisk(scene);
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(1_000);
    scene.store.epoch = uuid(901);
    scene.store.tickets.delete(uuid(5_000));
    rig.link.pageRows = 2;
    rig.link.next.snapshot = [null, null, null, { kind: 'retryAfter', ms: 60_000, attempts: false }];
    await rig.core.handle('connection.retryNow', {});
    await scene.time.advance(2_000);
    expect((await rig.must('connection.get', {})).state).toBe('filling');
    expect(files().cache.shown(uuid(5_000))).not.toBeNull();
    await scene.time.advance(200_000);
    expect((await rig.must('connection.get', {})).state).toBe('online');
    expect(files().cache.shown(uuid(5_000))).toBeNull();
    expect(files().cache.shown(uuid(5_001))).toEqual(scene.store.tickets.get(uuid(5_001)));
    await rig.core.stop();
  });

  it('SY1 SY3 SY12 threat 28: a damaged outbox goes on with what could be read, in a chain of its own, and says so', async () => {
    const scene = createScene();
    const { rig } = bootOnDisk(scene);
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    const request = { requestId: uuid(6_100), input, claim: false, resolveWith: null, clearDraft: null };
    const done = await rig.must('acts.register', request);
    const ticketId = done.ok ? done.ticketId : '';
    for (let n = 0; n < 30; n += 1) {
      await rig.must('acts.submit', {
        requestId: uuid(6_200 + n),
        atomic: true,
        acts: [
          { ticketId, type: 'addNote', payload: { visibility: 'internal', text: `nota ${n} ${'x'.repeat(300)}` } },
        ],
        clearDraft: null,
      });
    }
    await rig.core.stop();
    const path = profilePaths(dataDir, profileId('memory:', 'ana')).outbox;
    const bytes = readFileSync(path);
    const before = bytes.length;
    // One page of commands loses its head: its rows are left to be found raw.
    const at = bytes.indexOf('nota 12');
    const page = Math.floor(at / 4096);
    bytes.fill(0xff, page * 4096, page * 4096 + 12);
    writeFileSync(path, bytes);
    expect(before).toBeGreaterThan(8 * 4096);

    const next = bootOnDisk(scene, rig.link);
    expect(next.rig.core.start().ok).toBe(true);
    const { notices } = await next.rig.must('connection.get', {});
    expect(notices).toMatchObject([{ kind: 'outboxSalvaged', params: { commands: 31 } }]);
    next.rig.link.down = null;
    await scene.time.advance(120_000);
    const events = required(scene.store.entries.get(ticketId)).map(({ event }) => event);
    const texts = events.flatMap((event) => (event.type === 'noteAdded' ? [event.text.split(' ')[1]] : []));
    expect(texts).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
    await next.rig.core.stop();
    const third = bootOnDisk(scene, rig.link);
    third.rig.core.start();
    expect((await third.rig.must('connection.get', {})).notices).toHaveLength(1);
    await third.rig.core.stop();
  });

  it('SY14: a restored store gets back what it lost, from the real files, over two processes', async () => {
    const scene = createScene();
    const { rig } = bootOnDisk(scene);
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(1_000);
    const restore = scene.store.backup();
    const request = { requestId: uuid(6_300), input, claim: true, resolveWith: null, clearDraft: null };
    const done = await rig.must('acts.register', request);
    const ticketId = done.ok ? done.ticketId : '';
    await scene.time.advance(1_000);
    await rig.core.stop();
    restore(uuid(901));
    const next = bootOnDisk(scene, rig.link);
    next.rig.core.start();
    await scene.time.advance(120_000);
    expect(required(scene.store.entries.get(ticketId)).map(({ event }) => event.type)).toEqual([
      'registered',
      'claimed',
    ]);
    expect((await next.rig.must('connection.get', {})).notices).toMatchObject([
      { kind: 'storeRestored', params: { owed: 2, replayed: 2, changed: 0 } },
    ]);
    expect(next.files().outbox.counts()).toMatchObject({ unanswered: 0, owed: 0 });
    expect(next.files().cache.shown(ticketId)).toEqual(scene.store.tickets.get(ticketId));
    await next.rig.core.stop();
  });

  it('SY7 SY16: a revoked device leaves nothing on the disk but its farewell', async () => {
    const scene = createScene();
    const { rig } = bootOnDisk(scene);
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    const request = { requestId: uuid(6_400), input, claim: false, resolveWith: null, clearDraft: null };
    const done = await rig.must('acts.register', request);
    rig.link.deviceRevoked = true;
    rig.link.down = null;
    await scene.time.advance(300_000);
    expect(scene.store.tickets.has(done.ok ? done.ticketId : '')).toBe(true);
    expect(readdirSync(join(dataDir, 'console', 'profiles'))).toEqual([]);
    const next = bootOnDisk(scene, rig.link);
    next.rig.core.start();
    expect((await next.rig.must('session.farewell', {})).farewell).toMatchObject({ handedIn: 1, confirmed: true });
    expect((await next.rig.must('session.get', {})).profiles).toEqual([]);
    await next.rig.core.stop();
  });

  it('SY1: a profile that the disk refuses is told, opens with another try, and takes the console from nobody', async () => {
    const scene = createScene();
    const { rig } = bootOnDisk(scene);
    await signedIn(scene, 'ana', rig);
    await goOffline(scene, rig);
    const ticketId = await register(rig);
    await rig.core.stop();
    const { lock } = profilePaths(dataDir, profileId('memory:', 'ana'));
    const refuse = () => {
      renameSync(lock, `${lock}.away`);
      mkdirSync(lock);
    };
    const allow = () => {
      rmdirSync(lock);
      renameSync(`${lock}.away`, lock);
    };

    refuse();
    const second = bootOnDisk(scene, rig.link);
    expect(second.rig.core.start().ok).toBe(true);
    const refused = { session: null, profiles: [], unopened: [{ user: 'ana', code: 'readOnly' }] };
    expect(await second.rig.must('session.get', {})).toMatchObject(refused);
    await second.rig.must('session.openAgain', {});
    expect(await second.rig.must('session.get', {})).toMatchObject(refused);
    allow();
    await second.rig.must('session.openAgain', {});
    expect(await second.rig.must('session.get', {})).toMatchObject({ session: { user: 'ana' }, unopened: [] });
    expect(second.files().cache.shown(ticketId)).not.toBeNull();
    await second.rig.core.stop();

    refuse();
    const third = bootOnDisk(scene, rig.link);
    third.rig.core.start();
    rig.link.down = null;
    const asked = rig.link.transcript.length;
    // Her device's id is in what does not open: the store, not told it, would take this for another device.
    expect(await third.rig.call('session.signIn', { user: 'Ana ', password: 'right' })).toMatchObject({
      error: { code: 'readOnly' },
    });
    expect(rig.link.transcript.slice(asked)).not.toContain('signIn');
    await third.rig.must('session.signIn', { user: 'beto', password: 'right' });
    allow();
    await third.rig.must('session.openAgain', {});
    expect(await third.rig.must('session.get', {})).toMatchObject({ session: { user: 'beto' }, unopened: [] });
    await scene.time.advance(120_000);
    expect(scene.store.tickets.has(ticketId)).toBe(true);
    await third.rig.core.stop();
  });
});
