import { describe, expect, it } from 'vitest';
import type { Command, CommandType } from '../../src/domain/commands.ts';
import type { Verdict } from '../../src/domain/decision.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { runCommand } from '../../src/domain/run-command.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import {
  actors,
  call,
  claimed,
  contextFor,
  ids,
  other,
  type RunOptions,
  registered,
  resolved,
  ticketAfter,
  uuid,
} from '../support/world.ts';
import { rows, situations } from './command-table.ts';

const { ana, beto, hugo, auditor } = actors;
const wasApplied: Verdict = { kind: 'applied' };
const again = (
  ticket: Ticket | null,
  actor: Actor,
  command: Command,
  former: Verdict = wasApplied,
  options: RunOptions = {},
) => runCommand(ticket, ids.ticket, command, { ...contextFor(actor, options), former });

/** Every text that a person typed in a command. */
const typed: Partial<Record<CommandType, (payload: never) => readonly string[]>> = {
  addNote: (p: { text: string }) => [p.text],
  editFields: (p: { changes: Record<string, { to: string }> }) => Object.values(p.changes).map(({ to }) => to),
  resolve: (p: { solution: string }) => [p.solution],
  escalate: (p: { sheet: Record<string, string> }) => Object.values(p.sheet),
  return: (p: { reason: string }) => [p.reason],
  reopen: (p: { reason: string }) => [p.reason],
  cancel: (p: { reason: string }) => [p.reason],
  unmerge: (p: { reason: string }) => [p.reason],
  undoSplit: (p: { reason: string }) => [p.reason],
  split: (p: { quotes: { text: string }[]; subject: string }) => [p.subject, ...p.quotes.map(({ text }) => text)],
  register: (p: { subject: string; description: string }) => [p.subject, p.description],
};

describe('a command that was accepted before the store was restored', () => {
  for (const [type, row] of Object.entries(rows)) {
    for (const situation of situations) {
      const met = row[situation];
      if (met === undefined) continue;
      it(`SY14 ${type}, ${situation}: is not refused, and no text of it is lost`, () => {
        const options = { others: met.others ?? [other()], revoked: situation === 'revoked', at: 1_800_000_000_000 };
        const { verdict, entries } = again(met.ticket, met.actor, met.command, wasApplied, options);
        expect(verdict.kind).not.toBe('refused');
        // Already so: the text stands on the ticket.
        const kept = JSON.stringify([entries, verdict, met.ticket]);
        const texts = typed[met.command.type]?.(met.command.payload as never) ?? [];
        for (const text of texts) expect(kept).toContain(JSON.stringify(text).slice(1, -1));
      });
    }
  }

  it('SY14 what was refused stays refused with the same words and no effect, also where it would fit now', () => {
    const former: Verdict = { kind: 'refused', refusal: { code: 'alreadyClaimed', params: { assignee: ids.beto } } };
    const free = ticketAfter([ana, registered]);
    const { verdict, ticket, entries } = again(free, ana, claimed, former);
    expect(verdict).toEqual(former);
    expect(ticket).toBe(free);
    expect(entries).toEqual([]);
  });

  it('SY14 a claim that another took first is parked with both values, who and when', () => {
    const { verdict, ticket } = again(ticketAfter([ana, registered], [beto, claimed]), ana, claimed);
    const conflict = { field: 'assigneeId', theirs: ids.beto, mine: ids.ana, theirsBy: ids.beto };
    expect(verdict).toMatchObject({ kind: 'parked', conflicts: [conflict] });
    expect(ticket).toMatchObject({
      assigneeId: ids.beto,
      parked: [{ type: 'claim', by: ids.ana, conflicts: [conflict] }],
    });
    expect(ticket?.parked[0]?.conflicts[0]?.theirsAt).not.toBeNull();
  });

  it('SY14 an author who may not see the ticket now has it parked there, and learns nothing of it', () => {
    const ticket = ticketAfter([ana, registered], [ana, claimed]);
    const { verdict, ticket: after, entries } = again(ticket, hugo, resolved);
    expect(JSON.stringify(verdict)).not.toContain(ids.ana);
    expect(verdict).toMatchObject({
      kind: 'parked',
      conflicts: [
        { theirs: null, mine: 'Se reinició el servicio' },
        { theirs: null, theirsBy: null },
      ],
    });
    expect(after?.parked[0]?.conflicts[1]).toMatchObject({ field: 'status', theirs: 'assigned', theirsBy: ids.ana });
    expect(entries[0]?.outOfScope).toBe(true);
  });

  it('SY14 a register comes back, flagged, though its author may register no more', () => {
    for (const [actor, options] of [
      [auditor, {}],
      [ana, { revoked: true }],
    ] as const) {
      const { verdict, ticket, entries } = again(null, actor, registered, wasApplied, options);
      expect(verdict).toEqual(wasApplied);
      expect(ticket?.subject).toBe(call.subject);
      expect(entries[0]?.outOfScope).toBe(true);
    }
  });

  it('SY14 a register comes back though the restored directory knows neither its person nor its device', () => {
    const unknown: Command = {
      type: 'register',
      payload: { ...call, requester: { personId: uuid(900) }, assetId: uuid(901), serviceId: uuid(902) },
    };
    const { ticket } = again(null, ana, unknown);
    expect(ticket).toMatchObject({ requester: { personId: uuid(900) }, assetId: uuid(901), serviceId: uuid(902) });
  });

  it('SY14 the end of a remote session is kept though its start is not back yet', () => {
    const end: Command = {
      type: 'endRemoteSession',
      payload: { sessionId: uuid(500), outcome: 'solved', note: 'Listo' },
    };
    const { verdict, entries } = again(ticketAfter([ana, registered]), ana, end);
    expect(verdict.kind).toBe('applied');
    expect(entries[0]?.event).toMatchObject({ type: 'remoteSessionEnded', note: 'Listo' });
  });
});
