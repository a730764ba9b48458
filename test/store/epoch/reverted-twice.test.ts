import { describe, expect, it } from 'vitest';
import type { LogMark } from '../../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { createConsole } from '../../contract/desk/console.ts';
import { memoryPorts } from '../../contract/desk/memory-ports.ts';
import { createRig } from '../../contract/desk/rig.ts';
import { DESK, EPOCH } from '../../contract/desk/world.ts';

/** A desk whose disk is put back to a snapshot underneath it, as often as one likes: nobody tells the store. */
async function snapshotDesk() {
  const ports = memoryPorts();
  const rig = await createRig(async () => ports);
  const ana = createConsole(rig, 'ana');
  const hello = async (...marks: LogMark[]) =>
    rig.service.hello(await ana.principal(), {
      protocol: PROTOCOL_VERSION,
      schema: 1,
      incarnation: ana.incarnation,
      lastN: 0,
      cursor: null,
      logHash: null,
      marks,
    });
  const snapshot = ports.desk.backup();
  return { rig, ana, hello, putBack: () => ports.desk.restore(snapshot) };
}

describe('a desk put back to the same snapshot twice', () => {
  it('SY14 is in a new epoch each time, although whoever proves it knows only the epoch after the first', async () => {
    const { rig, ana, hello, putBack } = await snapshotDesk();
    await ana.register(1);
    const first = await rig.desks.mark(DESK);
    putBack();
    const { epoch: second, restoredAt } = await hello(first);
    expect(second).not.toBe(EPOCH);
    expect(restoredAt).not.toBeNull();
    // What a console that has handed everything in again knows: nothing of the first epoch.
    const later = await rig.desks.mark(DESK);
    expect(later.epoch).toBe(second);
    putBack();
    const third = await hello(later);
    expect([EPOCH, second]).not.toContain(third.epoch);
    // Once: the others bring the same news, or older.
    expect((await hello(first, later)).epoch).toBe(third.epoch);
  });

  it('SY14 marks of an epoch that it left by itself prove nothing', async () => {
    const { rig, ana, hello } = await snapshotDesk();
    await ana.register(1);
    const first = await rig.desks.mark(DESK);
    await rig.desks.openEpoch(DESK, { from: EPOCH, to: first.epoch.replace(/1$/u, '7'), at: 1 });
    const { epoch } = await hello();
    expect((await hello(first)).epoch).toBe(epoch);
  });

  it('SY14 a mark of another epoch with a wrong seal proves nothing', async () => {
    const { rig, hello } = await snapshotDesk();
    const mark = await rig.desks.mark(DESK);
    expect((await hello({ ...mark, epoch: mark.epoch.replace(/1$/u, '7') })).epoch).toBe(EPOCH);
  });
});
