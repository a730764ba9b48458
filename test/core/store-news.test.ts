import { describe, expect, it } from 'vitest';
import { createScope, createStoreNews, OWN_NEWS_MS } from '../../src/core/sync/signal.ts';
import { bugsOf, type ConsoleRig, createScene, type Scene, signedIn } from '../support/console/console-rig.ts';
import { createVirtualTime, settle } from '../support/console/virtual-time.ts';
import { actors, call, T0, uuid } from '../support/world.ts';

const another = uuid(911);

/** Ana's console, with nothing to do; by long polls where `polls` says so. */
async function idle(polls: boolean): Promise<{ scene: Scene; rig: ConsoleRig }> {
  const scene = createScene();
  scene.store.act(actors.beto, uuid(3_900), 'register', call);
  const rig = scene.boot();
  rig.link.pokeBeats = !polls;
  await signedIn(scene, 'ana', rig);
  // The stream is given up after 20 s of silence.
  await scene.time.advance(30_000);
  return { scene, rig };
}

describe.each([
  { way: 'server-sent events', polls: false },
  { way: 'long polls', polls: true },
])('an idle console and a store that was put back, by $way', ({ polls }) => {
  it('SY10 SY14: hears of another epoch, though the log ends where its base stands', async () => {
    const { scene, rig } = await idle(polls);
    const before = rig.cache().meta();
    expect(before.cursor).toBe(scene.store.head());
    scene.store.backup()(another);
    await scene.time.advance(60_000);
    expect(rig.cache().meta()).toMatchObject({ epoch: another, cursor: before.cursor, caughtUp: true });
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY10: hears of a log that went back and no further', async () => {
    const { scene, rig } = await idle(polls);
    const restore = scene.store.backup();
    scene.store.act(actors.beto, uuid(3_901), 'register', call);
    await scene.time.advance(60_000);
    expect(rig.cache().base(uuid(3_901))).not.toBeNull();
    restore(scene.store.epoch);
    await scene.time.advance(60_000);
    expect([rig.cache().meta().cursor, rig.cache().base(uuid(3_901))]).toEqual([scene.store.head(), null]);
  });

  it('SY4 SY10: hears of another history that ends at the same place of the same epoch', async () => {
    const { scene, rig } = await idle(polls);
    const restore = scene.store.backup();
    scene.store.act(actors.beto, uuid(3_901), 'register', call);
    await scene.time.advance(60_000);
    const { cursor } = rig.cache().meta();
    // Nobody is told in between, as with a store that is down.
    const listening = [...scene.store.listeners];
    scene.store.listeners.clear();
    restore(scene.store.epoch);
    for (const listener of listening) scene.store.listeners.add(listener);
    scene.store.act(actors.beto, uuid(3_902), 'register', call);
    await scene.time.advance(60_000);
    expect(rig.cache().meta().cursor).toBe(cursor);
    expect([rig.cache().base(uuid(3_901)), rig.cache().base(uuid(3_902))]).toMatchObject([null, { id: uuid(3_902) }]);
  });
});

describe('what the store said of its head', () => {
  const base = { epoch: another, cursor: 7, logHash: 'h7' };
  async function wakes(...heads: { head: number; hash?: string; epoch?: string }[]): Promise<boolean> {
    const news = createStoreNews(createVirtualTime().timers);
    for (const head of heads) news.heard(head);
    const scope = createScope();
    let woke = false;
    const waiting = news
      .wait(scope, () => base)
      .then(() => {
        woke = true;
      });
    await settle();
    const answer = woke;
    scope.close();
    await waiting;
    return answer;
  }

  it('C34: what one did oneself is pulled a moment later, and at once with what others did', async () => {
    const time = createVirtualTime();
    const news = createStoreNews(time.timers);
    const scope = createScope();
    const woke: number[] = [];
    const wait = () => news.wait(scope, () => base).then(() => woke.push(time.now() - T0));
    const own = wait();
    news.heard({ head: 8 }, true);
    await time.advance(OWN_NEWS_MS / 2);
    // More of one's own in this time is brought by the same pull.
    news.heard({ head: 9 }, true);
    await time.advance(OWN_NEWS_MS);
    await own;
    const others = wait();
    news.heard({ head: 10 }, true);
    news.heard({ head: 11 });
    await others;
    expect(woke).toEqual([OWN_NEWS_MS, OWN_NEWS_MS + OWN_NEWS_MS / 2]);
    expect(time.pendingTimers()).toBe(0);
    scope.close();
  });

  it('SY10: wakes a pull unless it is where the base stands, as far as it says', async () => {
    expect(await wakes()).toBe(false);
    expect(await wakes({ head: 7 })).toBe(false);
    expect(await wakes({ head: 5 }, { head: 7, hash: 'h7', epoch: another })).toBe(false);
    expect(await wakes({ head: 8 })).toBe(true);
    expect(await wakes({ head: 5 })).toBe(true);
    expect(await wakes({ head: 7, hash: 'x' })).toBe(true);
    expect(await wakes({ head: 7, hash: 'h7', epoch: uuid(912) })).toBe(true);
    // Went back after it was said to be where the base is.
    expect(await wakes({ head: 7 }, { head: 5 })).toBe(true);
  });
});
