import { type PokeFrame, PUSH_MAX_BYTES, PUSH_MAX_COMMANDS, type PushResponse } from '../../protocol/sync/messages.ts';
import { traceOf } from '../../protocol/sync/trace.ts';
import { PROTOCOL_VERSION } from '../../protocol/versions.ts';
import { ok, type Result } from '../../shared/result.ts';
import { troubleOf } from '../failures.ts';
import type { EntryState, OutboxCommand, OutboxPort, RecordedOutcome } from '../ports/outbox.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { HAND_IN_EPOCH, outgoing } from './chain.ts';
import { type EntryEvent, nextEntry } from './entry-machine.ts';
import { reactions } from './failure-reactions.ts';
import { authorized, type Link } from './link.ts';
import { newIncarnation } from './new-incarnation.ts';
import { createLoopBackoff, pause } from './pause.ts';
import { markIn } from './pull-plan.ts';
import { nextBatch } from './push-batch.ts';
import { createPushTrace } from './push-trace.ts';
import { tellReplayed } from './replay.ts';
import { setAside, TRIES_ALONE } from './set-aside.ts';
import { STORAGE_PAUSE_MS, type SyncContext } from './sync-context.ts';
import { takeOutcomes } from './take-outcomes.ts';
import { letThrough, tellTooLarge } from './too-large.ts';

/** Room for what stands around the commands in the body. */
const ENVELOPE_BYTES = 1_000;
/** A push that takes longer than this is seen to be under way. */
const SHOW_SENDING_MS = 200;
/** A held queue is tried again after this, or at the next contact. */
const HELD_RETRY_MS = 300_000;

/**
 * Sends the outbox for the length of one contact: in order, one batch in flight, the same oldest commands again until they are
 * answered. Knows nothing of the pull. `claimed`: the epoch of the hello; in another one the store applies nothing. Null where no
 * hello was answered.
 */
export async function runPush(link: Link, context: SyncContext, claimed: string | null): Promise<void> {
  const { outbox, deps } = context;
  const backoff = createLoopBackoff(deps);
  const trace = createPushTrace(deps);
  let maxBytes = PUSH_MAX_BYTES - ENVELOPE_BYTES;
  let maxCommands = PUSH_MAX_COMMANDS;
  let triesAlone = 0;
  let forks = 0;
  let doubted = false;
  /** The epoch to which all that another one answered is owed, where that could not be written: before anything more is sent. */
  let owing: string | null = null;
  const outboxFailed = (failure: StorageFailure) => {
    context.trouble(troubleOf(failure));
    return pause(deps, link, STORAGE_PAUSE_MS);
  };
  while (!link.closed) {
    if (owing !== null) {
      const owed = outbox.oweReplay(owing);
      if (!owed.ok) {
        await outboxFailed(owed.error);
        continue;
      }
      owing = null;
    }
    const batch = nextBatch(outbox.toSend(maxCommands), maxBytes);
    if (batch.kind === 'empty') {
      context.emptied();
      await context.work.wait(link);
      continue;
    }
    if (batch.kind === 'unreadable') {
      for (const { commandId } of batch.rows)
        deps.log.write('error', 'outboxRowUnreadable', { trace: traceOf(commandId) });
      if (!newIncarnation(context)) await pause(deps, link, STORAGE_PAUSE_MS);
      continue;
    }
    const { commands } = batch;
    const known = claimed === null ? undefined : markIn(claimed, outbox.ackMarks());
    const body = {
      protocol: PROTOCOL_VERSION,
      ...(claimed === null ? {} : { epoch: claimed }),
      ...(known === undefined ? {} : { mark: known }),
      clock: { bootId: deps.clock.bootId(), monotonicMs: deps.clock.monotonicMs() },
      commands: commands.map(outgoing),
    };
    let marked = false;
    // A write for what the panel would show for a blink only would delay every push.
    const cancelMark = deps.timers.after(SHOW_SENDING_MS, () => {
      marked = true;
      mark(context, commands, 'send');
    });
    const answer = await authorized(
      context.keeper,
      (token) => deps.store.push(token, body, trace.next(commands)),
      link,
    ).finally(cancelMark);
    if (answer.ok) {
      const taken = takeOutcomes(commands, answer.value);
      trace.answered(taken.outcomes);
      if (taken.strangers > 0) deps.log.write('error', 'outcomeOfStranger', { count: taken.strangers });
      const kept = outbox.recordOutcomes(taken.outcomes, answer.value.mark);
      if (!kept.ok) {
        // The store has them; they are asked for again until their answers can be kept.
        await outboxFailed(kept.error);
        continue;
      }
      context.trouble(null);
      // No hello told the epoch: the answer does. What another one answered goes out again, by the next batch (SY14).
      if (claimed === null && answer.value.mark !== null) {
        const { epoch } = answer.value.mark;
        owing = outbox.oweReplay(epoch).ok ? null : epoch;
      }
      move(outbox, taken.unanswered, nextEntry('sending', 'interrupted'));
      if (taken.held !== null) move(outbox, [taken.held], nextEntry('sending', 'hold'));
      if (commands.some(({ replayFor }) => replayFor !== null) && claimed !== null) tellReplayed(context, claimed);
      letThrough(
        context,
        taken.outcomes.map((outcome) => outcome.commandId),
      );
      settle(context, commands, taken.outcomes);
      if (taken.outcomes.length > 0) {
        forks = 0;
        triesAlone = 0;
        maxCommands = Math.min(PUSH_MAX_COMMANDS, maxCommands * 2);
        backoff.reset();
        context.sound();
        context.storeNews.heard(placeOf(answer.value), true);
      }
      if (taken.held !== null) await context.work.wait(link, HELD_RETRY_MS);
      else if (taken.outcomes.length === 0 || stands(outbox, commands[0])) await backoff.wait(link, null);
      continue;
    }
    if (marked) {
      mark(
        context,
        commands.map((command) => ({ ...command, state: nextEntry(command.state, 'send') })),
        'interrupted',
      );
    }
    if (answer.error.kind === 'fork' && forks < 3) {
      forks += 1;
      deps.log.write('warn', 'outboxForked', { lastN: answer.error.lastN });
      // Where no hello tells the epoch, the store may have been put back: all that was answered is asked for again before what is
      // new (SY3), until an answer names the epoch and takes back what was answered in that one. Once: what was taken back leaves a gap
      // in the chain, and the fork that follows from it is about nothing else.
      const owed: Result<unknown, StorageFailure> =
        claimed === null && !doubted ? outbox.oweReplay(HAND_IN_EPOCH) : ok(null);
      doubted ||= owed.ok;
      if (!owed.ok) await outboxFailed(owed.error);
      else if (!newIncarnation(context)) await pause(deps, link, STORAGE_PAUSE_MS);
    } else if (answer.error.kind === 'tooLarge' && commands.length > 1) {
      maxBytes = Math.max(1, Math.floor(maxBytes / 2));
    } else if (answer.error.kind === 'tooLarge' && answer.error.byStore !== true && commands[0] !== undefined) {
      tellTooLarge(context, commands[0]);
      await backoff.wait(link, answer.error);
    } else if (unread(answer.error) && commands.length > 1) {
      // One of them is what the store cannot read: the line is halved until it stands alone.
      maxCommands = Math.ceil(commands.length / 2);
    } else if (unread(answer.error) && ++triesAlone >= TRIES_ALONE && commands[0] !== undefined) {
      triesAlone = 0;
      if (!setAside(context, commands[0])) await pause(deps, link, STORAGE_PAUSE_MS);
      settle(context, commands, []);
    } else {
      // A link that swallows long requests may let short ones through.
      if (answer.error.kind === 'offline') maxCommands = Math.max(1, Math.ceil(commands.length / 2));
      await meet(link, context, answer.error, (failure) => backoff.wait(link, failure));
    }
  }
}

