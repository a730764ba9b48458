import type { Connection } from '../../protocol/console/rows.ts';
import { faultOf } from '../../shared/fault.ts';
import type { CoreDeps } from '../deps.ts';
import type { DeviceTime } from '../device-time.ts';
import { troubleOf } from '../failures.ts';
import type { FileDesk } from '../files/file-desk.ts';
import type { NewsHub } from '../news-hub.ts';
import { addNotice } from '../notices.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import type { SessionKeeper, TokenFailure } from '../session-keeper.ts';
import { reactions } from './failure-reactions.ts';
import { greet } from './greet.ts';
import { type HandIn, pushAlone } from './hand-in.ts';
import { createLink, type Link } from './link.ts';
import type { OverlayKeeper } from './overlay-keeper.ts';
import { pause } from './pause.ts';
import { runPoke } from './poke-loop.ts';
import { runPull } from './pull-loop.ts';
import { planPull } from './pull-plan.ts';
import { runPush } from './push-loop.ts';
import { createRetryClock } from './retry-clock.ts';
import { createScope, createSignal, createStoreNews } from './signal.ts';
import { createStatus } from './status.ts';
import { STORAGE_PAUSE_MS, type SyncContext } from './sync-context.ts';
import { runUploads } from './upload-loop.ts';

/** Outbox rows are kept so long after their answer (SY14). */
export const RETENTION_MS = 45 * 86_400_000;

const STOP_MS = 2_000;
/** A contact that worked and was cut: a store that restarts cuts all its consoles at once, which come back over four seconds and more. */
const LOST_ATTEMPT = 2;

/** Sync of one profile. The active one pulls and listens too; the others only send what is left in their outbox. */
export interface SyncEngine {
  start(): void;
  /** Resolves when nothing of it runs any more, or after two seconds. */
  stop(): Promise<void>;
  setActive(active: boolean): void;
  /** Something was written to the outbox. */
  workAdded(): void;
  /** Tries again now, whatever the backoff says; a contact that hangs is given up for a new one. */
  retryNow(): void;
  /** Tokens came or went: the contact begins anew. */
  sessionChanged(event: 'signIn' | 'signOut'): void;
  /** The cache cannot be read any more: an empty one takes its place and is filled, and what is pending lies over it. */
  cacheDamaged(): void;
  connection(): Connection;
  trouble(trouble: Connection['trouble']): void;
}

export interface EngineParts {
  readonly deps: CoreDeps;
  readonly files: ProfileFiles;
  readonly keeper: SessionKeeper;
  readonly time: DeviceTime;
  readonly overlays: OverlayKeeper;
  readonly hub: NewsHub;
  readonly attachments: FileDesk;
  /** Everything of a profile that is not active has been sent. */
  readonly onDrained: () => void;
  /** What becomes of a device that the store has revoked. */
  readonly handIn: HandIn;
}

