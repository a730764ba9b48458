import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import type { EventOf } from '../../../../domain/events.ts';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';
import { exhaustive } from '../../../../shared/exhaustive.ts';
import { rich } from '../../../lib/rich.tsx';
import { fieldInSentence, fieldValue } from '../field-words.ts';
import type { TicketWords } from '../ticket-context.tsx';

/** One line for one event, and a quieter second one where there is more to say. */
export interface Sentence {
  readonly text: ReactNode;
  readonly more: string | null;
}

const strong = (text: string) => <b className="font-semibold text-text-1">{text}</b>;
/** Longer texts are not quoted in a line: the field alone is named. */
const QUOTABLE = 70;

type Words = Pick<TicketWords, 'name' | 'view' | 'requesterName'>;

/** Words for every kind of event. A new kind of event does not compile until it has them. */
export function sentenceOf(t: TFunction, words: Words, entry: ShownEntry): Sentence {
  const { event } = entry;
  const person = (id: string) => strong(words.name(id));
  const actor = person(entry.actorId);
  const line = (text: ReactNode, more: string | null = null): Sentence => ({ text, more: more === '' ? null : more });
  switch (event.type) {
    case 'registered':
      return registeredSentence(t, words, entry.actorId, event);
    case 'fieldsChanged':
      return line(
        rich((s) => t('ticket.event.changed', s), { actor, changes: changesText(t, words, event) }),
        event.priority === undefined
          ? null
          : t('ticket.event.priorityNow', { level: t(`priority.${event.priority.level}`).toLowerCase() }),
      );
    case 'requesterLinked':
      return line(
        rich((s) => t('ticket.event.requesterLinked', s), { actor, person: person(event.personId) }),
        event.priority === undefined
          ? null
          : t('ticket.event.priorityNow', { level: t(`priority.${event.priority.level}`).toLowerCase() }),
      );
    case 'noteAdded':
      return line(actor, event.text);
    case 'claimed':
      return line(rich((s) => t('ticket.event.claimed', s), { actor: person(event.assigneeId) }));
    case 'assigned':
      return line(rich((s) => t('ticket.event.assigned', s), { actor, assignee: person(event.assigneeId) }));
    case 'reassigned': {
      const { assigneeId, fromAssigneeId, reason } = event;
      if (assigneeId === null) {
        const from = fromAssigneeId === null ? t('common.nobody') : person(fromAssigneeId);
        return line(
          rich((s) => t('ticket.event.unassigned', s), { actor, from }),
          reason,
        );
      }
      const assignee = person(assigneeId);
      if (fromAssigneeId === null)
        return line(
          rich((s) => t('ticket.event.reassignedFromNobody', s), { actor, assignee }),
          reason,
        );
      return line(
        rich((s) => t('ticket.event.reassigned', s), { actor, assignee, from: person(fromAssigneeId) }),
        reason,
      );
    }
    case 'transferred': {
      const nodes = { actor, fromTeam: person(event.fromTeamId), team: person(event.teamId) };
      if (event.assigneeId === null)
        return line(
          rich((s) => t('ticket.event.transferred', s), nodes),
          event.reason,
        );
      return line(
        rich((s) => t('ticket.event.transferredTo', s), { ...nodes, assignee: person(event.assigneeId) }),
        event.reason,
      );
    }
    case 'escalated':
      return line(rich((s) => t('ticket.timeline.escalatedTo', s), { team: person(event.toTeamId) }));
    case 'accepted':
      return line(rich((s) => t('ticket.event.accepted', s), { assignee: person(event.assigneeId) }));
    case 'returned': {
      const nodes = { actor, team: person(event.toTeamId) };
      if (event.assigneeId === null)
        return line(
          rich((s) => t('ticket.event.returned', s), nodes),
          event.reason,
        );
      return line(
        rich((s) => t('ticket.event.returnedTo', s), { ...nodes, assignee: person(event.assigneeId) }),
        event.reason,
      );
    }
    case 'statusChanged': {
      if (event.status === 'pending' && event.pendingReason !== null) {
        return line(
          rich((s) => t('ticket.event.pendingOn', s), {
            actor,
            reason: t(`pendingReason.${event.pendingReason ?? 'user'}`),
          }),
        );
      }
      if (event.fromStatus === 'pending' && event.status === 'inProgress')
        return line(rich((s) => t('ticket.event.resumed', s), { actor }));
      return line(
        rich((s) => t('ticket.event.statusChanged', s), {
          actor,
          status: strong(t(`status.${event.status}`).toLowerCase()),
        }),
      );
    }
    case 'resolved':
      return line(actor, event.solution);
    case 'reopened':
      return line(
        rich((s) => t('ticket.event.reopened', s), { actor }),
        event.reason,
      );
    case 'closed':
      return line(rich((s) => t('ticket.event.closed', s), { actor }));
    case 'cancelled':
      return line(
        rich((s) => t('ticket.event.cancelled', s), { actor }),
        event.reason,
      );
    case 'merged':
      return line(rich((s) => t('ticket.event.merged', s), { actor, ticket: person(event.intoTicketId) }));
    case 'unmerged':
      return line(
        rich((s) => t('ticket.event.unmerged', s), { actor, ticket: person(event.fromTicketId) }),
        event.reason,
      );
    case 'splitUndone':
      return line(
        rich((s) => t('ticket.event.splitUndone', s), { actor, ticket: person(event.intoTicketId) }),
        event.reason,
      );
    case 'remoteSessionStarted':
      return line(
        rich((s) => t('ticket.event.remoteStarted', s), {
          actor,
          tool: strong(t(`tool.${event.tool}`)),
          target: event.target,
          consent: t(`consent.${event.consent}`),
        }),
      );
    case 'remoteSessionEnded': {
      const outcome = t('ticket.event.outcome', { outcome: t(`outcome.${event.outcome}`).toLowerCase() });
      return line(
        rich((s) => t('ticket.event.remoteEnded', s), { actor }),
        event.note === '' ? outcome : `${outcome}. ${event.note}`,
      );
    }
    case 'visitRecorded':
      return line(
        rich((s) => t('ticket.event.visit', s), { actor }),
        event.text,
      );
    case 'attachmentAdded':
      return line(rich((s) => t('ticket.event.attached', s), { actor, file: strong(event.name) }));
    case 'attachmentArrived':
      return line(rich((s) => t('ticket.event.attachmentArrived', s), { actor }));
    case 'claimParked':
      return line(
        rich((s) => t(event.claim.type === 'addAttachment' ? 'ticket.event.parkedFile' : 'ticket.event.parked', s), {
          by: person(event.claim.by),
        }),
      );
    case 'parkedSettled':
      return line(
        rich((s) => t('ticket.event.parkedSettled', s), { actor }),
        event.note,
      );
    default:
      return exhaustive(event);
  }
}

