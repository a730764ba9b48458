import { describe, expect, it } from 'vitest';
import { nextPage } from '../../src/core/sync/first-fill.ts';
import { snapshotEntities } from '../../src/protocol/sync/messages.ts';
import { bugsOf, type ConsoleRig, createScene, emptyDisk, required, signedIn } from '../support/console/console-rig.ts';
import { expectWhole, populate } from '../support/console/desk-of-many.ts';
import { actors, call, ids, uuid } from '../support/world.ts';

const connection = (rig: ConsoleRig) => rig.must('connection.get', {});

describe('first fill', () => {
  it('SY6: rows come page by page, then the deltas after the pin; nothing that came in between is missing', async () => {
    const scene = createScene();
    populate(scene, 12);
    const rig = scene.boot();
    rig.link.pageRows = 5;
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    scene.store.act(actors.beto, uuid(2_003), 'claim', {});
    await scene.time.advance(100);
    expect((await connection(rig)).state).toBe('online');
    expect(rig.cache().meta()).toMatchObject({ fill: null, caughtUp: true, cursor: scene.store.head() });
    expectWhole(scene, rig);
  });

  it('SY4 SY14: a page with rows from beyond the pin leaves the mark that tells their log from one put back to the pin', async () => {
    const scene = createScene();
    populate(scene, 12);
    const rig = scene.boot();
    rig.link.pageRows = 5;
    const { snapshotRows } = scene.store;
    let pin = 0;
    scene.store.snapshotRows = (session, entity) => {
      if (entity === 'ticket' && pin === 0) {
        pin = scene.store.head();
        scene.store.act(actors.beto, uuid(2_003), 'claim', {});
      }
      return snapshotRows(session, entity);
    };
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(100);
    expect(scene.store.head()).toBeGreaterThan(pin);
    expect(rig.outbox().ackMarks).toEqual([scene.store.mark(scene.store.head())]);
  });

  it('SY1: an outbox in which that mark cannot be kept is no fault of the cache: what was filled stays, and the fill goes on later', async () => {
    const scene = createScene();
    populate(scene, 12);
    const rig = scene.boot();
    rig.link.pageRows = 5;
    const { snapshotRows } = scene.store;
    let acted = false;
    scene.store.snapshotRows = (session, entity) => {
      if (entity === 'ticket' && !acted) {
        acted = true;
        scene.store.act(actors.beto, uuid(2_003), 'claim', {});
        rig.faults.one = { what: 'mark', failure: { code: 'corrupt' } };
      }
      return snapshotRows(session, entity);
    };
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(5_000);
    expect(await connection(rig)).toMatchObject({ trouble: 'ioError' });
    const filled = rig.cache().meta().fill?.done ?? 0;
    expect(filled).toBeGreaterThan(0);
    rig.faults.one = null;
    await scene.time.advance(60_000);
    expect(await connection(rig)).toMatchObject({ state: 'online', trouble: null, notices: [] });
    expectWhole(scene, rig);
  });

  it('goes on from its page wherever it was cut: killed at every write in turn', async () => {
    const scene = createScene();
    populate(scene, 8);
    let survived = false;
    for (let dieAt = 0; !survived; dieAt += 1) {
      expect(dieAt).toBeLessThan(200);
      const first = scene.boot(emptyDisk());
      first.link.pageRows = 3;
      first.core.start();
      first.faults.dieAt = dieAt;
      await first.call('session.signIn', { user: 'ana', password: 'right' });
      await scene.time.advance(100);
      survived = !first.faults.died;
      const asked = first.link.transcript.filter((line) => line === 'snapshot').length;
      const rig = await first.crash();
      if (rig.core.active() === null) await rig.call('session.signIn', { user: 'ana', password: 'right' });
      await scene.time.advance(60_000);
      expectWhole(scene, rig);
      const total = rig.link.transcript.filter((line) => line === 'snapshot').length;
      // 4 tickets' pages and 6 of entries and the directory's: a fill from the start each time would need twice as many.
      if (asked > 4) expect(total).toBeLessThan(asked + 40);
      await rig.core.stop();
    }
  });

  it('a fill that the link cuts at every page asks for no page twice that it has kept', async () => {
    const scene = createScene();
    populate(scene, 6);
    const rig = scene.boot();
    rig.link.pageRows = 4;
    rig.link.next.snapshot = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 1 ? ({ kind: 'offline' } as const) : null,
    );
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(1_200_000);
    expect((await connection(rig)).state).toBe('online');
    expectWhole(scene, rig);
    const pages = snapshotEntities.length + 20;
    expect(rig.link.transcript.filter((line) => line === 'snapshot').length).toBeLessThan(pages * 3);
  });

  it('C37: the queue is told of the first tickets, then whenever they are twice as many, and each time it has them', async () => {
    const scene = createScene();
    populate(scene, 12);
    const rig = scene.boot();
    rig.link.pageRows = 2;
    const fills: { told: number; held: number }[] = [];
    rig.core.onNews(({ view, count }) => {
      if (view === 'queue' && count > 0) fills.push({ told: count, held: rig.cache().baseTickets().length });
    });
    rig.core.start();
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(100);
    expect(fills.map(({ told }) => told)).toEqual([2, 4, 8]);
    expect(fills.map(({ held }) => held)).toEqual([2, 4, 8]);
  });

  it('pages follow the order of entities, then of keys', () => {
    expect(nextPage({ entity: 'site', after: 'k' })).toEqual({ entity: 'site', after: 'k' });
    expect(nextPage({ entity: 'site', after: null })).toEqual({ entity: 'orgUnit', after: null });
    expect(nextPage({ entity: 'entry', after: null })).toBeNull();
  });

  it('SY8: a pull that was cut is asked for again; rows that came already are left by their version', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    populate(scene, 4);
    rig.link.cutPullAfter = 3;
    rig.link.down = null;
    await scene.time.advance(120_000);
    expectWhole(scene, rig);
    expect(rig.cache().meta().cursor).toBe(scene.store.head());
  });

  it('SY8: deltas older than the row of a page do not turn it back', async () => {
    const scene = createScene();
    populate(scene, 2);
    const rig = scene.boot();
    rig.link.pageRows = 1;
    rig.core.start();
    const versions = new Map<string, number>();
    rig.core.onNews(() => {
      for (const ticket of rig.cache().baseTickets()) {
        expect(ticket.version).toBeGreaterThanOrEqual(versions.get(ticket.id) ?? 0);
        versions.set(ticket.id, ticket.version);
      }
    });
    const signing = rig.must('session.signIn', { user: 'ana', password: 'right' });
    await signing;
    scene.store.act(actors.beto, uuid(2_000), 'claim', {});
    await scene.time.advance(1_000);
    expectWhole(scene, rig);
    expect(versions.size).toBe(2);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY6: whenever the screen may look, every ticket stands with exactly the entries that made it', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    let looked = 0;
    rig.core.onNews(() => {
      for (const ticket of rig.cache().baseTickets()) {
        looked += 1;
        expect(rig.cache().baseEntries(ticket.id)).toHaveLength(ticket.version);
      }
    });
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    populate(scene, 260);
    for (let n = 0; n < 100; n += 1) scene.store.act(actors.beto, uuid(2_000 + n), 'claim', {});
    rig.link.cutPullAfter = 560;
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(looked).toBeGreaterThan(260);
    expect(bugsOf(rig)).toEqual([]);
    expectWhole(scene, rig);
  });

  it('another epoch refills; the outbox stays and its unanswered work goes out', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    populate(scene, 3);
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    await rig.must('acts.submit', {
      requestId: uuid(71_000),
      atomic: false,
      acts: [{ ticketId: uuid(2_001), type: 'addNote', payload: { visibility: 'internal', text: 'sobrevive' } }],
      clearDraft: null,
    });
    scene.store.epoch = uuid(901);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(rig.cache().meta()).toMatchObject({ epoch: uuid(901), fill: null, caughtUp: true });
    expect(required(scene.store.entries.get(uuid(2_001))).at(-1)?.event).toMatchObject({ text: 'sobrevive' });
    expectWhole(scene, rig);
  });

  it('SY7: other rights refill, and what is no longer in scope leaves the cache', async () => {
    const scene = createScene();
    populate(scene, 2);
    const rig = await signedIn(scene);
    expect(rig.cache().baseTickets()).toHaveLength(2);
    rig.link.scopeVersion = 's2';
    rig.link.grant = { personId: ids.ana, everything: false, siteIds: [ids.puno], teamIds: [] };
    scene.store.act(actors.hugo, uuid(2_900), 'register', { ...call, siteId: ids.puno });
    await scene.time.advance(60_000);
    expect(
      rig
        .cache()
        .baseTickets()
        .map((ticket) => ticket.id),
    ).toEqual([uuid(2_900)]);
    expect(rig.core.active()?.session.scopeVersion).toBe('s2');
  });

  it('a ticket that moves out of scope leaves, one that comes in arrives whole', async () => {
    const scene = createScene();
    populate(scene, 1);
    const rig = scene.boot();
    rig.link.grant = { personId: ids.ana, everything: false, siteIds: [ids.lima], teamIds: [] };
    await signedIn(scene, 'ana', rig);
    const move = (from: string, to: string) =>
      scene.store.act(actors.sofia, uuid(2_000), 'editFields', { changes: { siteId: { from, to } } });
    move(ids.lima, ids.puno);
    await scene.time.advance(1_000);
    expect(rig.cache().baseTickets()).toEqual([]);
    move(ids.puno, ids.lima);
    await scene.time.advance(1_000);
    expectWhole(scene, rig);
  });
});
