import type { TimelineEntry } from '../domain/events.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { SessionInfo } from '../protocol/sync/auth.ts';
import type { Doubt } from './ports/cache.ts';
import type { OutboxCommand } from './ports/outbox.ts';
import type { ProfileRuntime } from './profile-runtime.ts';
import { consoleContext, formerVerdict } from './sync/decide-context.ts';
import { reconcile } from './sync/reconcile.ts';

/** A ticket that this console does not hold, as the store had it when it was last opened. */
export interface VisitedTicket {
  readonly ticket: Ticket;
  readonly entries: readonly TimelineEntry[];
}
/** It with what was written on it here and is not in it. */
export interface FoldedTicket {
  readonly ticket: Ticket;
  readonly base: VisitedTicket;
  readonly pending: readonly TimelineEntry[];
  readonly doubts: readonly Doubt[];
  /** Every command on it that this console still keeps with what the store last said, in order of writing. */
  readonly commands: readonly OutboxCommand[];
}

/**
 * Tickets opened online, so that acts on them can be judged before they are written. In memory only, the ones opened last: they
 * are no part of what a console holds (SY7).
 */
export interface OnlineShelf {
  keep(runtime: ProfileRuntime, visited: VisitedTicket): void;
  drop(runtime: ProfileRuntime, ticketId: string): void;
  base(runtime: ProfileRuntime, ticketId: string): Ticket | null;
  /** Null when it was not opened, or long ago. */
  folded(runtime: ProfileRuntime, session: SessionInfo, ticketId: string): FoldedTicket | null;
}
const KEPT = 30;

export function createOnlineShelf(): OnlineShelf {
  /** Of each profile, oldest first. They go with the profile: one that is erased or wiped leaves nothing here. */
  const shelves = new WeakMap<ProfileRuntime, Map<string, VisitedTicket>>();
  const at = (runtime: ProfileRuntime, ticketId: string) => shelves.get(runtime)?.get(ticketId) ?? null;
  return {
    keep(runtime, visited) {
      const kept = shelves.get(runtime) ?? new Map<string, VisitedTicket>();
      shelves.set(runtime, kept);
      kept.delete(visited.ticket.id);
      kept.set(visited.ticket.id, visited);
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT) break;
        kept.delete(oldest);
      }
    },
    drop: (runtime, ticketId) => void shelves.get(runtime)?.delete(ticketId),
    base: (runtime, ticketId) => at(runtime, ticketId)?.ticket ?? null,
    folded(runtime, session, ticketId) {
      const visited = at(runtime, ticketId);
      return visited === null ? null : fold(runtime, session, visited);
    },
  };
}

function fold({ files }: ProfileRuntime, session: SessionInfo, visited: VisitedTicket): FoldedTicket {
  const { cache, outbox } = files;
  const { id } = visited.ticket;
  const { epoch } = cache.meta();
  // From the log's beginning: where this ticket was read stands nowhere, so its own entries say what it has.
  const commands = outbox.live(id, epoch === null ? null : { epoch, cursor: 0 });
  const source = {
    session,
    directory: cache.directory(),
    otherTicket: cache.shown,
  };
  const overlay = reconcile({
    ticketId: id,
    base: visited.ticket,
    baseEpoch: epoch,
    commands: commands.filter(({ state }) => state !== 'refused'),
    baseHolds: (commandId) => visited.entries.some((entry) => entry.commandId === commandId),
    baseComplete: true,
    contextOf: (command) => consoleContext(command.wire, source, formerVerdict(command)),
  });
  return {
    ticket: overlay?.ticket ?? visited.ticket,
    base: visited,
    pending: overlay?.entries ?? [],
    doubts: overlay?.doubts ?? [],
    commands,
  };
}
