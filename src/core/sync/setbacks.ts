import { faultOf } from '../../shared/fault.ts';
import type { CoreDeps } from '../deps.ts';
import type { DeviceTime } from '../device-time.ts';
import type { NewsHub } from '../news-hub.ts';
import { addNotice } from '../notices.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { SessionKeeper, TokenFailure } from '../session-keeper.ts';
import { reactions } from './failure-reactions.ts';
import type { HandIn } from './hand-in.ts';
import type { Link } from './link.ts';
import type { OverlayKeeper } from './overlay-keeper.ts';
import { createRetryClock, type RetryClock } from './retry-clock.ts';
import type { Scope } from './signal.ts';
import type { Status } from './status.ts';

/** What becomes of a contact that failed, a loop that threw, and a cache that cannot be written or read. Owns when the next attempt is. */
export interface Setbacks {
  readonly retry: RetryClock;
  /** A cache write failed. True: try again after a pause; false: the cache was emptied and wants a new fill. */
  cacheFailed(failure: StorageFailure): boolean;
  /** An exception in a loop is a bug: it is logged and costs the contact, never the process or the work. */
  loopThrew(link: Link, error: unknown): void;
  /** A read of a failing disk throws too. It costs this contact and a pause; sync itself never ends before its life does. */
  contactThrew(error: unknown): Promise<void>;
  contactFailed(failure: TokenFailure): Promise<void>;
  /** Rows that an older app wrote may not be readable: they are sent again, and must not keep the console from starting. */
  rebuildOverlays(): void;
  threw(event: string, error: unknown): void;
}

interface SetbackParts {
  readonly deps: Pick<CoreDeps, 'clock' | 'random' | 'timers' | 'log'>;
  readonly files: Pick<ProfileFiles, 'outbox' | 'cache'>;
  readonly keeper: SessionKeeper;
  readonly time: DeviceTime;
  readonly overlays: OverlayKeeper;
  readonly hub: NewsHub;
  readonly handIn: HandIn;
}
/** What only the engine can do: it owns the contact. */
interface SetbackHelp {
  readonly status: Status;
  readonly life: Scope;
  /** Nothing that could be sent is left. */
  nothingToSend(): boolean;
  /** What still goes out where nothing may be read. */
  pushAlone(): Promise<void>;
}

export function createSetbacks(parts: SetbackParts, { status, life, nothingToSend, pushAlone }: SetbackHelp): Setbacks {
  const { deps, keeper, time, overlays, hub, handIn } = parts;
  const { outbox, cache } = parts.files;
  const retry = createRetryClock(deps, status, life);

  function threw(event: string, error: unknown): void {
    deps.log.write('error', event, { error: faultOf(error) });
  }

  function cacheFailed(failure: StorageFailure): boolean {
    overlays.rolledBack();
    if (failure.code !== 'corrupt') {
      status.trouble(failure.code);
      return true;
    }
    deps.log.write('error', 'cacheCorrupt', {});
    const wiped = cache.wipe();
    status.trouble(wiped.ok ? 'cacheRebuilt' : 'ioError');
    if (wiped.ok) {
      addNotice({ outbox, deps, hub }, { kind: 'cacheRebuilt', params: {} });
      overlays.rebuildAll();
    }
    hub.emit('queue');
    return !wiped.ok;
  }

  /** What was under way in the cache is over, and so may be the cache. */
  function thrownOut(): void {
    if (cache.damaged()) cacheFailed({ code: 'corrupt' });
    overlays.rolledBack();
  }

  return {
    retry,
    cacheFailed,
    threw,
    loopThrew(link, error) {
      threw('syncLoopThrew', error);
      thrownOut();
      link.fail({ kind: 'broken' });
    },
    async contactThrew(error) {
      threw('syncEngineThrew', error);
      thrownOut();
      status.dispatch('lost');
      await retry.backOff(null);
    },
    async contactFailed(failure) {
      const reaction = reactions[failure.kind];
      // Once at once, then with backoff: a store that keeps sending us back to hello must not be hammered.
      if (reaction.kind === 'hello' && retry.fresh) return retry.count();
      status.dispatch(reaction.kind === 'ends' ? reaction.event : 'lost');
      if (failure.kind === 'deviceRevoked') handIn.begin();
      if (failure.kind === 'deviceRevoked' || failure.kind === 'consoleTooOld' || failure.kind === 'storeTooOld') {
        await pushAlone();
        if (life.closed) return;
        if (failure.kind === 'deviceRevoked' && nothingToSend()) handIn.handedIn();
      }
      const session = keeper.session();
      if (session !== null && time.windowOver(session)) status.dispatch('windowOver');
      await retry.backOff(failure);
    },
    rebuildOverlays() {
      try {
        const rebuilt = overlays.rebuildAll();
        if (!rebuilt.ok) cacheFailed(rebuilt.error);
      } catch (error) {
        threw('overlaysThrew', error);
        overlays.rolledBack();
      }
    },
  };
}
