import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProfiles } from '../../src/platform-node/profiles.ts';
import { type ConsoleRig, createScene, required, type Scene } from '../support/console/console-rig.ts';
import { actors, call, ids, uuid } from '../support/world.ts';

/** The same core on the product's own outbox.db and cache.db. */
let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chasqui-core-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const bootOnDisk = (scene: Scene, link?: ConsoleRig['link']) => {
  const profiles = createProfiles({
    dataDir,
    storeUrl: 'memory:',
    clock: { now: scene.time.now },
    log: { write: () => {} },
  });
  const rig = scene.boot(undefined, link, profiles);
  const files = () => {
    const opened = profiles.open('ana');
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value;
  };
  return { rig, files };
};
const { provisionalCode: _code, teamId: _team, initialTier: _tier, ...input } = call;

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
});
