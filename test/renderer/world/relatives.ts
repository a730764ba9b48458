import type { Relative } from '../../../src/protocol/console/rows.ts';
import { type Held, held } from './desk.ts';

/** What a ticket points to, then what points to it. */
export function relativesOf({ ticket }: Held): Relative[] {
  const one = (relation: Relative['relation'], id: string): Relative => {
    const other = held.get(id);
    return {
      relation,
      id,
      held:
        other === undefined
          ? null
          : {
              code: other.ticket.number ?? other.ticket.provisionalCode,
              subject: other.ticket.subject,
              status: other.ticket.status,
              splitUndone: other.ticket.splitUndone === true,
            },
    };
  };
  const all = [...held.values()].map((each) => each.ticket);
  return [
    ...(ticket.mergedInto == null ? [] : [one('mergedInto', ticket.mergedInto)]),
    ...(ticket.splitFrom === undefined ? [] : [one('splitFrom', ticket.splitFrom)]),
    ...(ticket.problemId === null ? [] : [one('problem', ticket.problemId)]),
    ...all.filter((other) => other.mergedInto === ticket.id).map(({ id }) => one('duplicate', id)),
    ...all.filter((other) => other.splitFrom === ticket.id).map(({ id }) => one('splitOff', id)),
    ...all.filter((other) => other.problemId === ticket.id).map(({ id }) => one('caused', id)),
  ];
}
