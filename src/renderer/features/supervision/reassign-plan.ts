import type { QueueRow } from '../../../protocol/console/rows.ts';
import type { Act } from '../../client/use-act.ts';

export interface PlanLine {
  readonly row: QueueRow;
  /** Null: left out, and why. */
  readonly act: Act | null;
  readonly obstacle: 'noMember' | 'already' | null;
}

/**
 * What reassigning each ticket to that person would be. A ticket of nobody is assigned, another is reassigned from the
 * one seen now, so that a change meanwhile shows as a conflict and is not overrun.
 */
export function reassignPlan(
  rows: readonly QueueRow[],
  toPersonId: string,
  reason: string,
  isMember: (personId: string, teamId: string) => boolean,
): readonly PlanLine[] {
  return rows.map((row): PlanLine => {
    if (row.assigneeId === toPersonId) return { row, act: null, obstacle: 'already' };
    if (!isMember(toPersonId, row.teamId)) return { row, act: null, obstacle: 'noMember' };
    return { row, act: moveAct(row.id, row.assigneeId, toPersonId, reason), obstacle: null };
  });
}

/** What takes the moves back: each ticket from the person it went to, to whom it came from. */
export const undoActs = (lines: readonly PlanLine[], toPersonId: string, reason: string): readonly Act[] =>
  lines.flatMap(({ row, act }) =>
    act === null
      ? []
      : [
          {
            ticketId: row.id,
            type: 'reassign',
            payload: { fromPersonId: toPersonId, toPersonId: row.assigneeId, reason },
          },
        ],
  );

function moveAct(ticketId: string, fromPersonId: string | null, toPersonId: string, reason: string): Act {
  return fromPersonId === null && reason.trim() === ''
    ? { ticketId, type: 'assign', payload: { toPersonId } }
    : { ticketId, type: 'reassign', payload: { fromPersonId, toPersonId, reason } };
}
