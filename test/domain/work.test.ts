import { describe, expect, it } from 'vitest';
import { allowedActs } from '../../src/domain/allowed-acts.ts';
import { commandTypes } from '../../src/domain/commands.ts';
import { DAY_MS } from '../../src/domain/scope.ts';
import { actors, call, claimed, escalated, ids, registered, resolved, run, T0, ticketAfter } from '../support/world.ts';

const { ana, beto, hugo, luis, sofia, auditor } = actors;
const close = { type: 'close', payload: {} } as const;
const reopen = { type: 'reopen', payload: { reason: 'Volvió' } } as const;
const onCall = { type: 'resolve', payload: { solution: 'Se explicó', duringCall: true } } as const;

describe('working a ticket', () => {
  it('R15 register, claim and resolve in one call is measurable', () => {
    const ticket = ticketAfter([ana, registered], [ana, claimed], [ana, onCall]);
    expect(ticket).toMatchObject({
      status: 'resolved',
      tier: 1,
      clocks: { resolvedOnCall: true, firstResponseAt: T0, resolvedAt: T0 + 120_000 },
    });
  });

  it('R3 pauses and reopenings are timed by the acts', () => {
    const pending = {
      type: 'changeStatus',
      payload: { from: 'assigned', to: 'pending', pendingReason: 'vendor' },
    } as const;
    const going = {
      type: 'changeStatus',
      payload: { from: 'pending', to: 'inProgress', pendingReason: null },
    } as const;
    const ticket = ticketAfter(
      [ana, registered],
      [ana, claimed],
      [ana, pending],
      [ana, going],
      [ana, resolved],
      [ana, reopen],
    );
    expect(ticket).toMatchObject({
      status: 'assigned',
      clocks: { pausedMs: 120_000, reopenings: 1, resolvedAt: null },
    });
  });

  it('a solution is required', () => {
    expect(run(ticketAfter([ana, registered]), ana, resolved).verdict).toMatchObject({
      refusal: { code: 'assigneeRequired' },
    });
    expect(run(ticketAfter([ana, registered], [ana, claimed]), beto, resolved).verdict).toMatchObject({
      refusal: { code: 'notAssignee', params: { assignee: ids.ana } },
    });
  });

  it('two solutions of one ticket are both kept', () => {
    const ticket = ticketAfter([ana, registered], [ana, claimed], [sofia, resolved]);
    const second = run(ticket, ana, onCall);
    expect(second.verdict).toMatchObject({
      kind: 'parked',
      conflicts: [{ field: 'solution', theirs: 'Se reinició el servicio', mine: 'Se explicó', theirsBy: ids.sofia }],
    });
    expect(second.ticket).toMatchObject({ solution: 'Se reinició el servicio', parked: [{ by: ids.ana }] });
    const settled = run(second.ticket, sofia, {
      type: 'settleParked',
      payload: { commandId: second.ticket?.parked[0]?.commandId ?? '', note: '' },
    });
    expect(settled.ticket?.parked).toEqual([]);
  });

  it('edits of different fields merge; of one field, both values are kept with author and time', () => {
    const ticket = ticketAfter(
      [ana, registered],
      [beto, { type: 'editFields', payload: { changes: { subject: { from: call.subject, to: 'De Beto' } } } }],
    );
    const second = run(ticket, ana, {
      type: 'editFields',
      payload: { changes: { subject: { from: call.subject, to: 'De Ana' }, urgency: { from: 'medium', to: 'high' } } },
    });
    expect(second.verdict).toMatchObject({
      kind: 'parked',
      conflicts: [{ field: 'subject', theirs: 'De Beto', mine: 'De Ana', theirsBy: ids.beto }],
    });
    expect(second.ticket).toMatchObject({ subject: 'De Beto', urgency: 'high' });
  });

  it('a note on a ticket that went to somebody else is kept, and its author told', () => {
    const base = ticketAfter([ana, registered], [ana, claimed]);
    const moved = run(base, sofia, {
      type: 'reassign',
      payload: { fromPersonId: ids.ana, toPersonId: ids.beto, reason: 'Turno' },
    });
    const note = run(
      moved.ticket,
      ana,
      { type: 'addNote', payload: { visibility: 'internal', text: 'Sin red' } },
      { seenVersion: base.version },
    );
    expect(note.verdict).toMatchObject({
      kind: 'merged',
      notes: [{ code: 'assigneeMoved', by: ids.sofia, value: ids.beto }],
    });
    expect(note.ticket?.noteCount).toBe(1);
  });

  it('reopens within the window, and says so after it', () => {
    const closed = ticketAfter([ana, registered], [ana, claimed], [ana, resolved], [ana, close]);
    expect(run(closed, ana, reopen, { at: T0 + 29 * DAY_MS }).ticket?.status).toBe('assigned');
    expect(run(closed, ana, reopen, { at: T0 + 40 * DAY_MS }).verdict).toMatchObject({
      refusal: { code: 'reopenWindowOver', params: { days: 30 } },
    });
  });

  it('R27 many incidents point to one problem', () => {
    const link = { type: 'linkProblem', payload: { problemId: { from: null, to: ids.problem } } } as const;
    expect(run(ticketAfter([ana, registered]), ana, link).ticket?.problemId).toBe(ids.problem);
    const self = { type: 'linkProblem', payload: { problemId: { from: null, to: ids.ticket } } } as const;
    expect(run(ticketAfter([ana, registered]), ana, self).verdict).toMatchObject({
      refusal: { code: 'problemUnknown' },
    });
  });

  it('R25 an auditor reads and changes nothing; a supervisor reassigns what is not theirs', () => {
    const ticket = ticketAfter([ana, registered], [ana, claimed]);
    expect(allowedActs(ticket, auditor, T0)).toEqual([]);
    expect(allowedActs(ticket, sofia, T0)).toContain('reassign');
    expect(allowedActs(ticket, beto, T0)).not.toContain('reassign');
  });

  it('a technician of another site sees nothing of it, and is told no more than of a ticket that is not there', () => {
    const ticket = ticketAfter([ana, registered]);
    const unknown = run(null, hugo, escalated).verdict;
    expect(run(ticket, hugo, escalated).verdict).toEqual(unknown);
    expect(unknown).toMatchObject({ refusal: { code: 'ticketUnknown' } });
  });

  it('offers only what the desk would not refuse for role or state', () => {
    const tickets = [
      ticketAfter([ana, registered]),
      ticketAfter([ana, registered], [ana, claimed]),
      ticketAfter([ana, registered], [ana, escalated]),
    ];
    for (const ticket of tickets) {
      for (const actor of [ana, beto, luis, hugo]) {
        const offered = allowedActs(ticket, actor, T0);
        for (const type of ['claim', 'accept', 'close', 'cancel'] as const) {
          const payload = type === 'cancel' ? { reason: 'x' } : {};
          if (!offered.includes(type)) continue;
          expect(run(ticket, actor, { type, payload } as Parameters<typeof run>[2]).decision.kind).not.toBe('refused');
        }
        expect(commandTypes).toEqual(expect.arrayContaining(offered));
      }
    }
  });
});
