import { isCommandType, isFact } from '../../../domain/commands.ts';
import { assert } from '../../../shared/assert.ts';
import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed, storageError } from '../../failures.ts';
import type { CachePort } from '../../ports/cache.ts';
import { isUnanswered, type OutboxCommand } from '../../ports/outbox.ts';
import { requireDesk, requireOpenDesk, type World } from '../../world.ts';
import { writeActs } from '../acts/index.ts';
import type { Act } from '../acts/plan-acts.ts';
import { refreshFrom } from './refresh-from.ts';

/** Not answered, or answered by a store that was restored since: what becomes of it is not known yet. */
const isOnItsWay = ({ state, replayFor }: OutboxCommand): boolean => isUnanswered(state) || replayFor !== null;

export function outboxFeature(world: World): Handlers<'outbox.dismiss' | 'outbox.reapply'> {
  return {
    'outbox.dismiss'({ personId, commandId }) {
      const desk = requireDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox } = desk.value.runtime.files;
      const command = outbox.get(commandId);
      if (command === null) return failed('notFound');
      // What the store has not answered cannot be taken off the panel: it is still going out.
      if (isOnItsWay(command)) return failed('badRequest', { reason: 'unanswered' });
      const done = outbox.dismiss(commandId, world.deps.clock.now());
      if (!done.ok) return storageError(done.error);
      world.hub.emit('outbox', { count: 1 });
      world.hub.emit('connection');
      world.hub.emit('ticket', { ticketId: command.wire.ticketId });
      return ok({});
    },

    async 'outbox.reapply'({ personId, commandId }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox, cache } = desk.value.runtime.files;
      const command = outbox.get(commandId);
      if (command === null) return failed('notFound');
      if (isOnItsWay(command)) return failed('badRequest', { reason: 'unanswered' });
      // Done again or put away already: a second click, or another window, writes nothing more.
      if (command.dismissedAt !== null) return failed('badRequest', { reason: 'settled' });
      const { ticketId, type, payload } = command.wire;
      if (!isCommandType(type)) return failed('badRequest', { reason: 'unknownType' });
      const ticket = cache.shown(ticketId);
      const again: Act = { ticketId, type, payload: ticket === null ? payload : refreshFrom(type, payload, ticket) };
      const parked = ticket?.parked.some((claim) => claim.commandId === commandId) ?? false;
      if (!parked && command.state === 'parked' && isFact(type) && standsOnTicket(cache, commandId)) {
        // It waited for its ticket after a restore (SY14), and stands on it by now: again would be twice.
        outbox.dismiss(commandId, world.deps.clock.now());
        world.hub.emit('outbox', { count: 1 });
        return failed('badRequest', { reason: 'settled' });
      }
      const settle: Act = { ticketId, type: 'settleParked', payload: { commandId, note: '' } };
      // The parked claim comes off the ticket with it; where this person may not settle it, the act goes out alone.
      const both = parked ? await write([again, settle], true) : null;
      const written = both?.ok && both.value.results[0]?.ok ? both : await write([again], true);
      if (!written.ok) return written;
      const result = written.value.results[0];
      assert(result !== undefined, 'an act has a result');
      if (result.ok) {
        outbox.dismiss(commandId, world.deps.clock.now());
        world.hub.emit('outbox', { count: 1 });
      }
      return ok({ result });

      function write(acts: readonly Act[], atomic: boolean) {
        assert(desk.ok, 'checked above');
        return writeActs(world, desk.value, { acts, atomic, requestId: null, clearDraft: null, answer: () => null });
      }
    },
  };
}

function standsOnTicket(cache: CachePort, commandId: string): boolean {
  const held = cache.transaction((tx) => tx.baseHolds(commandId));
  return held.ok && held.value;
}
