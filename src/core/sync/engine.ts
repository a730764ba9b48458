import type { Connection } from '../../protocol/console/rows.ts';
import type { HelloResponse } from '../../protocol/sync/messages.ts';
import { PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import type { CoreDeps } from '../deps.ts';
import type { DeviceTime } from '../device-time.ts';
import type { NewsHub } from '../news-hub.ts';
import { readNotices } from '../notices.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import type { SessionKeeper, TokenFailure } from '../session-keeper.ts';
import { backoffMs } from './backoff.ts';
import { type ConnectionState, nextConnection } from './connection-machine.ts';
import { reactions, retryAfterOf } from './failure-reactions.ts';
import { authorized, createLink, type Link } from './link.ts';
import { newIncarnation } from './new-incarnation.ts';
import type { OverlayKeeper } from './overlay-keeper.ts';
import { pause } from './pause.ts';
import { runPoke } from './poke-loop.ts';
import { runPull } from './pull-loop.ts';
import { cursorClaim, planPull } from './pull-plan.ts';
import { runPush } from './push-loop.ts';
import { createScope, createSignal, createStoreNews } from './signal.ts';
import type { SyncContext } from './sync-context.ts';

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
  /** Tries again now, whatever the backoff says. */
  retryNow(): void;
  /** Tokens came or went: the contact begins anew. */
  sessionChanged(event: 'signIn' | 'signOut'): void;
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
  /** Everything of a profile that is not active has been sent. */
  readonly onDrained: () => void;
}