function registeredSentence(t: TFunction, words: Words, actorId: string, event: EventOf<'registered'>): Sentence {
  const { requester, importedAtTier } = event;
  const isCurrent = 'personId' in requester && words.view.requester?.id === requester.personId;
  const name =
    'unlisted' in requester
      ? requester.unlisted.name
      : isCurrent
        ? words.requesterName
        : words.name(requester.personId);
  const extension =
    'unlisted' in requester ? requester.unlisted.extension : isCurrent ? (words.view.requester?.extension ?? '') : '';
  if (event.split !== undefined) {
    const { fromTicketId, quotes } = event.split;
    const said = quotes.map(({ text }) => `«${text}»`).join('\n\n');
    return {
      text: rich((s) => t('ticket.event.splitOff', s), {
        actor: strong(words.name(actorId)),
        ticket: strong(words.name(fromTicketId)),
      }),
      more: said === '' ? event.description : said,
    };
  }
  return {
    text: (
      <>
        {rich((s) => t(`ticket.event.registered.${event.channel}`, s), {
          actor: strong(words.name(actorId)),
          requester: strong(name),
        })}
        {extension !== '' && t('ticket.event.registeredExtension', { extension })}
        {importedAtTier !== undefined && t('ticket.event.importedAtTier', { tier: importedAtTier })}
      </>
    ),
    more: event.description === '' ? null : event.description,
  };
}

function changesText(t: TFunction, words: Words, event: EventOf<'fieldsChanged'>): string {
  const parts = event.changes.map((change) => {
    const field = fieldInSentence(t, change.field);
    const from = fieldValue(t, words.view, change.field, change.from);
    const to = fieldValue(t, words.view, change.field, change.to);
    if ((from?.length ?? 0) > QUOTABLE || (to?.length ?? 0) > QUOTABLE) return t('ticket.event.changedText', { field });
    if (to === null) return t('ticket.event.changedCleared', { field, from: from ?? t('ticket.nothing') });
    return from === null
      ? t('ticket.event.changedTo', { field, to })
      : t('ticket.event.changedFromTo', { field, from, to });
  });
  return parts.join(', ');
}
