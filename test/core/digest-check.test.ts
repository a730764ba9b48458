import { afterEach, describe, expect, it } from 'vitest';
import { DIGEST_EVERY_MS, DIGEST_SLICE_ROWS } from '../../src/core/sync/digest-check.ts';
import {
  bugsOf,
  type ConsoleRig,
  createScene,
  required,
  type Scene,
  signedIn,
} from '../support/console/console-rig.ts';
import { createMemoryCache, heldRow } from '../support/console/memory-cache.ts';
import { actors, call, ids, uuid } from '../support/world.ts';
import { allDigests, fileRig, memoryRig, type Planter, type TamperRig } from './digest-rig.ts';

const FIRST = 2_000;
function populate(scene: Scene, count: number): void {
  for (let n = 0; n < count; n += 1) {
    const ticketId = uuid(FIRST + n);
    scene.store.act(actors.beto, ticketId, 'register', { ...call, subject: `Caso ${n}` });
    scene.store.act(actors.beto, ticketId, 'addNote', { visibility: 'internal', text: `nota ${n}` });
  }
}
const events = (rig: ConsoleRig, event: string) => rig.logs.filter((line) => line.event === event).length;
const asked = (rig: ConsoleRig, call: string) => rig.link.transcript.filter((one) => one === call).length;
const notices = async (rig: ConsoleRig) => (await rig.must('connection.get', {})).notices;
const noteBy = (scene: Scene, ticketId: string, text = 'otra') =>
  scene.store.act(actors.beto, ticketId, 'addNote', { visibility: 'internal', text });

let open: TamperRig | null = null;
afterEach(async () => {
  await open?.dispose();
  open = null;
});

const plants: Record<string, (planter: Planter, scene: Scene) => void> = {
  'an altered text': (planter) => planter.alterTicket(uuid(FIRST + 3), { subject: 'Otra cosa' }),
  'a stale version': (planter) => planter.alterTicket(uuid(FIRST + 3), { version: 1, noteCount: 0 }),
  'a missing row': (planter) => planter.dropTicket(uuid(FIRST + 3)),
  'a missing entry': (planter) => planter.dropEntry(uuid(FIRST + 3), 2),
  'an extra row': (planter, scene) =>
    planter.addTicket({ ...required(scene.store.tickets.get(uuid(FIRST))), id: uuid(9_999) }),
  'an altered name in the directory': (planter) => planter.renamePerson(ids.beto, 'Nadie'),
  'a missing person': (planter) => planter.dropPerson(ids.beto),
  'all of them at once': (planter, scene) => {
    planter.alterTicket(uuid(FIRST + 1), { subject: 'Otra cosa' });
    planter.alterTicket(uuid(FIRST + 2), { version: 1 });
    planter.dropTicket(uuid(FIRST + 3));
    planter.dropEntry(uuid(FIRST + 4), 1);
    planter.addTicket({ ...required(scene.store.tickets.get(uuid(FIRST))), id: uuid(9_999) });
    planter.renamePerson(ids.beto, 'Nadie');
  },
};
const rigs = { 'in memory': memoryRig, 'on SQLite files': fileRig };

