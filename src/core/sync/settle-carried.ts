import { isCommandType, isFact } from '../../domain/commands.ts';
import type { OutboxCommand } from '../ports/outbox.ts';
import type { SyncContext } from './sync-context.ts';

/** A fact that a restored store kept for a ticket that was not back (SY14): it is parked on no ticket. */
const waitsForTicket = ({ wire, outcome }: OutboxCommand): boolean =>
  outcome?.ticketVersion === null && isCommandType(wire.type) && isFact(wire.type);

/**
 * Takes off the panel what waited at a restored store for its ticket and stands on it by now: the store's answer stays what it was,
 * nobody settles such a one, and applied again it would be there twice. A write that fails is made up for by the next pull.
 */
export function settleCarried({ outbox, cache, deps, hub }: SyncContext): void {
  const waiting = outbox.parked().filter(waitsForTicket);
  if (waiting.length === 0) return;
  const carried = cache.transaction((tx) =>
    waiting.filter(({ wire }) => {
      const parked = tx.base(wire.ticketId)?.parked ?? [];
      return tx.baseHolds(wire.id) && !parked.some((claim) => claim.commandId === wire.id);
    }),
  );
  if (!carried.ok || carried.value.length === 0) return;
  for (const { wire } of carried.value) outbox.dismiss(wire.id, deps.clock.now());
  hub.emit('outbox', { count: carried.value.length });
  hub.emit('connection');
}
