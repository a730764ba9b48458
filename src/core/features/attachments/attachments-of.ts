import type { Attachment } from '../../../domain/attachments.ts';
import type { TimelineEntry } from '../../../domain/events.ts';
import type { Desk, World } from '../../world.ts';

/** Files of a ticket that this person may see: of the one that is held, or of one that was opened online. */
export function attachmentsOf(world: World, { runtime, session }: Desk, ticketId: string): readonly Attachment[] {
  const { cache } = runtime.files;
  if (cache.shown(ticketId) !== null) return cache.attachments(ticketId);
  const folded = world.online.folded(runtime, session, ticketId);
  return folded === null ? [] : filesIn([...folded.base.entries, ...folded.pending]);
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
