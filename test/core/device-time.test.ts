import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeviceTime } from '../../src/core/device-time.ts';
import { mendedTime } from '../../src/domain/act-times.ts';
import type { SessionInfo } from '../../src/protocol/sync/auth.ts';
import { createMemoryOutbox, emptyOutboxDisk } from '../support/console/memory-outbox.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const TEN_YEARS = 3652 * DAY;
const NOON = 1_790_000_000_000;
// Only the length of the window is read of it.
const session = { offlineDays: 30 } as SessionInfo;

/** A machine with true time, a wall clock that errs, a boot, and one outbox file that outlives processes and boots. */
function machine() {
  const world = { now: NOON, wrongBy: 0, boot: 1, bootedAt: NOON - DAY };
  const clock = {
    now: () => world.now + world.wrongBy,
    monotonicMs: () => world.now - world.bootedAt,
    bootId: () => `boot-${world.boot}`,
  };
  const outbox = createMemoryOutbox(emptyOutboxDisk(), () => null);
  let time = createDeviceTime({ clock }, outbox);
  return {
    world,
    clock,
    time: () => time,
    pass: (ms: number) => {
      world.now += ms;
    },
    jump: (ms: number) => {
      world.wrongBy += ms;
    },
    contact: () => void time.measure(world.now, clock.monotonicMs()),
    restart: () => {
      time = createDeviceTime({ clock }, outbox);
    },
    /** Off for `ms`, then up again with another boot. `sameId`: a dead clock gives every boot the same one. */
    reboot: (ms: number, sameId = false) => {
      world.now += ms;
      world.bootedAt = world.now - 20_000;
      if (!sameId) world.boot += 1;
      time = createDeviceTime({ clock }, outbox);
    },
    /** True minus stamped time of an act written now, as a store would take it that hears of it at once. */
    error: () => {
      const { deviceAt, lastOffset } = time.stamp();
      return world.now - (deviceAt + (lastOffset ?? 0));
    },
  };
}
type Machine = ReturnType<typeof machine>;

describe('SY15 after a contact the wall clock says nothing', () => {
  it.each([DAY, -DAY, TEN_YEARS, -TEN_YEARS, 90_000])(
    'one that jumps by %i ms changes no time but the one it says',
    (jump) => {
      const m = machine();
      m.contact();
      m.pass(MINUTE);
      m.jump(jump);
      expect(m.error()).toBe(0);
      expect(m.time().stamp().deviceAt).toBe(m.clock.now());
      expect(m.time().storeNow()).toBe(m.world.now);
      expect(m.time().windowOver(session)).toBe(false);
      expect(m.time().skewMs()).toBe(Math.abs(jump) > 120_000 ? -jump : null);
      // The contact was a minute ago, whatever the clock shows now.
      expect(m.time().lastContactAt()).toBe(m.clock.now() - MINUTE);
      m.restart();
      expect(m.error()).toBe(0);
      expect(m.time().exact()).toBe(true);
    },
  );

  it('any jumps between any acts: no act is misdated, and the window of 30 days counts true days', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(3 * DAY) }),
      fc.record({ kind: fc.constant('jump' as const), ms: fc.constantFrom(DAY, -DAY, TEN_YEARS, -TEN_YEARS) }),
      fc.record({ kind: fc.constant('restart' as const), ms: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const m = machine();
        m.contact();
        for (const { kind, ms } of steps) {
          m[kind](ms);
          expect(m.error()).toBe(0);
          expect(m.time().windowOver(session)).toBe(m.world.now - NOON > 30 * DAY);
        }
      }),
    );
  });
});

describe('SY15 over a reboot only the wall clock knows how long it was; it is believed within reason', () => {
  const rebooted = (off: number, wrongBy: number): Machine => {
    const m = machine();
    m.contact();
    m.pass(DAY);
    m.time().stamp();
    m.jump(wrongBy);
    m.reboot(off);
    return m;
  };
  it('a sound clock is exact, and its absence counts', () => {
    expect(rebooted(5 * DAY, 0).error()).toBe(0);
    expect(
      rebooted(28 * DAY, 0)
        .time()
        .windowOver(session),
    ).toBe(false);
    expect(
      rebooted(30 * DAY, 0)
        .time()
        .windowOver(session),
    ).toBe(true);
    expect(
      rebooted(5 * DAY, 0)
        .time()
        .exact(),
    ).toBe(false);
  });
  it.each([TEN_YEARS, -TEN_YEARS])(
    'one that comes up %i ms off locks nobody out, and dates acts between the contact and now',
    (wrong) => {
      const m = rebooted(5 * DAY, wrong);
      expect(m.time().windowOver(session)).toBe(false);
      expect(m.error()).toBeGreaterThanOrEqual(0);
      expect(m.error()).toBeLessThanOrEqual(5 * DAY);
      expect(m.time().skewMs()).not.toBe(null);
      // The store dates the act by the monotonic clock of the sender, exactly.
      const act = m.time().stamp();
      const actAt = m.world.now;
      m.pass(3 * 3_600_000);
      const mended = mendedTime(act, { bootId: m.clock.bootId(), monotonicMs: m.clock.monotonicMs() }, m.world.now);
      expect(mended.deviceAt + (mended.lastOffset ?? 0)).toBe(actAt);
    },
  );
  it('a clock set back at every start unlocks nothing: what was surely lived through adds up', () => {
    const m = machine();
    m.contact();
    for (let day = 0; day < 29; day += 1) {
      m.jump(-20 * DAY);
      m.reboot(1_000);
      for (let hour = 0; hour < 24; hour += 1) {
        m.pass(3_600_000);
        expect(m.time().windowOver(session)).toBe(false);
      }
    }
    m.jump(-20 * DAY);
    m.reboot(1_000);
    m.pass(2 * DAY);
    expect(m.time().windowOver(session)).toBe(true);
    m.contact();
    expect(m.time().windowOver(session)).toBe(false);
  });
  it('a lock by a clock that was weeks ahead ends when the clock is right again', () => {
    const m = rebooted(DAY, 40 * DAY);
    expect(m.time().windowOver(session)).toBe(true);
    m.jump(-40 * DAY);
    m.reboot(1_000);
    expect(m.time().windowOver(session)).toBe(false);
  });
  it('boots that share an id are told apart by the clock that never goes back', () => {
    const m = machine();
    m.contact();
    m.pass(DAY);
    m.reboot(DAY, true);
    expect(m.time().exact()).toBe(false);
    expect(m.error()).toBe(0);
  });
  it('an offset measured late mends what comes after it', () => {
    const m = rebooted(DAY, -TEN_YEARS);
    m.contact();
    expect(m.error()).toBe(0);
    expect(m.time().exact()).toBe(true);
  });
});
