import type { PushResponse } from '../../protocol/sync/messages.ts';
import type { EntryState, OutboxCommand, RecordedOutcome } from '../ports/outbox.ts';
import { nextEntry } from './entry-machine.ts';

export interface Taken {
  readonly outcomes: readonly RecordedOutcome[];
  /** Commands of the batch that got no answer: they wait again. */
  readonly unanswered: readonly string[];
  readonly held: string | null;
  /** Answers for commands that were not in the batch: a fault of the store, ignored and logged. */
  readonly strangers: number;
}

/** Reads the answer of a push against the batch that was sent: by command id, never by position. */
export function takeOutcomes(
  batch: readonly OutboxCommand[],
  response: PushResponse,
  epoch: string,
  settledAt: number,
): Taken {
  const sentById = new Map(batch.map((command) => [command.wire.id, command]));
  const outcomes: RecordedOutcome[] = [];
  let strangers = 0;
  for (const { outcome } of response.results) {
    const sent = sentById.get(outcome.commandId);
    const state = sent === undefined ? null : settledState(nextEntry(sent.state, outcome.verdict.kind));
    if (sent === undefined || state === null) {
      strangers += 1;
      continue;
    }
    sentById.delete(outcome.commandId);
    outcomes.push({ commandId: outcome.commandId, state, outcome, settledAt, ackEpoch: epoch, ackHead: response.head });
  }
  const held = response.held !== null && sentById.delete(response.held.commandId) ? response.held.commandId : null;
  return { outcomes, unanswered: [...sentById.keys()], held, strangers };
}

const settledState = (state: EntryState): RecordedOutcome['state'] | null =>
  state === 'applied' || state === 'merged' || state === 'parked' || state === 'refused' ? state : null;
