import { traceOf } from '../../protocol/sync/trace.ts';
import type { OutboxCommand } from '../ports/outbox.ts';
import { newIncarnation } from './new-incarnation.ts';
import type { SyncContext } from './sync-context.ts';

/** Tries that a command gets alone before it counts as one that this store will never read. */
export const TRIES_ALONE = 3;

/**
 * Takes a command out of the line that the store, asked with it alone, says again and again it cannot read. Its content stays
 * with its author as refused (SY9); what waits behind it goes on in a fresh chain, since a chain has no gaps (SY16).
 * False: the outbox could not be written, and nothing has changed.
 */
export function setAside(context: SyncContext, { wire, replayFor }: OutboxCommand): boolean {
  const { outbox, deps } = context;
  const now = context.time.storeNow();
  const outcome = {
    commandId: wire.id,
    ticketId: wire.ticketId,
    verdict: { kind: 'refused' as const, refusal: { code: 'unprocessable' as const, params: {} } },
    ticketVersion: null,
    number: null,
    recordedAt: now,
  };
  // No store answered, so none is named, but for what a restored one is owed: that it will not have either.
  const kept = outbox.recordOutcomes(
    [
      {
        commandId: wire.id,
        state: 'refused',
        outcome,
        settledAt: now,
        ackEpoch: replayFor,
        ackHead: replayFor === null ? null : 0,
      },
    ],
    null,
  );
  if (!kept.ok) return false;
  deps.log.write('error', 'commandSetAside', { trace: traceOf(wire.id), type: wire.type });
  return newIncarnation(context);
}