export function createSyncEngine(parts: EngineParts): SyncEngine {
  const { deps, keeper, time, overlays, hub, handIn } = parts;
  const { outbox, cache, blobs } = parts.files;
  const { shelf, transfers, downloads } = parts.attachments;
  const life = createScope();
  /** Raised when commands were answered, and when none is left to send. */
  const answered = createSignal(deps.timers);
  const signedIn = keeper.alive() ? 'connecting' : 'sessionExpired';
  const status = createStatus(
    parts,
    keeper.session() === null ? 'signedOut' : handIn.begun() ? 'deviceRevoked' : signedIn,
  );
  let running: Promise<void> = Promise.resolve();
  let link: Link | null = null;
  let active = false;
  let pulling = false;
  const retry = createRetryClock(deps, status, life);

  const context: SyncContext = {
    deps,
    outbox,
    cache,
    blobs,
    shelf,
    transfers,
    keeper,
    time,
    overlays,
    hub,
    work: createSignal(deps.timers),
    fileWork: createSignal(deps.timers),
    storeNews: createStoreNews(deps.timers),
    pulls: () => pulling,
    dispatch(event) {
      status.dispatch(event);
      if (event === 'caughtUp') tidyFiles();
    },
    emptied() {
      answered.raise();
      context.fileWork.raise();
    },
    sound() {
      retry.reset();
      answered.raise();
    },
    trouble: status.trouble,
    cacheFailed(failure) {
      overlays.rolledBack();
      if (failure.code !== 'corrupt') {
        status.trouble(failure.code);
        return true;
      }
      deps.log.write('error', 'cacheCorrupt', {});
      const wiped = cache.wipe();
      status.trouble(wiped.ok ? 'cacheRebuilt' : 'ioError');
      if (wiped.ok) {
        addNotice(context, { kind: 'cacheRebuilt', params: {} });
        overlays.rebuildAll();
      }
      hub.emit('queue');
      return !wiped.ok;
    },
  };

  /** Quarantined rows are never sent, so they keep nobody waiting. */
  const nothingToSend = () =>
    outbox.toSend(1).length === 0 && (outbox.uploadsDue(1).length === 0 || handIn.givesUpFiles());

  /** The base is what the store has: files of tickets that left it go too (SY7). */
  function tidyFiles(): void {
    shelf.dropUnheld().catch((error: unknown) => logThrown('filesThrew', error));
  }

  async function contact(): Promise<void> {
    retry.began();
    context.dispatch('attempt');
    if (overlays.owing()) {
      rebuildOverlays();
      hub.emit('queue');
    }
    const mine = openLink();
    const greeting = await greet(mine, context);
    if (life.closed || mine.closed) return;
    if (!greeting.ok) {
      link = null;
      mine.close();
      if (greeting.error.kind === 'store') return failedContact(greeting.error.failure);
      context.trouble(troubleOf(greeting.error.failure));
      return retry.wait(STORAGE_PAUSE_MS);
    }
    const hello = greeting.value;
    handIn.calledOff();
    // By the earlier of the two clocks: one that jumped years ahead must not drop what was kept for 45 days.
    const retained = Math.min(deps.clock.now(), hello.serverTime) - RETENTION_MS;
    outbox.prune(retained);
    outbox.pruneUploads(retained);
    outbox.reofferUploads(hello.epoch);
    status.nextIn(null);
    const loops: Promise<void>[] = [runPush(mine, context, hello.epoch), runUploads(mine, context, hello.epoch)];
    pulling = active;
    if (active) {
      context.dispatch(planPull(cache.meta(), hello) === 'deltas' ? 'deltas' : 'fill');
      hub.emit('connection');
      loops.push(runPull(mine, context, hello), runPoke(mine, context, hello.head));
    } else {
      context.dispatch('deltas');
      loops.push(drained(mine));
    }
    for (const loop of loops) loop.catch((error: unknown) => failLoop(mine, error));
    const end = await mine.ended;
    pulling = false;
    await Promise.allSettled(loops);
    link = null;
    if (end !== null && !life.closed) await failedContact(end, LOST_ATTEMPT);
  }

  function openLink(): Link {
    const mine = createLink();
    link = mine;
    const unhook = life.onClose(mine.close);
    mine.onClose(unhook);
    return mine;
  }

  /** An exception in a loop is a bug: it is logged and costs the contact, never the process or the work. */
  function failLoop(mine: Link, error: unknown): void {
    logThrown('syncLoopThrew', error);
    if (cache.damaged()) context.cacheFailed({ code: 'corrupt' });
    overlays.rolledBack();
    mine.fail({ kind: 'broken' });
  }

  function logThrown(event: string, error: unknown): void {
    deps.log.write('error', event, { error: faultOf(error) });
  }

  async function drained(mine: Link): Promise<void> {
    while (!mine.closed) {
      if (nothingToSend()) {
        mine.close();
        if (!active) parts.onDrained();
        return;
      }
      await answered.wait(mine);
    }
  }

  /** `from`: failures that the wait is to be drawn as after, at least. */
  async function failedContact(failure: TokenFailure, from = 0): Promise<void> {
    const reaction = reactions[failure.kind];
    // Once at once, then with backoff: a store that keeps sending us back to hello must not be hammered.
    if (reaction.kind === 'hello' && retry.fresh) return retry.count();
    context.dispatch(reaction.kind === 'ends' ? reaction.event : 'lost');
    if (failure.kind === 'deviceRevoked') handIn.begin();
    if (failure.kind === 'deviceRevoked' || failure.kind === 'consoleTooOld' || failure.kind === 'storeTooOld') {
      await pushAlone(openLink(), context, nothingToSend, drained);
      link = null;
      if (life.closed) return;
      if (failure.kind === 'deviceRevoked' && nothingToSend()) handIn.handedIn();
    }
    const session = keeper.session();
    if (session !== null && time.windowOver(session)) context.dispatch('windowOver');
    await retry.backOff(failure, from);
  }

  async function run(): Promise<void> {
    while (!life.closed) {
      try {
        const idle = !active && nothingToSend() && !handIn.begun();
        if (idle || !keeper.alive()) {
          if (!keeper.alive() && keeper.session() !== null && active) context.dispatch('expired');
          await retry.wait();
          continue;
        }
        await contact();
      } catch (error) {
        await afterThrow(error);
      }
    }
  }

  /** A read of a failing disk throws too. It costs this contact and a pause; sync itself never ends before its life does. */
  async function afterThrow(error: unknown): Promise<void> {
    logThrown('syncEngineThrew', error);
    link?.close();
    link = null;
    if (cache.damaged()) context.cacheFailed({ code: 'corrupt' });
    overlays.rolledBack();
    context.dispatch('lost');
    await retry.backOff(null);
  }

  /** Rows that an older app wrote may not be readable: they are sent again, and must not keep the console from starting. */
  function rebuildOverlays(): void {
    try {
      const rebuilt = overlays.rebuildAll();
      if (!rebuilt.ok) context.cacheFailed(rebuilt.error);
    } catch (error) {
      logThrown('overlaysThrew', error);
      overlays.rolledBack();
    }
  }

  return {
    start() {
      const recovered = outbox.unanswered(Number.MAX_SAFE_INTEGER);
      const sending = recovered.flatMap((row) =>
        row.kind === 'command' && row.state === 'sending' ? [row.wire.id] : [],
      );
      if (sending.length > 0) outbox.setStates(sending, 'waiting');
      rebuildOverlays();
      running = run().catch((error: unknown) => logThrown('syncEngineThrew', error));
    },
    async stop() {
      life.close();
      link?.close();
      // A request in flight may take long to fail. What it would still write is asked for again at the next start.
      const grace = createScope();
      await Promise.race([running.then(grace.close), pause(deps, grace, STOP_MS)]);
    },
    setActive(next) {
      if (active === next) return;
      active = next;
      link?.close();
      retry.wake();
    },
    cacheDamaged() {
      context.cacheFailed({ code: 'corrupt' });
      // The base is gone: the next contact fills it.
      link?.fail({ kind: 'broken' });
      retry.wake();
    },
    workAdded: context.work.raise,
    retryNow() {
      if (link !== null && status.state !== 'online') link.close();
      context.work.raise();
      context.fileWork.raise();
      downloads.retryNow();
      context.storeNews.raise();
      retry.wake();
    },
    sessionChanged(event) {
      context.dispatch(event);
      link?.close();
      retry.wake();
    },
    connection: status.connection,
    trouble: status.trouble,
  };
}
