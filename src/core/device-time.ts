import { SKEW_LIMIT_MS } from '../domain/act-times.ts';
import type { SessionInfo } from '../protocol/sync/auth.ts';
import type { WireCommand } from '../protocol/sync/command.ts';
import type { Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import type { OutboxPort } from './ports/outbox.ts';
import type { StorageFailure } from './ports/storage-failure.ts';
import { readSetting, type Setting, writeSetting } from './settings.ts';

const DAY_MS = 86_400_000;

/** What this device knows of time. The wall clock is never believed beyond what the last contact says of it (SY15). */
export interface DeviceTime {
  /** `time` of a command written now. */
  stamp(): WireCommand['time'];
  /** `requestedAtMs`: monotonic reading before the request. The store's clock is taken to have been read half-way. */
  measure(serverTime: number, requestedAtMs: number): Result<null, StorageFailure>;
  lastContactAt(): number | null;
  /** Store time − device time when it is beyond two minutes, else null. */
  skewMs(): number | null;
  /** True when the person has read for longer without contact than the desk allows. */
  windowOver(session: SessionInfo): boolean;
}

export function createDeviceTime(deps: Pick<CoreDeps, 'clock'>, outbox: OutboxPort): DeviceTime {
  const { clock } = deps;
  let contact: Setting<'contact'> | null = readSetting(outbox, 'contact');

  /** Within one boot the monotonic clock carries the store's time on, so a wall clock that is set meanwhile changes nothing. */
  function offset(): number | null {
    if (contact === null) return null;
    if (contact.bootId !== clock.bootId()) return contact.storeAt - contact.deviceAt;
    return Math.round(contact.storeAt + (clock.monotonicMs() - contact.monotonicMs) - clock.now());
  }
  return {
    stamp: () => ({
      deviceAt: clock.now(),
      bootId: clock.bootId(),
      monotonicMs: clock.monotonicMs(),
      lastOffset: offset(),
    }),
    measure(serverTime, requestedAtMs) {
      const monotonicMs = clock.monotonicMs();
      const storeAt = serverTime + Math.max(0, monotonicMs - requestedAtMs) / 2;
      contact = { storeAt, deviceAt: clock.now(), monotonicMs, bootId: clock.bootId() };
      return writeSetting(outbox, 'contact', contact);
    },
    lastContactAt: () => contact?.deviceAt ?? null,
    skewMs() {
      const now = offset();
      return now !== null && Math.abs(now) > SKEW_LIMIT_MS ? now : null;
    },
    windowOver(session) {
      if (contact === null) return false;
      const elapsed =
        contact.bootId === clock.bootId() ? clock.monotonicMs() - contact.monotonicMs : clock.now() - contact.deviceAt;
      return elapsed > session.offlineDays * DAY_MS;
    },
  };
}
