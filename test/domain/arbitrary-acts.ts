import fc from 'fast-check';
import { expect } from 'vitest';
import type { Command } from '../../src/domain/commands.ts';
import { type Ticket, ticketSchema } from '../../src/domain/ticket.ts';
import { isOpen } from '../../src/domain/vocabulary.ts';
import { actors, attachment, directory, ids, sheet, T0, uuid } from '../support/world.ts';

/** Acts of anybody on one ticket, most of which fit it now and then. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const agent = fc.constantFrom(ids.ana, ids.beto, ids.luis, ids.rosa, ids.hugo);
const team = fc.constantFrom(ids.team1, ids.team1b, ids.team2, ids.team3);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const of = (type: Command['type'], payload: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ type: fc.constant(type), payload: fc.record(payload) });
const level = fc.constantFrom('high', 'medium', 'low');
const session = fc.constantFrom(uuid(500), uuid(501));

export const command = fc.oneof(
  of('addNote', { visibility: fc.constantFrom('internal', 'public'), text }),
  of('claim', {}),
  of('accept', {}),
  of('assign', { toPersonId: agent }),
  of('reassign', { fromPersonId: orNull(agent), toPersonId: orNull(agent), reason: text }),
  of('transfer', { toTeamId: team, toPersonId: orNull(agent), reason: text }),
  of('escalate', { toTeamId: team, toPersonId: orNull(agent), sheet: fc.constant(sheet) }),
  of('return', { reason: text, toTeamId: orNull(team) }),
  of('changeStatus', {
    from: fc.constantFrom('new', 'assigned', 'inProgress', 'pending'),
    to: fc.constantFrom('assigned', 'inProgress', 'pending'),
    pendingReason: orNull(fc.constantFrom('user', 'vendor', 'parts', 'visit')),
  }),
  of('resolve', { solution: text, duringCall: fc.boolean() }),
  of('reopen', { reason: text }),
  of('close', {}),
  of('cancel', { reason: text }),
  of('merge', { intoTicketId: fc.constant(ids.other) }),
  of('unmerge', { fromTicketId: fc.constant(ids.other), reason: text }),
  of('undoSplit', { reason: text }),
  of('editFields', {
    changes: fc.record(
      { urgency: fc.record({ from: level, to: level }), subject: fc.record({ from: text, to: text }) },
      { requiredKeys: ['urgency'] },
    ),
  }),
  of('changeMode', {
    mode: fc.record({
      from: orNull(fc.constantFrom('phone', 'onsite')),
      to: orNull(fc.constantFrom('remote', 'onsite')),
    }),
  }),
  of('startRemoteSession', {
    sessionId: session,
    tool: fc.constant('rustdesk'),
    assetId: fc.constant(ids.pc),
    target: text,
    consent: fc.constant('verbal'),
  }),
  of('addAttachment', {
    ...Object.fromEntries(Object.entries(attachment).map(([k, v]) => [k, fc.constant(v)])),
    name: text,
  }),
  of('endRemoteSession', { sessionId: session, outcome: fc.constant('solved'), note: text }),
);
/** An act by somebody. */
export const step = fc.record({
  actor: fc.constantFrom(...Object.values(actors)),
  command,
  // Devices whose clocks disagree: the fold goes by store order whatever they say.
  at: fc.integer({ min: T0 - 10_000_000, max: T0 + 10_000_000 }),
});

/** What must hold of every ticket that any sequence of commands reaches. */
export function expectLegal(ticket: Ticket): void {
  expect(directory.team(ticket.teamId)?.tier).toBe(ticket.tier);
  expect(ticket.pendingReason === null).toBe(ticket.status !== 'pending');
  expect(ticket.clocks.pendingSince === null).toBe(ticket.status !== 'pending');
  expect(ticket.clocks.pausedMs).toBeGreaterThanOrEqual(0);
  if (ticket.status === 'new') expect(ticket.assigneeId).toBeNull();
  if (ticket.status === 'inProgress') expect(ticket.assigneeId).not.toBeNull();
  if (ticket.status === 'resolved') expect(ticket.solution).not.toBeNull();
  if (isOpen(ticket.status)) expect(ticket.clocks.closedAt).toBeNull();
  else expect(ticket.clocks.closedAt ?? ticket.clocks.resolvedAt).not.toBeNull();
  let tier = 0;
  for (const handover of ticket.handovers) {
    expect(handover.toTier).toBeGreaterThan(handover.fromTier);
    expect(handover.toTier).toBeGreaterThan(tier);
    tier = handover.toTier;
  }
  expect(tier).toBeLessThanOrEqual(ticket.tier);
  ticketSchema.parse(ticket);
}
