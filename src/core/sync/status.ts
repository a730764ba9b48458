import type { Connection } from '../../protocol/console/rows.ts';
import type { CoreDeps } from '../deps.ts';
import type { DeviceTime } from '../device-time.ts';
import type { NewsHub } from '../news-hub.ts';
import { readNotices } from '../notices.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import { type ConnectionEvent, type ConnectionState, nextConnection } from './connection-machine.ts';

/** What the pill says of one profile: the state of the connection machine, since when, the next attempt, local trouble. */
export interface Status {
  readonly state: ConnectionState;
  dispatch(event: ConnectionEvent): void;
  /** A local write failed, or (null) works again. */
  trouble(trouble: Connection['trouble']): void;
  /** The next attempt comes after so many ms; null: none is waited for. */
  nextIn(delayMs: number | null): void;
  connection(): Connection;
}

export function createStatus(
  parts: {
    readonly deps: Pick<CoreDeps, 'clock' | 'log'>;
    readonly files: Pick<ProfileFiles, 'outbox' | 'cache' | 'cacheRebuilt'>;
    readonly time: DeviceTime;
    readonly hub: NewsHub;
  },
  first: ConnectionState,
): Status {
  const { deps, time, hub } = parts;
  const { outbox, cache, cacheRebuilt } = parts.files;
  let state = first;
  // Kept on the monotonic clock and told on the device's as it stands: a wall clock that jumps moves no countdown (SY15).
  let since = deps.clock.monotonicMs();
  let nextAttempt: number | null = null;
  let trouble: Connection['trouble'] = cacheRebuilt ? 'cacheRebuilt' : null;

  return {
    get state() {
      return state;
    },
    dispatch(event) {
      const next = nextConnection(state, event);
      if (next === state) return;
      state = next;
      deps.log.write('info', 'connection', { kind: next });
      since = deps.clock.monotonicMs();
      hub.emit('connection');
    },
    trouble(next) {
      if (trouble === next) return;
      trouble = next;
      hub.emit('connection');
    },
    nextIn(delayMs) {
      nextAttempt = delayMs === null ? null : deps.clock.monotonicMs() + delayMs;
      if (delayMs !== null) hub.emit('connection');
    },
    connection() {
      const { unanswered, owed, refused } = outbox.counts();
      const fill = cache.meta().fill;
      const files = outbox.uploadCounts();
      return {
        state,
        since: time.onDeviceClock(since),
        lastContactAt: time.lastContactAt(),
        nextAttemptAt: nextAttempt === null ? null : time.onDeviceClock(nextAttempt),
        pendingActs: unanswered + owed,
        refusedActs: refused,
        uploads: { waiting: files.waiting, bytes: files.bytes },
        fill: state === 'filling' ? { done: fill?.done ?? 0, total: fill?.total ?? null } : null,
        clockSkewMs: time.skewMs(),
        trouble,
        notices: readNotices(outbox),
      };
    },
  };
}
