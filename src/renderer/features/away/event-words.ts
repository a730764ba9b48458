import type { TFunction } from 'i18next';
import type { TimelineEntry } from '../../../domain/events.ts';
import type { Words } from '../../i18n/use-words.ts';

/** One change in one line, for someone who was not there. */
export function eventWords(
  entry: TimelineEntry,
  names: Readonly<Record<string, string>>,
  words: Words,
  t: TFunction,
): string {
  const { event } = entry;
  const name = (id: string) => words.value(id, names);
  const who = name(entry.actorId);
  switch (event.type) {
    case 'fieldsChanged':
      return t('away.event.fieldsChanged', {
        who,
        fields: event.changes.map(({ field }) => words.field(field)).join(', '),
      });
    case 'noteAdded':
      return t('away.event.noteAdded', { who, text: event.text });
    case 'attachmentAdded':
      return t('away.event.attachmentAdded', { who, file: event.name });
    case 'assigned':
      return t('away.event.assigned', { who, person: name(event.assigneeId) });
    case 'reassigned':
      return event.assigneeId === null
        ? t('away.event.unassigned', { who })
        : t('away.event.reassigned', { who, person: name(event.assigneeId) });
    case 'transferred':
      return t('away.event.transferred', { who, team: name(event.teamId) });
    case 'escalated':
      return t('away.event.escalated', { who, team: name(event.toTeamId) });
    case 'returned':
      return t('away.event.returned', { who, team: name(event.toTeamId), reason: event.reason });
    case 'statusChanged':
      return t('away.event.statusChanged', { who, status: t(`status.${event.status}`).toLowerCase() });
    case 'reopened':
    case 'cancelled':
    case 'splitUndone':
      return t(`away.event.${event.type}`, { who, reason: event.reason });
    case 'merged':
      return t('away.event.merged', { who, ticket: name(event.intoTicketId) });
    case 'unmerged':
      return t('away.event.unmerged', { who, ticket: name(event.fromTicketId) });
    default:
      return t(`away.event.${event.type}`, { who });
  }
}
