import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { storageError } from '../../failures.ts';
import { requireDesk, type World } from '../../world.ts';

/** What the person has looked at: local to this console, durable, never sent. */
export function seenFeature(world: World): Handlers<'ticket.markSeen' | 'ticket.markAllSeen'> {
  const tell = (ticketId: string | null) => {
    world.hub.emit('queue', { count: 1 });
    world.hub.emit('away', { count: 1 });
    if (ticketId !== null) world.hub.emit('ticket', { ticketId });
  };
  return {
    'ticket.markSeen'({ ticketId, version }) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const { outbox, cache } = desk.value.runtime.files;
      // Numbers above the base are of own pending acts, or of what the store had before it was restored: at the store others get them.
      const seen = Math.min(version, cache.base(ticketId)?.version ?? 0);
      if ((outbox.seenVersion(ticketId) ?? 0) >= seen) return ok({});
      const marked = outbox.markSeen(ticketId, seen);
      if (!marked.ok) return storageError(marked.error);
      tell(ticketId);
      return ok({});
    },
    'ticket.markAllSeen'() {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const { outbox, cache } = desk.value.runtime.files;
      const latest = cache.latestRecordedAt();
      if (latest === null) return ok({});
      const marked = outbox.setSeenBaseline(latest);
      if (!marked.ok) return storageError(marked.error);
      tell(null);
      return ok({});
    },
  };
}
