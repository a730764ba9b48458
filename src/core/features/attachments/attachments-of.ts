import { type Attachment, parkedFile } from '../../../domain/attachments.ts';
import { authorize } from '../../../domain/authorize.ts';
import type { TimelineEntry } from '../../../domain/events.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { actorOf } from '../../sync/decide-context.ts';
import type { Desk, World } from '../../world.ts';

/**
 * Files of a ticket that this person may see: of the one that is held, or of one that was opened online; and, for who may settle them, those
 * that its parked acts name. The store decides that again.
 */
export function attachmentsOf(world: World, desk: Desk, ticketId: string): readonly Attachment[] {
  const { runtime, session } = desk;
  const { cache } = runtime.files;
  const shown = cache.shown(ticketId);
  if (shown !== null) return withParked(cache.attachments(ticketId), shown, desk);
  const folded = world.online.folded(runtime, session, ticketId);
  return folded === null ? [] : withParked(filesIn([...folded.base.entries, ...folded.pending]), folded.ticket, desk);
}

function withParked(added: readonly Attachment[], ticket: Ticket, { session }: Desk): readonly Attachment[] {
  const files = ticket.parked.flatMap((claim) => parkedFile(claim) ?? []);
  if (files.length === 0 || authorize(actorOf(session), 'settleParked', ticket, null) !== null) return added;
  const known = new Set(added.map(({ attachmentId }) => attachmentId));
  return [...added, ...files.filter(({ attachmentId }) => !known.has(attachmentId))];
}

function filesIn(entries: readonly TimelineEntry[]): Attachment[] {
  const byId = new Map<string, Attachment>();
  for (const { event } of entries) {
    if (event.type !== 'attachmentAdded' || byId.has(event.attachmentId)) continue;
    const { type: _, ...file } = event;
    byId.set(file.attachmentId, file);
  }
  return [...byId.values()];
}