export function createSyncEngine(parts: EngineParts): SyncEngine {
  const { deps, keeper, time, overlays, hub } = parts;
  const { outbox, cache } = parts.files;
  const life = createScope();
  /** Ends a backoff or an idle wait. */
  const wake = createSignal(deps.timers);
  /** Raised when commands were answered. */
  const answered = createSignal(deps.timers);
  let running: Promise<void> = Promise.resolve();
  let link: Link | null = null;
  let active = false;
  let attempts = 0;
  let state: ConnectionState =
    keeper.session() === null ? 'signedOut' : keeper.alive() ? 'connecting' : 'sessionExpired';
  let since = deps.clock.now();
  let nextAttemptAt: number | null = null;
  let trouble: Connection['trouble'] = parts.files.cacheRebuilt ? 'cacheRebuilt' : null;

  const context: SyncContext = {
    deps,
    outbox,
    cache,
    keeper,
    time,
    overlays,
    hub,
    work: createSignal(deps.timers),
    storeNews: createStoreNews(deps.timers),
    pulls: () => active && link !== null,
    dispatch(event) {
      const next = nextConnection(state, event);
      if (next === state) return;
      state = next;
      since = deps.clock.now();
      hub.emit('connection');
    },
    sound() {
      attempts = 0;
      answered.raise();
    },
    trouble: setTrouble,
    cacheFailed(failure) {
      overlays.rolledBack();
      if (failure.code !== 'corrupt') {
        setTrouble(failure.code);
        return true;
      }
      deps.log.write('error', 'cacheCorrupt', {});
      const wiped = cache.wipe();
      setTrouble(wiped.ok ? 'cacheRebuilt' : 'ioError');
      if (wiped.ok) overlays.rebuildAll();
      hub.emit('queue');
      return !wiped.ok;
    },
  };

  /** Rows that cannot be read are never sent, so they keep nobody waiting. */
  const nothingToSend = () => outbox.unanswered(1).length === 0;

  function setTrouble(next: Connection['trouble']): void {
    if (trouble === next) return;
    trouble = next;
    hub.emit('connection');
  }

  async function hello(): Promise<{ ok: true; value: HelloResponse } | { ok: false; error: TokenFailure }> {
    const identity = outbox.identity();
    const request = {
      protocol: PROTOCOL_VERSION,
      schema: SCHEMA_VERSION,
      incarnation: identity?.incarnation ?? deps.random.id(),
      lastN: identity?.lastN ?? 0,
      ...cursorClaim(cache.meta()),
    };
    const requestedAt = deps.clock.monotonicMs();
    const answer = await authorized(keeper, (token) => deps.store.hello(token, request));
    if (!answer.ok) return answer;
    time.measure(answer.value.serverTime, requestedAt);
    if (identity !== null && answer.value.lastN > identity.lastN) {
      // The store has more of this chain than this file wrote: an older copy of it came back, or a twin is at work.
      deps.log.write('warn', 'outboxBehindStore', { mine: identity.lastN, theirs: answer.value.lastN });
      newIncarnation(context);
    }
    // Rights changed since the session was read: the local rules need the new ones before the first rebase.
    if (keeper.session()?.scopeVersion !== answer.value.scopeVersion) {
      const renewed = await keeper.renew();
      if (renewed.ok) overlays.rebuildAll();
    }
    return answer;
  }

  async function contact(): Promise<void> {
    context.dispatch('attempt');
    if (overlays.owing()) {
      rebuildOverlays();
      hub.emit('queue');
    }
    const answer = await hello();
    if (life.closed) return;
    if (!answer.ok) return failedContact(answer.error);
    const mine = createLink();
    link = mine;
    const unhook = life.onClose(mine.close);
    // By the earlier of the two clocks: one that jumped years ahead must not drop what was kept for 45 days.
    outbox.prune(Math.min(deps.clock.now(), answer.value.serverTime) - RETENTION_MS);
    nextAttemptAt = null;
    const loops: Promise<void>[] = [runPush(mine, context, answer.value.epoch)];
    if (active) {
      context.dispatch(planPull(cache.meta(), answer.value) === 'deltas' ? 'deltas' : 'fill');
      hub.emit('connection');
      loops.push(runPull(mine, context, answer.value), runPoke(mine, context, answer.value.head));
    } else {
      context.dispatch('deltas');
      loops.push(drained(mine));
    }
    for (const loop of loops) loop.catch((error: unknown) => failLoop(mine, error));
    const end = await mine.ended;
    await Promise.allSettled(loops);
    unhook();
    link = null;
    if (end !== null && !life.closed) await failedContact(end, answer.value.epoch);
  }

  /** An exception in a loop is a bug: it is logged and costs the contact, never the process or the work. */
  function failLoop(mine: Link, error: unknown): void {
    logThrown('syncLoopThrew', error);
    overlays.rolledBack();
    mine.fail({ kind: 'broken' });
  }

  function logThrown(event: string, error: unknown): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    deps.log.write('error', event, { error: what });
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

  async function failedContact(failure: TokenFailure, epoch: string | null = null): Promise<void> {
    const reaction = reactions[failure.kind];
    // Once at once, then with backoff: a store that keeps sending us back to hello must not be hammered.
    if (reaction.kind === 'hello' && attempts === 0) {
      attempts = 1;
      return;
    }
    context.dispatch(reaction.kind === 'ends' ? reaction.event : 'lost');
    if (failure.kind === 'deviceRevoked' || failure.kind === 'consoleTooOld' || failure.kind === 'storeTooOld') {
      await pushAlone(epoch);
      if (life.closed) return;
    }
    const session = keeper.session();
    if (session !== null && time.windowOver(session)) context.dispatch('windowOver');
    attempts += 1;
    const delay = backoffMs(attempts - 1, deps.random.fraction(), retryAfterOf(failure));
    nextAttemptAt = deps.clock.now() + delay;
    hub.emit('connection');
    await wake.wait(life, delay);
    nextAttemptAt = null;
  }

  /** SY16: whatever keeps this console from reading, what it has to say still goes out. Ends when all is sent or nothing goes. */
  async function pushAlone(epoch: string | null): Promise<void> {
    if (nothingToSend() || !keeper.alive()) return;
    const mine = createLink();
    const unhook = life.onClose(mine.close);
    const stopAt = deps.timers.after(60_000, mine.close);
    const push = runPush(mine, context, epoch ?? cache.meta().epoch ?? 'unknown');
    await Promise.race([Promise.allSettled([push]), drained(mine)]);
    mine.close();
    stopAt();
    unhook();
    await Promise.allSettled([push]);
  }

  async function run(): Promise<void> {
    while (!life.closed) {
      try {
        const idle = !active && nothingToSend();
        if (idle || !keeper.alive()) {
          if (!keeper.alive() && keeper.session() !== null && active) context.dispatch('expired');
          await wake.wait(life);
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
    overlays.rolledBack();
    context.dispatch('lost');
    attempts += 1;
    await wake.wait(life, backoffMs(attempts - 1, deps.random.fraction(), null));
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
      attempts = 0;
      wake.raise();
    },
    workAdded: context.work.raise,
    retryNow() {
      attempts = 0;
      context.work.raise();
      context.storeNews.raise();
      wake.raise();
    },
    sessionChanged(event) {
      attempts = 0;
      context.dispatch(event);
      link?.close();
      wake.raise();
    },
    connection() {
      const { unanswered, refused } = outbox.counts();
      const fill = cache.meta().fill;
      return {
        state,
        since,
        lastContactAt: time.lastContactAt(),
        nextAttemptAt,
        pendingActs: unanswered,
        refusedActs: refused,
        fill: state === 'filling' ? { done: fill?.done ?? 0, total: fill?.total ?? null } : null,
        clockSkewMs: time.skewMs(),
        trouble,
        notices: readNotices(outbox),
      };
    },
    trouble: setTrouble,
  };
}
