import type { ShownEntry } from '../../../protocol/console/rows.ts';
import { isNewEntry } from './timeline/items.ts';

export interface MovedAway {
  readonly by: string;
  readonly at: number;
  /** Person or team that has it now. */
  readonly to: string;
}

/**
 * How the ticket left this person's hands since their last visit, by somebody else's act; null when it did not, or came back
 * since. A ticket that was never opened by them has nothing of theirs to speak of.
 */
export function movedAway(entries: readonly ShownEntry[], me: string, seenVersion: number): MovedAway | null {
  let moved: MovedAway | null = null;
  for (const entry of entries) {
    const { event } = entry;
    if ('assigneeId' in event && event.assigneeId === me) moved = null;
    if (!isNewEntry(entry, { me, seenVersion })) continue;
    if (!('fromAssigneeId' in event) || event.fromAssigneeId !== me) continue;
    const person = event.type === 'escalated' ? event.toPersonId : event.assigneeId;
    if (person === me) continue;
    const team = event.type === 'escalated' ? event.toTeamId : 'teamId' in event ? event.teamId : null;
    moved = { by: entry.actorId, at: entry.occurredAt, to: person ?? team ?? '' };
  }
  return moved;
}
