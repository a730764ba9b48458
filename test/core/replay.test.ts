import { describe, expect, it } from 'vitest';
import { goOffline, note, notesAt, register, submit } from '../support/console/acts.ts';
import {
  bugsOf,
  type ConsoleRig,
  createScene,
  required,
  type Scene,
  signedIn,
} from '../support/console/console-rig.ts';
import { actors, call, uuid } from '../support/world.ts';

const noticesOf = async (rig: ConsoleRig) => (await rig.must('connection.get', {})).notices;
const [first, second, third] = [uuid(901), uuid(902), uuid(903)];

/** A register that the backup holds, two notes that it lacks, and one written while the desk was away. */
async function restoredWhileAway(scene: Scene, rig: ConsoleRig) {
  const ticketId = await register(rig);
  await scene.time.advance(1_000);
  const restore = scene.store.backup();
  await note(rig, ticketId, 'una');
  await note(rig, ticketId, 'dos');
  await scene.time.advance(1_000);
  await goOffline(scene, rig);
  await note(rig, ticketId, 'tres');
  restore(first);
  return ticketId;
}

describe('a store restored from an older state', () => {
  it('SY14 SY3: gets back what it lost, oldest first and before newer work, each with its former answer, once', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const before = scene.store.epoch;
    const ticketId = await restoredWhileAway(scene, rig);
    expect(notesAt(scene, ticketId)).toEqual([]);
    const asked = rig.link.pushed.length;
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(notesAt(scene, ticketId)).toEqual(['una', 'dos', 'tres']);
    expect(
      rig.link.pushed
        .slice(asked)
        .flat()
        .map(({ former }) => former),
    ).toEqual([before, before, before, null]);
    expect(rig.cache().shownEntries(ticketId)).toEqual(scene.store.entries.get(ticketId));
    expect(rig.commands().map(({ replayFor, ackEpoch }) => [replayFor, ackEpoch])).toEqual(
      Array(4).fill([null, first]),
    );
    // Nothing is owed any more: the next contact sends nothing.
    const sent = rig.link.pushed.length;
    await goOffline(scene, rig);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(rig.link.pushed).toHaveLength(sent);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY14: the person is told once, with how much was handed in again, until they put it away', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await restoredWhileAway(scene, rig);
    rig.link.down = null;
    await scene.time.advance(120_000);
    const notices = await noticesOf(rig);
    expect(notices).toMatchObject([
      { kind: 'storeRestored', params: { owed: 3, replayed: 3, changed: 0, renumbered: 0 } },
    ]);
    const next = await rig.crash();
    await scene.time.advance(60_000);
    expect(await noticesOf(next)).toEqual(notices);
    await next.must('connection.dismissNotice', { id: required(notices[0]).id });
    await goOffline(scene, next);
    next.link.down = null;
    await scene.time.advance(60_000);
    expect(await noticesOf(next)).toEqual([]);
  });

  it('SY5 SY14: what is owed is shown over the restored base until it is back', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await restoredWhileAway(scene, rig);
    rig.link.next.push = Array(50).fill({ kind: 'retryAfter', ms: 60_000, attempts: false });
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect(rig.cache().meta().epoch).toBe(first);
    const texts = rig
      .cache()
      .shownEntries(ticketId)
      .map(({ event }) => (event.type === 'noteAdded' ? event.text : ''));
    expect(texts).toEqual(['', 'una', 'dos', 'tres']);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'online', pendingActs: 4 });
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({
      error: { code: 'pendingWork', params: { count: 4, unsent: 4, unsettled: 0 } },
    });
  });

  it('SY5 SY14: a ticket that its author registered, that the base held, and that the restored store lost is still shown', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const restore = scene.store.backup();
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    expect(rig.cache().overlaid()).toEqual([]);
    await goOffline(scene, rig);
    restore(first);
    rig.link.next.push = Array(50).fill({ kind: 'retryAfter', ms: 60_000, attempts: false });
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect([rig.cache().meta().epoch, rig.cache().base(ticketId)]).toEqual([first, null]);
    expect(rig.cache().shown(ticketId)).toMatchObject({ subject: call.subject });
  });

  it('SY14: a claim that no longer fits has another verdict than before: it is told, and stays until it is put away', async () => {
    const scene = createScene();
    const contested = uuid(3_500);
    scene.store.act(actors.beto, contested, 'register', call);
    const rig = await signedIn(scene);
    const restore = scene.store.backup();
    const commandId = await submit(rig, contested, 'claim', {});
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    restore(first);
    scene.store.act(actors.beto, contested, 'claim', {});
    rig.link.down = null;
    await scene.time.advance(120_000);
    const command = required(rig.commands().find(({ wire }) => wire.id === commandId));
    expect([command.formerOutcome?.verdict.kind, command.state]).toEqual(['applied', 'parked']);
    expect(command.dismissedAt).toBeNull();
    expect(await noticesOf(rig)).toMatchObject([{ params: { owed: 1, replayed: 1, changed: 1 } }]);
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({
      error: { code: 'pendingWork', params: { unsent: 0, unsettled: 1 } },
    });
    await rig.must('outbox.dismiss', { commandId });
    expect((await rig.call('session.signOut', { erase: true })).ok).toBe(true);
  });

  it('SY14: restored while a contact stands: a push of the old epoch applies nothing, the replay comes first', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    const restore = scene.store.backup();
    await note(rig, ticketId, 'una');
    await scene.time.advance(1_000);
    rig.link.pokeBeats = false;
    scene.store.listeners.clear();
    restore(first);
    await note(rig, ticketId, 'dos');
    await scene.time.advance(120_000);
    expect(notesAt(scene, ticketId)).toEqual(['una', 'dos']);
  });

  it('SY12 SY14: a place of the chain that this console no longer holds: a fresh chain takes the owed ones too', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const restore = scene.store.backup();
    const ticketId = await register(rig);
    await note(rig, ticketId, 'una');
    await scene.time.advance(1_000);
    await note(rig, ticketId, 'dos');
    await scene.time.advance(1_000);
    const { incarnation } = required(rig.outbox().identity);
    await goOffline(scene, rig);
    restore(first);
    const gone = required(rig.commands()[1]).wire.id;
    rig.outbox().rows.delete(gone);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(notesAt(scene, ticketId)).toEqual(['dos']);
    expect(required(rig.outbox().identity).incarnation).not.toBe(incarnation);
    expect(rig.commands().map(({ replayFor }) => replayFor)).toEqual([null, null]);
  });

  it('SY14: restored again before the replay was over, and once more after it: each note is there once', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    const restore = scene.store.backup();
    for (const text of ['una', 'dos', 'tres']) await note(rig, ticketId, text);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    restore(first);
    rig.link.largestBatch = 1;
    rig.link.next.push = [null, null, null, { kind: 'offline' }, { kind: 'offline' }];
    rig.link.down = null;
    await scene.time.advance(300);
    await goOffline(scene, rig);
    restore(second);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(notesAt(scene, ticketId)).toEqual(['una', 'dos', 'tres']);
    await goOffline(scene, rig);
    restore(third);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(notesAt(scene, ticketId)).toEqual(['una', 'dos', 'tres']);
    expect(rig.commands().every(({ ackEpoch, replayFor }) => ackEpoch === third && replayFor === null)).toBe(true);
  });

  it('SY1 SY2 SY14: the process may die at any write of it', async () => {
    for (let write = 0; write < 40; write += 1) {
      const scene = createScene();
      const rig = await signedIn(scene);
      const ticketId = await restoredWhileAway(scene, rig);
      rig.faults.dieAt = write;
      rig.link.down = null;
      await scene.time.advance(120_000);
      const died = rig.faults.died;
      rig.faults.dieAt = null;
      const next = died ? await rig.crash() : rig;
      await scene.time.advance(120_000);
      expect([write, notesAt(scene, ticketId)]).toEqual([write, ['una', 'dos', 'tres']]);
      expect(next.commands().every(({ ackEpoch, replayFor }) => ackEpoch === first && replayFor === null)).toBe(true);
      expect(await noticesOf(next)).toMatchObject([{ kind: 'storeRestored', params: { owed: 3 } }]);
      expect(next.cache().shownEntries(ticketId)).toEqual(scene.store.entries.get(ticketId));
      expect(bugsOf(next)).toEqual([]);
      if (!died) {
        // The last round went through to its end; the ones before died at each of its writes.
        expect(write).toBeGreaterThan(10);
        return;
      }
    }
    throw new Error('more writes than this test counts');
  });

  it('SY14: nothing is pushed while what is owed cannot be written down', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await restoredWhileAway(scene, rig);
    rig.faults.storage = { code: 'diskFull' };
    rig.link.down = null;
    const sent = rig.link.pushed.length;
    await scene.time.advance(60_000);
    expect(rig.link.pushed).toHaveLength(sent);
    expect(await rig.must('connection.get', {})).toMatchObject({ trouble: 'diskFull' });
    rig.faults.storage = null;
    await scene.time.advance(120_000);
    expect(notesAt(scene, ticketId)).toEqual(['una', 'dos', 'tres']);
  });
});

describe('marks', () => {
  it('SY14: a hello brings the sealed places of the base and of the last answer', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await register(rig);
    await scene.time.advance(1_000);
    const head = scene.store.mark(scene.store.head());
    expect(rig.outbox().ackMarks).toEqual([head]);
    await goOffline(scene, rig);
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect(rig.link.hellos.at(-1)?.marks).toEqual([head]);
  });
});
