import { describe, expect, it } from 'vitest';
import { allowedActs } from '../../src/domain/allowed-acts.ts';
import { commandVersionOf, otherTicketId } from '../../src/domain/commands.ts';
import { runCommand } from '../../src/domain/run-command.ts';
import { type Ticket, ticketSchema } from '../../src/domain/ticket.ts';
import {
  actors,
  call,
  claimed,
  contextFor,
  escalated,
  ids,
  merged,
  other,
  registered,
  resolved,
  run,
  splitOff,
  T0,
  ticketAfter,
  ticketWith,
  uuid,
} from '../support/world.ts';

const { ana, beto, hugo, luis, sofia } = actors;
const others = [other()];
const unmerge = { type: 'unmerge', payload: { fromTicketId: ids.other, reason: 'Eran dos' } } as const;
const undoSplit = { type: 'undoSplit', payload: { reason: 'Era lo mismo' } } as const;
const pending = {
  type: 'changeStatus',
  payload: { from: 'assigned', to: 'pending', pendingReason: 'vendor' },
} as const;
const going = { type: 'changeStatus', payload: { from: 'pending', to: 'inProgress', pendingReason: null } } as const;
const close = { type: 'close', payload: {} } as const;
const cancel = { type: 'cancel', payload: { reason: 'No corresponde' } } as const;
const reopen = { type: 'reopen', payload: { reason: 'Volvió' } } as const;
const note = { type: 'addNote', payload: { visibility: 'public', text: 'Llamó otra vez' } } as const;

describe('merge', () => {
  it('closes the duplicate by reference, so that no indicator takes it for a ticket of its own', () => {
    const { ticket, entries } = run(ticketAfter([ana, registered], [ana, claimed]), ana, merged, { others });
    expect(ticket).toMatchObject({
      status: 'closed',
      mergedInto: ids.other,
      assigneeId: ids.ana,
      clocks: { resolvedAt: null },
    });
    expect(entries.map(({ event }) => event)).toEqual([
      { type: 'merged', intoTicketId: ids.other, fromStatus: 'assigned', fromPendingReason: null },
    ]);
  });

  it.each([
    ['itself', ids.ticket, [], 'mergeSelf'],
    ['one that is not there', uuid(777), [], 'mergeTargetUnknown'],
    [
      'a closed one',
      ids.other,
      [
        [beto, claimed],
        [beto, resolved],
        [beto, close],
      ],
      'mergeTargetNotOpen',
    ],
    ['a cancelled one', ids.other, [[beto, cancel]], 'mergeTargetNotOpen'],
  ] as const)('SY9 refuses %s as the target', (_name, intoTicketId, acts, code) => {
    const target = ticketWith({ id: ids.other }, [beto, registered], ...acts);
    const command = { type: 'merge', payload: { intoTicketId } } as const;
    expect(run(ticketAfter([ana, registered]), ana, command, { others: [target] }).verdict).toMatchObject({
      refusal: { code },
    });
  });

  it('SY7 a target out of scope answers like one that does not exist', () => {
    const puno = { ...call, siteId: ids.puno };
    const far = ticketWith({ id: ids.other }, [hugo, { type: 'register', payload: puno }]);
    const ticket = ticketAfter([ana, registered]);
    const unknown = run(ticket, ana, merged, { others: [] }).verdict;
    expect(run(ticket, ana, merged, { others: [far] }).verdict).toEqual(unknown);
    expect(run(ticket, sofia, merged, { others: [far] }).verdict.kind).toBe('applied');
  });

  it('takes a resolved duplicate, and a resolved target; a closed duplicate is history', () => {
    const solved = ticketAfter([ana, registered], [ana, claimed], [ana, resolved]);
    expect(run(solved, ana, merged, { others }).ticket?.mergedInto).toBe(ids.other);
    const target = ticketWith({ id: ids.other }, [beto, registered], [beto, claimed], [beto, resolved]);
    expect(run(ticketAfter([ana, registered]), ana, merged, { others: [target] }).verdict.kind).toBe('applied');
    const shut = ticketAfter([ana, registered], [ana, claimed], [ana, resolved], [ana, close]);
    expect(run(shut, ana, merged, { others }).verdict).toMatchObject({ refusal: { code: 'ticketNotOpen' } });
  });

  it('R27 a problem and an incident are linked, not merged', () => {
    const problem = { ...call, kind: 'problem', subKind: null } as const;
    const target = ticketWith({ id: ids.other }, [beto, { type: 'register', payload: problem }]);
    expect(run(ticketAfter([ana, registered]), ana, merged, { others: [target] }).verdict).toMatchObject({
      refusal: { code: 'mergeKindsDiffer' },
    });
  });

  it('SY3 crosswise merges of two consoles make no cycle: the second is told where the first went', () => {
    const mine = ticketAfter([ana, registered]);
    const first = run(mine, ana, merged, { others }).ticket;
    const back = { type: 'merge', payload: { intoTicketId: ids.ticket } } as const;
    const second = runCommand(other(), ids.other, back, contextFor(beto, { others: first === null ? [] : [first] }));
    expect(second.verdict).toMatchObject({ refusal: { code: 'mergeTargetMerged', params: { ticket: ids.other } } });
  });

  it('SY9 a fact still lands on the duplicate, and its author is told where the ticket went, by whom and when', () => {
    const base = ticketAfter([ana, registered], [ana, claimed]);
    const duplicate = run(base, sofia, merged, { others, at: T0 + 500 }).ticket;
    const { verdict, ticket } = run(duplicate, ana, note, { seenVersion: base.version });
    expect(verdict).toMatchObject({
      kind: 'merged',
      notes: [{ code: 'ticketMerged', field: 'mergedInto', value: ids.other, by: ids.sofia, at: T0 + 500 }],
    });
    expect(ticket).toMatchObject({ noteCount: 1, status: 'closed', mergedInto: ids.other });
  });

  it('claims on the duplicate are refused with their content; only unmerge and what is not work are offered', () => {
    const duplicate = ticketAfter([ana, registered], [ana, claimed], [ana, merged]);
    for (const command of [resolved, close, cancel, reopen, escalated]) {
      expect(run(duplicate, ana, command).verdict).toMatchObject({
        refusal: { code: 'ticketMerged', params: { ticket: ids.other } },
      });
    }
    expect(allowedActs(duplicate, ana, T0)).toEqual([
      'addNote',
      'unmerge',
      'split',
      'startRemoteSession',
      'recordVisit',
      'addAttachment',
    ]);
  });
});

