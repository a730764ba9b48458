import { isMerged, type Ticket, ticketSchema } from '../../domain/ticket.ts';
import type { Relative } from '../../protocol/console/rows.ts';
import { readAllStored, readStored } from '../stored-row.ts';
import type { QueryContext } from './context.ts';

/** Of each relation; more would be a list of its own. */
const SHOWN = 200;
type Held = NonNullable<Relative['held']>;

const heldAs = (ticket: Ticket): Held => ({
  code: ticket.number ?? ticket.provisionalCode,
  subject: ticket.subject,
  status: ticket.status,
  splitUndone: ticket.splitUndone === true,
});

/** What the ticket points to, held here or not; then the tickets held here that point to it. */
export function relativesOf(context: QueryContext, ref: number, ticket: Ticket): Relative[] {
  const to = (relation: Relative['relation'], id: string | null | undefined): Relative[] =>
    id === null || id === undefined ? [] : [{ relation, id, held: heldTicket(context, id) }];
  const from = (relation: Relative['relation'], column: 'merged_into' | 'split_from' | 'problem'): Relative[] =>
    readAllStored(
      ticketSchema,
      context
        .statement<{ doc: string }>(
          `select d.doc from relatives r join tickets t on t.ref = r.ref join ticket_docs d on d.ref = r.ref
          where r.${column} = ? order by t.registered_at, t.ref limit ${SHOWN}`,
        )
        .all(ref),
    ).map((relative) => ({ relation, id: relative.id, held: heldAs(relative) }));
  return [
    ...to('mergedInto', isMerged(ticket) ? ticket.mergedInto : null),
    ...to('splitFrom', ticket.splitFrom),
    ...to('problem', ticket.problemId),
    ...from('duplicate', 'merged_into'),
    ...from('splitOff', 'split_from'),
    ...from('caused', 'problem'),
  ];
}

function heldTicket({ statement }: QueryContext, id: string): Held | null {
  const row = statement<{ doc: string }>(
    'select d.doc from ids i join ticket_docs d on d.ref = i.ref where i.id = ?',
  ).get(id);
  const ticket = row === undefined ? null : readStored(ticketSchema, row.doc);
  return ticket === null ? null : heldAs(ticket);
}
