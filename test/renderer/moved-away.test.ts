import { describe, expect, test } from 'vitest';
import type { TicketEvent } from '../../src/domain/events.ts';
import type { ShownEntry } from '../../src/protocol/console/rows.ts';
import { movedAway } from '../../src/renderer/features/ticket/moved-away.ts';

const [me, boss, other, team] = ['me', 'boss', 'other', 'team'];
const line = (seq: number, actorId: string, event: TicketEvent): ShownEntry => ({
  id: `c-${seq}`,
  ticketId: 't',
  seq,
  commandId: 'c',
  actorId,
  submitterId: null,
  occurredAt: seq * 1_000,
  recordedAt: seq * 1_000,
  deviceAt: seq * 1_000,
  timeQuality: 'good',
  outOfScope: false,
  event,
  pending: null,
});
const reassigned = (fromAssigneeId: string | null, assigneeId: string | null): TicketEvent => ({
  type: 'reassigned',
  assigneeId,
  fromAssigneeId,
  reason: '',
  fromStatus: 'assigned',
});
const transferred: TicketEvent = {
  type: 'transferred',
  teamId: team,
  fromTeamId: 'old',
  assigneeId: null,
  fromAssigneeId: me,
  reason: '',
  fromStatus: 'assigned',
};

describe('SY9 a ticket that left this person’s hands', () => {
  test.each([
    ['given to somebody', [line(3, boss, reassigned(me, other))], { by: boss, at: 3_000, to: other }],
    ['left to nobody', [line(3, boss, reassigned(me, null))], { by: boss, at: 3_000, to: '' }],
    ['moved to a team', [line(3, boss, transferred)], { by: boss, at: 3_000, to: team }],
    ['given away by oneself', [line(3, me, reassigned(me, other))], null],
    ['of somebody else', [line(3, boss, reassigned(other, boss))], null],
    ['seen already', [line(2, boss, reassigned(me, other))], null],
    ['that came back', [line(3, boss, reassigned(me, other)), line(4, boss, reassigned(other, me))], null],
    [
      'that moved on',
      [line(3, boss, reassigned(me, other)), line(4, other, reassigned(other, boss))],
      { by: boss, at: 3_000, to: other },
    ],
  ])('%s', (_, entries, expected) => {
    expect(movedAway(entries, me, 2)).toEqual(expected);
  });
});