describe('unmerge', () => {
  const cases: readonly (readonly [string, Ticket])[] = [
    ['new', ticketAfter([ana, registered])],
    ['assigned', ticketAfter([ana, registered], [ana, claimed])],
    ['pending', ticketAfter([ana, registered], [ana, claimed], [ana, pending])],
    ['in progress', ticketAfter([ana, registered], [ana, claimed], [ana, pending], [ana, going])],
    ['resolved', ticketAfter([ana, registered], [ana, claimed], [ana, resolved])],
    ['offered to tier 2', ticketAfter([ana, registered], [ana, claimed], [ana, escalated])],
  ];
  it.each(cases)(
    'SY3 puts back a ticket that was %s, with all its clocks but the time that stood still',
    (_name, before) => {
      const actor = before.teamId === ids.team2 ? luis : ana;
      const at = T0 + 600_000;
      const duplicate = run(before, actor, merged, { others, at }).ticket;
      const { ticket } = run(duplicate, actor, unmerge, { at: at + 90_000 });
      const { lastChange, updatedAt, recordedAt, version, mergedInto, beforeMerge, clocks, ...shared } =
        ticket ?? before;
      expect(before).toMatchObject(shared);
      expect([mergedInto, beforeMerge]).toEqual([null, null]);
      const worked = before.status !== 'pending' && before.status !== 'resolved';
      expect(clocks).toEqual({ ...before.clocks, pausedMs: before.clocks.pausedMs + (worked ? 90_000 : 0) });
    },
  );

  it('names the ticket that its author saw; what went elsewhere meanwhile is not touched', () => {
    const elsewhere = { type: 'unmerge', payload: { fromTicketId: uuid(777), reason: '' } } as const;
    const duplicate = ticketAfter([ana, registered], [ana, merged]);
    expect(run(duplicate, ana, elsewhere).verdict).toMatchObject({
      refusal: { code: 'mergedElsewhere', params: { ticket: ids.other } },
    });
    expect(run(ticketAfter([ana, registered]), ana, unmerge).verdict).toMatchObject({ refusal: { code: 'notMerged' } });
  });

  it('two who undo the same merge: the second is told, and what they wrote is kept', () => {
    const apart = ticketAfter([ana, registered], [ana, merged], [beto, unmerge]);
    const { verdict, ticket } = run(apart, ana, unmerge);
    expect(verdict).toMatchObject({ kind: 'merged', notes: [{ code: 'alreadySo', by: ids.beto }] });
    expect(ticket?.noteCount).toBe(1);
  });
});

