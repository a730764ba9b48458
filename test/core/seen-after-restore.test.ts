import { describe, expect, it } from 'vitest';
import { isUnread } from '../../src/core/queries/is-unread.ts';
import { type ConsoleRig, createScene, required, type Scene, signedIn } from '../support/console/console-rig.ts';
import { actors, call, uuid } from '../support/world.ts';

const [held, gone, first, second] = [uuid(4_000), uuid(4_001), uuid(901), uuid(902)];
const note = (text: string) => ({ visibility: 'internal', text });
const byBeto = (scene: Scene, text: string, ticketId = held) =>
  scene.store.act(actors.beto, ticketId, 'addNote', note(text));
const see = (rig: ConsoleRig, ticketId: string) =>
  rig.must('ticket.markSeen', { ticketId, version: rig.cache().base(ticketId)?.version ?? 0 });
const unread = (rig: ConsoleRig, ticketId: string) => {
  const last = required(rig.cache().baseEntries(ticketId).at(-1));
  const { seen, seenBaseline } = rig.outbox();
  return isUnread({ seq: last.seq, recordedAt: last.recordedAt ?? 0 }, seen.get(ticketId) ?? null, seenBaseline);
};

/** Ana has seen both tickets at their fifth change; the backup knows one of them, at its second. */
async function seenAndRestored() {
  const scene = createScene();
  scene.store.act(actors.beto, held, 'register', call);
  byBeto(scene, 'una');
  const restore = scene.store.backup();
  const rig = await signedIn(scene);
  scene.store.act(actors.beto, gone, 'register', call);
  for (const text of ['dos', 'tres', 'cuatro']) {
    byBeto(scene, text);
    byBeto(scene, text, gone);
  }
  await scene.time.advance(1_000);
  await see(rig, held);
  await see(rig, gone);
  expect([...rig.outbox().seen]).toEqual([
    [held, 5],
    [gone, 4],
  ]);
  rig.link.down = { kind: 'offline' };
  await scene.time.advance(40_000);
  return { scene, rig, restore };
}

describe('what was seen, after the store was restored', () => {
  it('SY14: what others write then is unread, though it has the numbers of what was seen before', async () => {
    const { scene, rig, restore } = await seenAndRestored();
    restore(first);
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect([...rig.outbox().seen]).toEqual([[held, 2]]);
    byBeto(scene, 'otra');
    await scene.time.advance(1_000);
    expect(rig.cache().base(held)?.version).toBe(3);
    expect(unread(rig, held)).toBe(true);
    await see(rig, held);
    expect(unread(rig, held)).toBe(false);
  });

  it('SY14: also what they wrote before this console came back', async () => {
    const { scene, rig, restore } = await seenAndRestored();
    restore(first);
    await scene.time.advance(5_000);
    for (const text of ['otra', 'y otra', 'y otra', 'y la última']) byBeto(scene, text);
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect(rig.cache().base(held)?.version).toBe(6);
    expect([...rig.outbox().seen]).toEqual([[held, 2]]);
  });

  it('SY14: once in each epoch: what is seen in it stays seen, in later processes and fills, until the next restore', async () => {
    const { scene, rig, restore } = await seenAndRestored();
    restore(first);
    await scene.time.advance(5_000);
    byBeto(scene, 'otra');
    rig.link.down = null;
    await scene.time.advance(60_000);
    await see(rig, held);
    const next = await rig.crash();
    next.cache().wipe();
    await scene.time.advance(60_000);
    expect([...next.outbox().seen]).toEqual([[held, 3]]);
    restore(second);
    await scene.time.advance(120_000);
    expect([...next.outbox().seen]).toEqual([[held, 2]]);
  });

  it('SY14: a process that dies before the marks are lowered, or before that is noted, makes up for it at the next start', async () => {
    let deaths = 0;
    for (let write = 0; write < 40; write += 1) {
      const { scene, rig, restore } = await seenAndRestored();
      restore(first);
      rig.faults.dieAt = write;
      rig.link.down = null;
      await scene.time.advance(60_000);
      deaths += Number(rig.faults.died);
      rig.faults.dieAt = null;
      const next = await rig.crash();
      await scene.time.advance(60_000);
      expect([...next.outbox().seen]).toEqual([[held, 2]]);
      expect(next.outbox().settings.get('seenEpoch')).toBe(first);
    }
    expect(deaths).toBeGreaterThan(5);
  });
});

describe('what was seen, beside own acts', () => {
  it('C35: an own act that is not at the store yet does not mark as seen what somebody else writes before it', async () => {
    const { scene, rig } = await seenAndRestored();
    const acts = [{ ticketId: held, type: 'addNote' as const, payload: note('mía') }];
    await rig.must('acts.submit', { requestId: uuid(77_000), atomic: true, acts, clearDraft: null });
    const shown = required(rig.cache().shown(held));
    await rig.must('ticket.markSeen', { ticketId: held, version: shown.version });
    expect([shown.version, rig.outbox().seen.get(held)]).toEqual([6, 5]);
    byBeto(scene, 'antes que la mía');
    const theirs = required(scene.store.entries.get(held)?.at(-1));
    expect(theirs.seq).toBe(6);
    const { seen, seenBaseline } = rig.outbox();
    const news = { seq: theirs.seq, recordedAt: theirs.recordedAt ?? 0 };
    expect(isUnread(news, seen.get(held) ?? null, seenBaseline)).toBe(true);
  });
});
