import type { Connection } from '../../protocol/console/rows.ts';
import type { CoreDeps } from '../deps.ts';
import type { DeviceTime } from '../device-time.ts';
import { troubleOf } from '../failures.ts';
import type { FileDesk } from '../files/file-desk.ts';
import type { NewsHub } from '../news-hub.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import type { SessionKeeper } from '../session-keeper.ts';
import { greet } from './greet.ts';
import { type HandIn, pushAlone } from './hand-in.ts';
import { createLink, type Link } from './link.ts';
import type { OverlayKeeper } from './overlay-keeper.ts';
import { pause } from './pause.ts';
import { runPoke } from './poke-loop.ts';
import { runPull } from './pull-loop.ts';
import { planPull } from './pull-plan.ts';
import { runPush } from './push-loop.ts';
import { createSetbacks } from './setbacks.ts';
import { createScope, createSignal, createStoreNews } from './signal.ts';
import { createStatus } from './status.ts';
import { STORAGE_PAUSE_MS, type SyncContext } from './sync-context.ts';
import { runUploads } from './upload-loop.ts';

/** Outbox rows are kept so long after their answer (SY14). */
export const RETENTION_MS = 45 * 86_400_000;

const STOP_MS = 2_000;
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
  const { shelf, transfers, downloads, putOff, verified } = parts.attachments;
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
  const setbacks = createSetbacks(parts, {
    status,
    life,
    nothingToSend,
    async pushAlone() {
      await pushAlone(openLink(), context, nothingToSend, drained);
      link = null;
    },
  });
  const { retry } = setbacks;

  const context: SyncContext = {
    deps,
    outbox,
    cache,
    blobs,
    shelf,
    transfers,
    putOff,
    verified,
    keeper,
    time,
    overlays,
    hub,
    work: createSignal(deps.timers),
    fileWork: parts.attachments.work,
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
    cacheFailed: setbacks.cacheFailed,
  };

  /** Quarantined rows are never sent, so they keep nobody waiting. */
  function nothingToSend(): boolean {
    return outbox.toSend(1).length === 0 && (outbox.uploadsDue(1).length === 0 || handIn.givesUpFiles());
  }

  /** The base is what the store has: files of tickets that left it go too (SY7). */
  function tidyFiles(): void {
    shelf.dropUnheld().catch((error: unknown) => setbacks.threw('filesThrew', error));
  }

  async function contact(): Promise<void> {
    retry.began();
    context.dispatch('attempt');
    if (overlays.owing()) {
      setbacks.rebuildOverlays();
      hub.emit('queue');
    }
    const mine = openLink();
    const greeting = await greet(mine, context);
    if (life.closed || mine.closed) return;
    if (!greeting.ok) {
      link = null;
      mine.close();
      if (greeting.error.kind === 'store') return setbacks.contactFailed(greeting.error.failure);
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
    for (const loop of loops) loop.catch((error: unknown) => setbacks.loopThrew(mine, error));
    const end = await mine.ended;
    pulling = false;
    await Promise.allSettled(loops);
    link = null;
    if (end !== null && !life.closed) await setbacks.contactFailed(end);
  }

  function openLink(): Link {
    const mine = createLink();
    link = mine;
    const unhook = life.onClose(mine.close);
    mine.onClose(unhook);
    return mine;
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
        link?.close();
        link = null;
        await setbacks.contactThrew(error);
      }
    }
  }

  return {
    start() {
      const recovered = outbox.unanswered(Number.MAX_SAFE_INTEGER);
      const sending = recovered.flatMap((row) =>
        row.kind === 'command' && row.state === 'sending' ? [row.wire.id] : [],
      );
      if (sending.length > 0) outbox.setStates(sending, 'waiting');
      setbacks.rebuildOverlays();
      running = run().catch((error: unknown) => setbacks.threw('syncEngineThrew', error));
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
      setbacks.cacheFailed({ code: 'corrupt' });
      // The base is gone: the next contact fills it.
      link?.fail({ kind: 'broken' });
      retry.wake();
    },
    workAdded: context.work.raise,
    retryNow() {
      if (link !== null && status.state !== 'online') link.close();
      context.work.raise();
      putOff.clear();
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
