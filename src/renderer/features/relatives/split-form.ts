import { z } from 'zod';
import type { ConsoleParams } from '../../../protocol/console/methods.ts';
import type { ShownEntry, TicketView } from '../../../protocol/console/rows.ts';

export const splitFormSchema = z.object({ subject: z.string(), description: z.string(), chosen: z.array(z.string()) });
export type SplitForm = z.infer<typeof splitFormSchema>;
export const emptySplit: SplitForm = { subject: '', description: '', chosen: [] };
export const isBlankSplit = ({ subject, description }: SplitForm): boolean =>
  subject.trim() === '' && description.trim() === '';

/** A text of a ticket that another can take along. */
export interface Quotable {
  readonly entryId: string;
  readonly kind: 'description' | 'note' | 'visit';
  readonly actorId: string;
  readonly at: number;
  readonly text: string;
}

const quotable = (entry: ShownEntry): Quotable | null => {
  const shared = { entryId: entry.id, actorId: entry.actorId, at: entry.occurredAt };
  const { event } = entry;
  if (event.type === 'registered') return { ...shared, kind: 'description', text: event.description };
  if (event.type === 'noteAdded') return { ...shared, kind: 'note', text: event.text };
  return event.type === 'visitRecorded' ? { ...shared, kind: 'visit', text: event.text } : null;
};

/** What the contact said and what the desk noted, in the order of the timeline. */
export const quotablesOf = (view: Pick<TicketView, 'entries'>): readonly Quotable[] =>
  view.entries.map(quotable).filter((each): each is Quotable => each !== null && each.text.trim() !== '');

/** The new ticket: this one's requester, place and priority, its own subject, and the texts that it takes along. */
export function splitParams(
  { ticket, entries }: Pick<TicketView, 'ticket' | 'entries'>,
  form: SplitForm,
): Pick<ConsoleParams<'acts.register'>, 'input' | 'split'> {
  const quotes = quotablesOf({ entries })
    .filter(({ entryId }) => form.chosen.includes(entryId))
    .map(({ entryId, text }) => ({ entryId, text }));
  const { kind, subKind, channel, mode, serviceId, requester, orgUnitId, siteId, impact, urgency, assetId } = ticket;
  return {
    input: {
      ...{ kind, subKind, channel, mode, serviceId, requester, orgUnitId, siteId, impact, urgency, assetId },
      subject: form.subject,
      description: form.description.trim() === '' ? quotes.map(({ text }) => text).join('\n\n') : form.description,
    },
    split: { fromTicketId: ticket.id, quotes },
  };
}
