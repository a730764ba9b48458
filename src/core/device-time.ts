import { SKEW_LIMIT_MS } from '../domain/act-times.ts';
import type { SessionInfo } from '../protocol/sync/auth.ts';
import type { WireCommand } from '../protocol/sync/command.ts';
import type { Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import type { OutboxPort } from './ports/outbox.ts';
import type { StorageFailure } from './ports/storage-failure.ts';
import { readSetting, type Setting, writeSetting } from './settings.ts';

const DAY_MS = 86_400_000;
/** A wall clock that says that more than this went by since the last contact is taken to be wrong. */
const LONGEST_ABSENCE_MS = 366 * DAY_MS;
/** What was surely lived through since the contact is noted this often, so that a boot later can count on it. */
const NOTE_EVERY_MS = 600_000;

/** What this device knows of time. The wall clock is never believed beyond what the last contact says of it (SY15). */
export interface DeviceTime {
  /** `time` of a command written now. */
  stamp(): WireCommand['time'];
  /** The store's time as far as this device can tell: the measure for how long things are kept. Its own before the first contact. */
  storeNow(): number;
  /**
   * True while the offset was measured in this boot of the machine, so that `storeNow` is exact. Else it is a guess by a wall clock
   * that may have been set meanwhile, and nothing is refused by it.
   */
  exact(): boolean;
  /** A moment of this process as the device's clock shows it now, so that a jump since then moves both alike. */
  onDeviceClock(monotonicMs: number): number;
  /** `requestedAtMs`: monotonic reading before the request. The store's clock is taken to have been read half-way. */
  measure(serverTime: number, requestedAtMs: number): Result<null, StorageFailure>;
  /** On the device's clock as it stands now. */
  lastContactAt(): number | null;
  /** Store time − device time when it is beyond two minutes, else null. */
  skewMs(): number | null;
  /** True when the person has read for longer without contact than the desk allows. */
  windowOver(session: SessionInfo): boolean;
}

/**
 * The store's time is the last contact's, carried on by the monotonic clock while the machine stays up. After a reboot only the wall clock
 * knows how long it was off; it is read once and believed if it says between what was surely lived through since the contact
 * and a year. A clock that went back, or years ahead, is no measure: then time goes on from what was surely lived through.
 */
export function createDeviceTime(deps: Pick<CoreDeps, 'clock'>, outbox: OutboxPort): DeviceTime {
  const { clock } = deps;
  let contact: Setting<'contact'> | null = readSetting(outbox, 'contact');
  let lived: Setting<'lived'> | null = readSetting(outbox, 'lived');
  /** Store time at a monotonic reading of this boot. */
  let anchor: { readonly storeAt: number; readonly monotonicMs: number; readonly exact: boolean } | null = null;

  /** Also tells boots apart whose id is the same because a dead clock starts every one of them in the same minute. */
  const ofThisBoot = (at: { readonly bootId: string; readonly monotonicMs: number }): boolean =>
    at.bootId === clock.bootId() && at.monotonicMs <= clock.monotonicMs();

  /** Milliseconds that this machine was surely up since the contact, as of now. */
  function livedMs(): number {
    if (contact === null) return 0;
    const monotonicMs = clock.monotonicMs();
    if (ofThisBoot(contact)) return monotonicMs - contact.monotonicMs;
    if (lived === null) return monotonicMs;
    return lived.ms + (ofThisBoot(lived) ? monotonicMs - lived.monotonicMs : monotonicMs);
  }

  /** Small enough to be lost: a write that fails costs at most this boot's share after the next reboot. */
  function noteLived(): void {
    const ms = livedMs();
    if (lived !== null && ms - lived.ms < NOTE_EVERY_MS && lived.bootId === clock.bootId()) return;
    lived = { ms, monotonicMs: clock.monotonicMs(), bootId: clock.bootId() };
    writeSetting(outbox, 'lived', lived);
  }

  function anchored(): NonNullable<typeof anchor> | null {
    if (contact === null || anchor !== null) return anchor;
    if (ofThisBoot(contact)) anchor = { storeAt: contact.storeAt, monotonicMs: contact.monotonicMs, exact: true };
    else {
      const sure = contact.storeAt + livedMs();
      const guess = clock.now() + (contact.storeAt - contact.deviceAt);
      const believed = guess >= sure && guess - contact.storeAt <= LONGEST_ABSENCE_MS;
      anchor = { storeAt: believed ? guess : sure, monotonicMs: clock.monotonicMs(), exact: false };
    }
    return anchor;
  }

  function storeNow(): number | null {
    const from = anchored();
    return from === null ? null : from.storeAt + (clock.monotonicMs() - from.monotonicMs);
  }
  function offset(): number | null {
    const now = storeNow();
    return now === null ? null : Math.round(now - clock.now());
  }
  return {
    stamp() {
      noteLived();
      return {
        deviceAt: clock.now(),
        bootId: clock.bootId(),
        monotonicMs: clock.monotonicMs(),
        lastOffset: offset(),
      };
    },
    storeNow: () => Math.round(storeNow() ?? clock.now()),
    exact: () => anchored()?.exact === true,
    onDeviceClock: (monotonicMs) => Math.round(clock.now() - (clock.monotonicMs() - monotonicMs)),
    measure(serverTime, requestedAtMs) {
      const monotonicMs = clock.monotonicMs();
      const storeAt = serverTime + Math.max(0, monotonicMs - requestedAtMs) / 2;
      contact = { storeAt, deviceAt: clock.now(), monotonicMs, bootId: clock.bootId() };
      lived = { ms: 0, monotonicMs, bootId: contact.bootId };
      anchor = { storeAt, monotonicMs, exact: true };
      const kept = writeSetting(outbox, 'contact', contact);
      return kept.ok ? writeSetting(outbox, 'lived', lived) : kept;
    },
    lastContactAt() {
      const now = storeNow();
      return contact === null || now === null ? null : Math.round(clock.now() - (now - contact.storeAt));
    },
    skewMs() {
      const now = offset();
      return now !== null && Math.abs(now) > SKEW_LIMIT_MS ? now : null;
    },
    windowOver(session) {
      const now = storeNow();
      if (contact === null || now === null) return false;
      noteLived();
      return now - contact.storeAt > session.offlineDays * DAY_MS;
    },
  };
}
