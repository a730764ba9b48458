import { describe, expect, it } from 'vitest';
import { register } from '../support/console/acts.ts';
import { bugsOf, createScene, signedIn } from '../support/console/console-rig.ts';
import { uuid } from '../support/world.ts';

describe('a console that is too old to be told the epoch', () => {
  it('SY14 SY16: hands in again what a restored store has lost as soon as a push tells it of another epoch', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const restore = scene.store.backup();
    const lost = await register(rig);
    await scene.time.advance(2_000);
    rig.link.next.hello = Array(500).fill({ kind: 'consoleTooOld' });
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    const fresh = await register(rig);
    restore(uuid(960));
    rig.link.down = null;
    await scene.time.advance(300_000);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'consoleTooOld' });
    expect([scene.store.tickets.has(lost), scene.store.tickets.has(fresh)]).toEqual([true, true]);
    expect(rig.commands().map(({ replayFor, ackEpoch }) => [replayFor, ackEpoch])).toEqual([
      [null, uuid(960)],
      [null, uuid(960)],
    ]);
    expect(bugsOf(rig)).toEqual([]);
  });
});