const placeOf = ({ head, mark }: PushResponse): PokeFrame =>
  mark === null ? { head } : { head: mark.seq, hash: mark.hash, epoch: mark.epoch };

/** The first of the line was answered, and is still the first: asking again at once would go on for ever. */
function stands(outbox: OutboxPort, first: OutboxCommand | undefined): boolean {
  const next = outbox.toSend(1)[0];
  return next?.kind === 'command' && next.wire.id === first?.wire.id;
}

/** The store itself said so: what stands between (a proxy, a portal) gives no code of the store's. */
const unread = (failure: TokenFailure): boolean =>
  (failure.kind === 'rejected' && failure.code === 'badRequest') ||
  (failure.kind === 'tooLarge' && failure.byStore === true);

async function meet(
  link: Link,
  context: SyncContext,
  failure: TokenFailure,
  wait: (failure: TokenFailure) => Promise<void>,
): Promise<void> {
  // Where a pull runs beside it, a push that got no answer does not end the contact: the pull is asked to find out whether the
  // link itself is gone. A link on which only pushes fail would else never let a pull come to its end.
  const probed = failure.kind === 'offline' && context.pulls();
  if (reactions[failure.kind].kind !== 'own' && !probed) return link.fail(failure);
  if (probed) context.storeNews.raise();
  context.deps.log.write('warn', 'pushDelayed', { kind: failure.kind });
  await wait(failure);
}

/** Only what the panel shows: nothing depends on it, and a crash leaves `sending` that the next start reads as waiting. */
function mark({ outbox, hub }: SyncContext, commands: readonly OutboxCommand[], event: EntryEvent): void {
  for (const [state, moved] of Map.groupBy(commands, (command) => nextEntry(command.state, event))) {
    const ids = moved.filter((command) => command.state !== state).map((command) => command.wire.id);
    move(outbox, ids, state);
  }
  hub.emit('outbox', { count: commands.length });
}

function move(outbox: OutboxPort, commandIds: readonly string[], state: EntryState): void {
  if (commandIds.length === 0) return;
  if (state === 'waiting' || state === 'sending' || state === 'held') outbox.setStates(commandIds, state);
}

function settle(context: SyncContext, commands: readonly OutboxCommand[], outcomes: readonly RecordedOutcome[]): void {
  const ticketIds = new Set(commands.map((command) => command.wire.ticketId));
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.commandId, outcome]));
  const done = context.overlays.answered(
    commands.map(({ wire, replayFor }) => ({
      ticketId: wire.ticketId,
      outcome: outcomeOf.get(wire.id) ?? null,
      again: replayFor !== null,
    })),
  );
  if (!done.ok) context.cacheFailed(done.error);
  else for (const ticketId of done.value) ticketIds.add(ticketId);
  context.hub.emit('outbox', { count: commands.length });
  context.hub.emit('connection');
  context.hub.emit('queue', { count: ticketIds.size });
  for (const ticketId of ticketIds) context.hub.emit('ticket', { ticketId });
}