describe('split', () => {
  it('makes a ticket of its own with the quoted texts, in the team whose work it was', () => {
    const { ticket, entries } = run(null, ana, splitOff, { others });
    expect(ticket).toMatchObject({
      subject: 'Tampoco imprime',
      status: 'new',
      splitFrom: ids.other,
      teamId: ids.team1,
      version: 1,
    });
    expect(entries[0]).toMatchObject({
      outOfScope: false,
      event: {
        type: 'registered',
        split: { fromTicketId: ids.other, quotes: [{ text: 'Además la impresora no responde' }] },
      },
    });
  });

  it('R14 of a ticket of tier 2 stays there for its team', () => {
    const up = ticketWith({ id: ids.other }, [beto, registered], [beto, claimed], [beto, escalated]);
    expect(run(null, luis, splitOff, { others: [up] }).ticket).toMatchObject({
      teamId: ids.team2,
      tier: 2,
      handovers: [],
    });
  });

  it('SY9 by somebody with no right to the other ticket is kept, flagged, where a register of theirs would go', () => {
    const { ticket, entries } = run(null, hugo, splitOff, { others });
    expect(entries[0]?.outOfScope).toBe(true);
    expect(ticket?.teamId).toBe(ids.team1);
    expect(run(null, ana, splitOff, { others: [] }).verdict).toMatchObject({ refusal: { code: 'ticketUnknown' } });
  });

  it('a ticket is not split from itself', () => {
    const own = { ...splitOff, payload: { ...splitOff.payload, fromTicketId: ids.ticket } } as typeof splitOff;
    expect(run(null, ana, own, { others }).verdict).toMatchObject({ refusal: { code: 'invalid' } });
  });

  it('is undone by cancelling the part back into where it came from, and made good again by reopening it', () => {
    const part = ticketAfter([ana, splitOff], [ana, note]);
    const undone = run(part, ana, undoSplit).ticket;
    expect(undone).toMatchObject({ status: 'cancelled', splitUndone: true, splitFrom: ids.other, noteCount: 1 });
    expect(run(undone, ana, reopen).ticket).toMatchObject({ status: 'new', splitUndone: false, splitFrom: ids.other });
    expect(run(ticketAfter([ana, registered]), ana, undoSplit).verdict).toMatchObject({
      refusal: { code: 'notSplit' },
    });
  });
});

describe('what a command says of other tickets', () => {
  it('SY16 only the types of this version are held back by an older store', () => {
    expect(['merge', 'unmerge', 'split', 'undoSplit'].map((type) => commandVersionOf(type as 'merge'))).toEqual([
      2, 2, 2, 2,
    ]);
    expect(commandVersionOf('addNote')).toBe(1);
  });

  it('SY16 a ticket that nobody merged or split has none of the new fields, so documents from before fold to the same text', () => {
    const ticket = ticketAfter([ana, registered], [ana, claimed], [ana, resolved], [ana, close], [ana, reopen]);
    for (const field of ['mergedInto', 'beforeMerge', 'splitFrom', 'splitUndone'])
      expect(Object.keys(ticket)).not.toContain(field);
    expect(ticketSchema.parse(JSON.parse(JSON.stringify(ticket)))).toEqual(ticket);
  });

  it('the ticket to lock is read from any payload, also one that no schema has seen', () => {
    expect(otherTicketId('merge', { intoTicketId: ids.other })).toBe(ids.other);
    expect(otherTicketId('split', { fromTicketId: ids.other })).toBe(ids.other);
    for (const payload of [null, 'x', [], { intoTicketId: 7 }, { intoTicketId: 'x' }])
      expect(otherTicketId('merge', payload)).toBeNull();
    expect(otherTicketId('addNote', { intoTicketId: ids.other })).toBeNull();
  });
});
