import { isOpen } from '../../../domain/vocabulary.ts';
import { teamKey } from './directory.ts';
import { targetOf, words } from './mapping.ts';
import type { RowContext } from './plan-case.ts';
import type { LogRow } from './read-log.ts';

const completing = ['resolved', 'closed', 'cancelled'];

/** Tier and group first: a row says where the ticket is before it says how it is. */
export function moveTo({ row, tally, id, ticket, act }: RowContext, previous: LogRow): void {
  const current = ticket();
  if (current === null) return;
  const toTeamId = id('team', teamKey(row.group, row.line));
  const moves = current.teamId !== toTeamId;
  const target = targetOf(row).kind;
  if (!isOpen(current.status)) {
    // A status without counterpart does not by itself reopen a completed case.
    if (!completing.includes(target) && target !== 'unmapped') {
      const adjacent = previous.status === 'Completed';
      if (adjacent) tally.reopened++;
      else tally.reopenedAfterUnmapped++;
      act({ type: 'reopen', payload: { reason: adjacent ? words.reopened : words.reopenedAfterUnmapped } });
    } else if (moves) {
      tally.reopenedForMove++;
      act({ type: 'reopen', payload: { reason: words.movedAfterCompletion } });
    }
  }
  if (row.line > previous.line) {
    const sheet = { tried: words.notInSource, found: words.notInSource, pending: '', device: '' };
    act({ type: 'escalate', payload: { toTeamId, toPersonId: null, sheet } });
  } else if (row.line < previous.line) {
    act({ type: 'return', payload: { toTeamId, reason: words.returned } });
  } else if (moves) {
    tally.regrouped++;
    act({ type: 'transfer', payload: { toTeamId, toPersonId: null, reason: words.regrouped } });
  }
}