for (const [where, create] of Object.entries(rigs)) {
  describe(`a divergence planted in a cache ${where}`, () => {
    it.each(Object.keys(plants))('SY4: %s is found and mended without a fill, and the person is told', async (name) => {
      const scene = createScene();
      populate(scene, 12);
      const tamper = await create(scene);
      open = tamper;
      const sound = allDigests(tamper.cache());
      await tamper.restart((planter) => plants[name]?.(planter, scene));
      const { rig } = tamper;
      expect(allDigests(tamper.cache())).toEqual(sound);
      for (const [id, ticket] of scene.store.tickets) expect(tamper.cache().base(id)).toEqual(ticket);
      expect(tamper.cache().shown(uuid(9_999))).toBeNull();
      expect(tamper.cache().directory().person(ids.beto)?.name).toBe('Beto');
      expect(asked(rig, 'snapshot')).toBe(0);
      expect(events(rig, 'cacheRepaired')).toBe(1);
      expect(await notices(rig)).toMatchObject([
        { kind: 'cacheRepaired', params: { rows: name.startsWith('all') ? 6 : 1 } },
      ]);
      expect(bugsOf(rig)).toEqual([]);

      await tamper.restart(() => {});
      expect([asked(tamper.rig, 'digest'), asked(tamper.rig, 'digestRows'), asked(tamper.rig, 'rows')]).toEqual([
        1, 0, 0,
      ]);
      expect(events(tamper.rig, 'cacheRepaired')).toBe(0);
    });

    it('SY5: pending acts stand over the mended base', async () => {
      const scene = createScene();
      populate(scene, 4);
      const tamper = await create(scene);
      open = tamper;
      tamper.rig.link.down = { kind: 'offline' };
      await scene.time.advance(40_000);
      const acts = [
        { ticketId: uuid(FIRST), type: 'addNote' as const, payload: { visibility: 'public', text: 'mía' } },
      ];
      await tamper.rig.must('acts.submit', { requestId: uuid(6_000), atomic: false, acts, clearDraft: null });
      tamper.rig.link.down = null;
      // The push is told to wait, so that the act is still pending when the base is mended.
      tamper.rig.link.next.push = [{ kind: 'retryAfter', ms: 600_000, attempts: false }];
      await tamper.restart((planter) => {
        planter.alterTicket(uuid(FIRST), { subject: 'Otra cosa' });
        planter.dropEntry(uuid(FIRST + 1), 2);
      });
      expect(events(tamper.rig, 'cacheRepaired')).toBe(1);
      expect(tamper.cache().overlaid()).toEqual([uuid(FIRST)]);
      expect(tamper.cache().base(uuid(FIRST))).toEqual(scene.store.tickets.get(uuid(FIRST)));
      expect(tamper.cache().shown(uuid(FIRST))).toMatchObject({ subject: 'Caso 0', noteCount: 2, version: 3 });
      await scene.time.advance(700_000);
      expect(scene.store.tickets.get(uuid(FIRST))?.noteCount).toBe(2);
      expect(tamper.cache().shown(uuid(FIRST))).toEqual(scene.store.tickets.get(uuid(FIRST)));
    });

    it('SY7: a ticket that only aged out of the window goes quietly', async () => {
      const scene = createScene();
      populate(scene, 3);
      const old = uuid(FIRST + 1);
      scene.store.act(actors.ana, old, 'claim', {});
      scene.store.act(actors.ana, old, 'resolve', { solution: 'hecho', duringCall: false });
      scene.store.act(actors.ana, old, 'close', {});
      expect(scene.store.tickets.get(old)?.status).toBe('closed');
      const tamper = await create(scene);
      open = tamper;
      expect(tamper.cache().shown(old)).not.toBeNull();
      scene.store.outside.add(old);
      await tamper.restart(() => {});
      expect(tamper.cache().shown(old)).toBeNull();
      expect(events(tamper.rig, 'rowsAgedOut')).toBe(1);
      expect(events(tamper.rig, 'cacheRepaired')).toBe(0);
      expect(await notices(tamper.rig)).toEqual([]);
    });
  });
}

