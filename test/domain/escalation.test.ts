import { describe, expect, it } from 'vitest';
import { awaitsAcceptance } from '../../src/domain/ticket.ts';
import { accepted, actors, claimed, escalated, ids, registered, run, sheet, ticketAfter } from '../support/world.ts';

const { ana, luis, rosa, sofia } = actors;
const toTier3 = { type: 'escalate', payload: { toTeamId: ids.team3, toPersonId: null, sheet } } as const;
const back = { type: 'return', payload: { reason: 'Falta el dato', toTeamId: null } } as const;

describe('escalation', () => {
  it('R16 R17 changes tier and team at once, offers the ticket, and keeps the sheet', () => {
    const ticket = ticketAfter([ana, registered], [ana, claimed], [ana, escalated]);
    expect(ticket).toMatchObject({
      tier: 2,
      teamId: ids.team2,
      assigneeId: null,
      status: 'assigned',
      clocks: { escalations: 1 },
    });
    expect(awaitsAcceptance(ticket)).toBe(true);
    expect(ticket.handovers).toMatchObject([
      { state: 'offered', sheet, fromAssigneeId: ids.ana, fromTier: 1, toTier: 2 },
    ]);
  });

  it('a ticket that went to somebody else meanwhile is not taken up, across or down without a word', () => {
    const base = ticketAfter([ana, registered], [ana, claimed]);
    const away = {
      type: 'reassign',
      payload: { fromPersonId: ids.ana, toPersonId: ids.beto, reason: 'Turno' },
    } as const;
    const moved = run(base, sofia, away).ticket;
    const late = run(moved, ana, escalated, { seenVersion: base.version });
    expect(late.verdict).toMatchObject({
      kind: 'merged',
      notes: [{ code: 'assigneeMoved', by: ids.sofia, value: ids.beto }],
    });
    expect(late.ticket).toMatchObject({ tier: 2, handovers: [{ fromAssigneeId: ids.beto }] });
    expect(run(moved, ana, escalated, { seenVersion: moved?.version ?? 0 }).verdict.kind).toBe('applied');
  });

  it('R17 accepting makes the professional its owner', () => {
    const ticket = ticketAfter([ana, registered], [ana, escalated], [luis, accepted]);
    expect(ticket).toMatchObject({ assigneeId: ids.luis, handovers: [{ state: 'accepted' }] });
    expect(awaitsAcceptance(ticket)).toBe(false);
  });

  it('works on unassigned, unaccepted and pending tickets', () => {
    const pending = ticketAfter(
      [ana, registered],
      [ana, { type: 'changeStatus', payload: { from: 'new', to: 'pending', pendingReason: 'user' } }],
    );
    expect(run(pending, ana, escalated).ticket).toMatchObject({
      tier: 2,
      status: 'assigned',
      pendingReason: null,
      clocks: { pendingSince: null },
    });
    const unaccepted = ticketAfter([ana, registered], [ana, escalated]);
    expect(run(unaccepted, luis, toTier3).ticket).toMatchObject({ tier: 3 });
  });

  it('R18 tier 3 is the highest, and a vendor’s case number is kept there', () => {
    const top = ticketAfter([ana, registered], [ana, escalated], [luis, accepted], [luis, toTier3]);
    expect(run(top, rosa, toTier3).verdict).toMatchObject({ kind: 'refused', refusal: { code: 'noTierAbove' } });
    const cased = run(top, rosa, { type: 'setVendorCase', payload: { vendorCase: { from: null, to: 'HP-77' } } });
    expect(cased.ticket?.vendorCase).toBe('HP-77');
  });

  it('a sheet that says nothing is refused', () => {
    const empty = {
      type: 'escalate',
      payload: { toTeamId: ids.team2, toPersonId: null, sheet: { ...sheet, tried: ' ' } },
    } as const;
    expect(run(ticketAfter([ana, registered]), ana, empty).verdict).toMatchObject({
      refusal: { code: 'sheetRequired' },
    });
  });

  it('goes up only, a transfer stays on its tier', () => {
    const ticket = ticketAfter([ana, registered], [ana, escalated], [luis, accepted]);
    expect(run(ticket, luis, escalated).verdict).toMatchObject({ refusal: { code: 'tierNotAbove' } });
    expect(
      run(ticket, luis, { type: 'transfer', payload: { toTeamId: ids.team3, toPersonId: null, reason: '' } }).verdict,
    ).toMatchObject({
      refusal: { code: 'tierDiffers' },
    });
  });

  it.each([
    ['offered', ticketAfter([ana, registered], [ana, claimed], [ana, escalated])],
    ['accepted', ticketAfter([ana, registered], [ana, claimed], [ana, escalated], [luis, accepted])],
  ])('returning an %s handover restores the previous team and assignee', (_state, ticket) => {
    expect(run(ticket, luis, back).ticket).toMatchObject({
      tier: 1,
      teamId: ids.team1,
      assigneeId: ids.ana,
      handovers: [],
      clocks: { returns: 1 },
    });
  });

  it('R13 two escalations are walked back one by one', () => {
    const top = ticketAfter(
      [ana, registered],
      [ana, claimed],
      [ana, escalated],
      [luis, accepted],
      [luis, toTier3],
      [rosa, accepted],
    );
    const second = run(top, rosa, back).ticket;
    expect(second).toMatchObject({ tier: 2, assigneeId: ids.luis });
    expect(run(second, luis, back).ticket).toMatchObject({ tier: 1, assigneeId: ids.ana });
  });

  it('a handover for one person is accepted by nobody else', () => {
    const named = ticketAfter(
      [ana, registered],
      [ana, { type: 'escalate', payload: { toTeamId: ids.team2, toPersonId: ids.luis, sheet } }],
    );
    expect(named.assigneeId).toBe(ids.luis);
    expect(run(named, sofia, accepted).verdict).toMatchObject({ kind: 'refused' });
    expect(run(named, luis, accepted).verdict).toEqual({ kind: 'applied' });
  });

  it('R16 a ticket never taken can be escalated, and taking an offered one accepts it', () => {
    const ticket = ticketAfter([ana, registered], [ana, escalated]);
    expect(run(ticket, luis, claimed).entries[0]?.event.type).toBe('accepted');
  });
});
