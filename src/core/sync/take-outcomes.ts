import type { PushResponse } from '../../protocol/sync/messages.ts';
import type { EntryState, OutboxCommand, RecordedOutcome } from '../ports/outbox.ts';
import { HAND_IN_EPOCH } from './chain.ts';
import { nextEntry } from './entry-machine.ts';

export interface Taken {
  readonly outcomes: readonly RecordedOutcome[];
  /** Commands of the batch that got no answer: they wait again. */
  readonly unanswered: readonly string[];
  readonly held: string | null;
  /** Answers for commands that were not in the batch: a fault of the store, ignored and logged. */
  readonly strangers: number;
}

/**
 * Reads the answer of a push against the batch that was sent: by command id, never by position. Epoch and head are those of the
 * mark that came with it. Without one, for a revoked device is told nothing of the log, the answer proves nothing about any epoch,
 * that of the contact included: the store may be put back to an older state before the device is taken again (SY14).
 */
export function takeOutcomes(batch: readonly OutboxCommand[], response: PushResponse): Taken {
  const sentById = new Map(batch.map((command) => [command.wire.id, command]));
  const outcomes: RecordedOutcome[] = [];
  const ackEpoch = response.mark?.epoch ?? HAND_IN_EPOCH;
  const ackHead = response.mark?.seq ?? response.head;
  let strangers = 0;
  for (const { outcome } of response.results) {
    const sent = sentById.get(outcome.commandId);
    const state = sent === undefined ? null : settledState(nextEntry(askedAs(sent), outcome.verdict.kind));
    if (sent === undefined || state === null) {
      strangers += 1;
      continue;
    }
    sentById.delete(outcome.commandId);
    outcomes.push({ commandId: outcome.commandId, state, outcome, settledAt: response.serverTime, ackEpoch, ackHead });
  }
  const held = response.held !== null && sentById.delete(response.held.commandId) ? response.held.commandId : null;
  return { outcomes, unanswered: [...sentById.keys()], held, strangers };
}

/** What is owed is asked anew: its old verdict does not stand against the new one. */
const askedAs = ({ state, replayFor }: OutboxCommand): EntryState => (replayFor === null ? state : 'sending');

const settledState = (state: EntryState): RecordedOutcome['state'] | null =>
  state === 'applied' || state === 'merged' || state === 'parked' || state === 'refused' ? state : null;