describe('the check of digests', () => {
  it('SY4: once at the first catch-up of a contact, then at most every fifteen minutes, after a pull', async () => {
    const scene = createScene();
    populate(scene, 3);
    const rig = await signedIn(scene);
    expect(asked(rig, 'digest')).toBe(1);
    for (let n = 0; n < 14; n += 1) {
      noteBy(scene, uuid(FIRST), `minuto ${n}`);
      await scene.time.advance(60_000);
    }
    expect(asked(rig, 'digest')).toBe(1);
    await scene.time.advance(60_000);
    noteBy(scene, uuid(FIRST));
    await scene.time.advance(60_000);
    expect(asked(rig, 'digest')).toBe(2);
    expect(asked(rig, 'digestRows')).toBe(0);
    await rig.core.stop();
  });

  it('SY4: what a pull brings while the cache is walked is no difference, and the walk lets it through', async () => {
    const scene = createScene();
    populate(scene, DIGEST_SLICE_ROWS * 2);
    const rig = await signedIn(scene);
    const cache = rig.cache();
    const digests = cache.digests;
    let slices = 0;
    cache.digests = (after, limit) => {
      expect(limit).toBeLessThanOrEqual(DIGEST_SLICE_ROWS);
      slices += 1;
      const page = digests(after, limit);
      // Rows that this slice has read already change at the store.
      const read = page.rows.find(({ e }) => e === 'ticket');
      if (read !== undefined) noteBy(scene, read.id);
      return page;
    };
    const before = scene.store.head();
    noteBy(scene, uuid(FIRST));
    await scene.time.advance(DIGEST_EVERY_MS + 60_000);
    noteBy(scene, uuid(FIRST));
    await scene.time.advance(60_000);
    expect(slices).toBeGreaterThanOrEqual(3);
    expect(scene.store.head()).toBeGreaterThan(before + 3);
    expect(rig.cache().meta().cursor).toBe(scene.store.head());
    expect([asked(rig, 'digest'), events(rig, 'cacheRepaired')]).toEqual([2, 0]);
    for (const [id, ticket] of scene.store.tickets) expect(rig.cache().base(id)).toEqual(ticket);
    await rig.core.stop();
  });

  it('SY8: a repair never takes a row back: what the cache holds in a later version goes by a fill, in the end', async () => {
    const scene = createScene();
    populate(scene, 3);
    const tamper = await memoryRig(scene);
    open = tamper;
    await tamper.restart((planter) => planter.alterTicket(uuid(FIRST), { version: 9 }));
    expect(tamper.cache().base(uuid(FIRST))?.version).toBe(9);
    expect(asked(tamper.rig, 'snapshot')).toBe(0);
    await tamper.restart(() => {});
    expect(events(tamper.rig, 'digestNotHealed')).toBe(1);
    expect(asked(tamper.rig, 'snapshot')).toBeGreaterThan(0);
    expect(tamper.cache().base(uuid(FIRST))).toEqual(scene.store.tickets.get(uuid(FIRST)));
  });

  it('SY4: a difference that mending does not heal gets one fill, and no second one', async () => {
    const scene = createScene();
    populate(scene, 3);
    const rig = await signedIn(scene);
    const cache = rig.cache();
    const digests = cache.digests;
    cache.digests = (after, limit) => {
      const page = digests(after, limit);
      return { ...page, rows: page.rows.map((row) => (row.id === uuid(FIRST) ? { ...row, x: 'f'.repeat(16) } : row)) };
    };
    const nextCheck = async () => {
      rig.link.transcript.length = 0;
      await scene.time.advance(DIGEST_EVERY_MS);
      noteBy(scene, uuid(FIRST + 1));
      await scene.time.advance(60_000);
      return { mended: events(rig, 'cacheRepaired'), filled: asked(rig, 'snapshot') > 0 };
    };
    expect(await nextCheck()).toEqual({ mended: 1, filled: false });
    expect(await nextCheck()).toEqual({ mended: 2, filled: true });
    expect([events(rig, 'digestNotHealed'), (await rig.must('connection.get', {})).state]).toEqual([1, 'online']);
    expect(await nextCheck()).toEqual({ mended: 2, filled: false });
    expect(await nextCheck()).toEqual({ mended: 2, filled: false });
    expect([events(rig, 'digestNotHealed'), events(rig, 'digestStillDiffers')]).toEqual([1, 2]);
    // It does not keep others from being mended.
    const disk = required(rig.disk.profiles.get('ana')).cache;
    const other = required(disk.tickets.get(uuid(FIRST + 2)));
    disk.tickets.set(uuid(FIRST + 2), heldRow({ ...other.value, subject: 'x' }, '{"subject":"x"}', other.fill));
    expect(await nextCheck()).toEqual({ mended: 3, filled: false });
    expect(rig.cache().base(uuid(FIRST + 2))).toEqual(scene.store.tickets.get(uuid(FIRST + 2)));
    expect(await nextCheck()).toEqual({ mended: 3, filled: false });

    // Once it agrees again, the next difference has its fill again.
    cache.digests = digests;
    await nextCheck();
    cache.digests = (after, limit) => {
      const page = digests(after, limit);
      return { ...page, rows: page.rows.map((row) => (row.id === uuid(FIRST) ? { ...row, x: 'e'.repeat(16) } : row)) };
    };
    await nextCheck();
    expect(await nextCheck()).toMatchObject({ filled: true });
    expect(bugsOf(rig)).toEqual([]);
    await rig.core.stop();
  });

  it.each([
    ['digest', { kind: 'offline' }],
    ['digest', { kind: 'storeTooOld' }],
    ['digestRows', { kind: 'retryAfter', ms: null, attempts: false }],
    ['rows', { kind: 'broken' }],
  ] as const)('a failed question (%s: %j) costs the check, never the contact', async (question, failure) => {
    const scene = createScene();
    populate(scene, 3);
    const tamper = await memoryRig(scene);
    open = tamper;
    tamper.rig.link.next[question] = [failure];
    await tamper.restart((planter) => planter.alterTicket(uuid(FIRST), { subject: 'Otra cosa' }));
    expect((await tamper.rig.must('connection.get', {})).state).toBe('online');
    expect(tamper.cache().base(uuid(FIRST))?.subject).toBe('Otra cosa');
    await scene.time.advance(DIGEST_EVERY_MS);
    noteBy(scene, uuid(FIRST + 1));
    await scene.time.advance(60_000);
    expect(tamper.cache().base(uuid(FIRST))).toEqual(scene.store.tickets.get(uuid(FIRST)));
    expect(bugsOf(tamper.rig)).toEqual([]);
  });

  it('SY6: killed at any write of a repair, the next process finds all of it undone or all of it done', async () => {
    const left = new Set<number>();
    for (let dieAt = 0; dieAt < 16; dieAt += 1) {
      const scene = createScene();
      populate(scene, 4);
      const tamper = await memoryRig(scene);
      const sound = allDigests(tamper.cache());
      await tamper.restart((planter) => {
        planter.dropEntry(uuid(FIRST), 2);
        planter.alterTicket(uuid(FIRST + 1), { subject: 'x' });
      }, dieAt);
      const disk = required(tamper.rig.disk.profiles.get('ana')).cache;
      const found = allDigests(createMemoryCache(disk, () => null));
      left.add(found.filter((row, at) => row.x !== sound[at]?.x).length);
      const next = await tamper.rig.crash();
      await scene.time.advance(5_000);
      expect(allDigests(next.cache())).toEqual(sound);
      await next.core.stop();
    }
    expect([...left].sort()).toEqual([0, 2]);
  });
});
