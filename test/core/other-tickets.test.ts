import { describe, expect, it } from 'vitest';
import {
  bugsOf,
  type ConsoleRig,
  createScene,
  required,
  type Scene,
  signedIn,
} from '../support/console/console-rig.ts';
import { actors, call, uuid } from '../support/world.ts';

const [a, b, c] = [uuid(4_001), uuid(4_002), uuid(4_003)];
let requests = 1;

const submit = async (rig: ConsoleRig, ticketId: string, type: string, payload: object) => {
  const acts = [{ ticketId, type, payload }];
  const request = { requestId: uuid(75_000 + requests++), atomic: true, acts, clearDraft: null };
  const answer = await rig.core.handle('acts.submit', request);
  expect(answer).toMatchObject({ ok: true, value: { results: [{ ok: true }] } });
};
const merge = (rig: ConsoleRig, ticketId: string, intoTicketId: string) =>
  submit(rig, ticketId, 'merge', { intoTicketId });
const shownOf = (rig: ConsoleRig, ticketId: string) => ({
  mergedInto: rig.cache().shown(ticketId)?.mergedInto,
  doubts:
    rig
      .cache()
      .overlay(ticketId)
      ?.doubts.map(({ refusal }) => refusal.code) ?? [],
});
/** Nothing that is pushed is taken, for as long as the test lasts; pulls go on. */
const putOffPushes = (rig: ConsoleRig) => {
  rig.link.next.push = Array(500).fill({ kind: 'retryAfter', ms: 30_000, attempts: false });
};

/** Three tickets that Ana holds, and nothing of hers reaches the store. */
async function three(): Promise<{ scene: Scene; rig: ConsoleRig }> {
  const scene = createScene();
  for (const id of [a, b, c]) scene.store.act(actors.beto, id, 'register', { ...call, subject: id });
  const rig = await signedIn(scene);
  await scene.time.advance(1_000);
  putOffPushes(rig);
  return { scene, rig };
}

describe('SY5 a pending act that names another ticket', () => {
  it('is folded over that one as it was when it was written, not as later acts have made it', async () => {
    const { scene, rig } = await three();
    await merge(rig, a, b);
    await merge(rig, b, c);
    expect([shownOf(rig, a), shownOf(rig, b)]).toEqual([
      { mergedInto: b, doubts: [] },
      { mergedInto: c, doubts: [] },
    ]);
    // Made again: by a start, by a change of its own base, and by one of the other's.
    const next = await rig.crash();
    putOffPushes(next);
    await scene.time.advance(5_000);
    expect(shownOf(next, a)).toEqual({ mergedInto: b, doubts: [] });
    scene.store.act(actors.beto, a, 'addNote', { visibility: 'internal', text: 'una' });
    await scene.time.advance(5_000);
    expect([next.cache().base(a)?.version, shownOf(next, a)]).toEqual([2, { mergedInto: b, doubts: [] }]);
    scene.store.act(actors.beto, b, 'addNote', { visibility: 'internal', text: 'dos' });
    await scene.time.advance(5_000);
    expect([next.cache().base(b)?.version, shownOf(next, a)]).toEqual([2, { mergedInto: b, doubts: [] }]);
    // The store comes to the same.
    next.link.next.push = [];
    await scene.time.advance(120_000);
    expect([a, b].map((id) => scene.store.tickets.get(id)?.mergedInto)).toEqual([b, c]);
    expect([shownOf(next, a), shownOf(next, b)]).toEqual([
      { mergedInto: b, doubts: [] },
      { mergedInto: c, doubts: [] },
    ]);
    expect(bugsOf(next)).toEqual([]);
  });

  it('counts what was written on that one before it, though no base has it yet', async () => {
    const { scene, rig } = await three();
    await merge(rig, b, c);
    await submit(rig, b, 'unmerge', { fromTicketId: c, reason: 'no era' });
    await merge(rig, a, b);
    const next = await rig.crash();
    putOffPushes(next);
    await scene.time.advance(5_000);
    expect(shownOf(next, a)).toEqual({ mergedInto: b, doubts: [] });
  });

  it.each(['pull', 'fill'])('is made again when a %s changes that one, and the screen is told', async (way) => {
    const { scene, rig } = await three();
    await merge(rig, a, b);
    expect(shownOf(rig, a)).toEqual({ mergedInto: b, doubts: [] });
    rig.news.length = 0;
    if (way === 'fill') {
      rig.link.scopeVersion = 's2';
      rig.link.pageRows = 2;
    }
    scene.store.act(actors.sofia, b, 'cancel', { reason: 'no procede' });
    expect(scene.store.tickets.get(b)?.status).toBe('cancelled');
    await scene.time.advance(90_000);
    expect(rig.cache().base(b)?.status).toBe('cancelled');
    expect(shownOf(rig, a)).toEqual({ mergedInto: undefined, doubts: ['mergeTargetNotOpen'] });
    if (way === 'pull') expect(rig.news).toContainEqual(expect.objectContaining({ view: 'ticket', ticketId: a }));
    expect(bugsOf(rig)).toEqual([]);
  });

  it('is made again when what was written before it on that one is answered otherwise than it looked', async () => {
    const scene = createScene();
    for (const id of [a, b, c]) scene.store.act(actors.beto, id, 'register', { ...call, subject: id });
    scene.store.act(actors.beto, b, 'merge', { intoTicketId: c });
    const rig = await signedIn(scene);
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    await submit(rig, b, 'unmerge', { fromTicketId: c, reason: 'no era' });
    await merge(rig, a, b);
    expect(shownOf(rig, a)).toEqual({ mergedInto: b, doubts: [] });
    // Meanwhile somebody took it out of there and put it elsewhere: the author's unmerge is refused, and so is the merge.
    scene.store.act(actors.beto, b, 'unmerge', { fromTicketId: c, reason: 'no era' });
    scene.store.act(actors.sofia, b, 'cancel', { reason: 'no procede' });
    putOffPushes(rig);
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect(required(rig.cache().base(b)).status).toBe('cancelled');
    expect(shownOf(rig, a)).toEqual({ mergedInto: undefined, doubts: ['mergeTargetNotOpen'] });
  });
});
