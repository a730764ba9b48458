import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/domain/commands.ts';
import { type TimelineEntry, timelineEntrySchema } from '../../src/domain/events.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { runCommand } from '../../src/domain/run-command.ts';
import { isMerged, type Ticket, ticketSchema } from '../../src/domain/ticket.ts';
import { actors, call, contextFor, registered, splitOff, T0, uuid } from '../support/world.ts';

const TICKETS = 5;
const idOf = (n: number) => uuid(200 + n);
const some = fc.nat({ max: TICKETS - 1 });
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('merge' as const), on: some, other: some }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('unmerge' as const), on: some, other: some }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('split' as const), on: some, other: some }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('undoSplit' as const), on: some, other: some }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('note' as const), on: some, other: some }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constantFrom('claim', 'resolve', 'reopen', 'cancel', 'edit'),
      on: some,
      other: some,
    }),
  },
);
const step = fc.record({
  act,
  actor: fc.constantFrom(actors.ana, actors.beto, actors.sofia, actors.hugo, actors.luis),
  // What the author's screen held: an older version of the ticket, as after a day without link.
  lag: fc.nat({ max: 4 }),
  at: fc.integer({ min: T0 - 10_000_000, max: T0 + 10_000_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Tickets by id, as a store holds them, with every text that went in. */
class Desk {
  readonly tickets = new Map<string, Ticket>();
  readonly entries = new Map<string, TimelineEntry[]>();
  readonly kept: string[] = [];
  private made = 0;
  private texts = 0;

  ticket(n: number): Ticket | null {
    return this.tickets.get(idOf(n)) ?? null;
  }

  run(id: string, actor: Actor, command: Command, at: number, lag: number, text: string | null): string {
    const before = this.tickets.get(id) ?? null;
    const seenVersion = before === null ? null : Math.max(0, before.version - lag);
    const parsed = parseCommand(command.type, command.payload);
    if (!parsed.ok) throw new Error(parsed.error.code);
    const result = runCommand(before, id, parsed.value, {
      ...contextFor(actor, { at, seenVersion }),
      otherTicket: (other) => this.tickets.get(other) ?? null,
    });
    if (result.ticket !== null) this.tickets.set(id, result.ticket);
    this.entries.set(id, [...(this.entries.get(id) ?? []), ...result.entries]);
    if (result.decision.kind === 'refused') expect(result.ticket).toBe(before);
    else if (text !== null) this.kept.push(text);
    return result.decision.kind;
  }

  take({ act: { does, on, other }, actor, at, lag }: Step): string {
    const id = idOf(on);
    const text = `texto-${++this.texts}-`;
    switch (does) {
      case 'merge':
        return this.run(id, actor, { type: 'merge', payload: { intoTicketId: idOf(other) } }, at, lag, null);
      case 'unmerge': {
        const fromTicketId = this.ticket(on)?.mergedInto ?? idOf(other);
        return this.run(id, actor, { type: 'unmerge', payload: { fromTicketId, reason: text } }, at, lag, text);
      }
      case 'split': {
        // Beyond the first ones, parts only fill free places: the desk stays small enough for acts to meet.
        const part = this.ticket(other) === null ? idOf(other) : uuid(900 + ++this.made);
        const quotes = [{ entryId: `${uuid(1)}-0`, text }];
        const payload = { ...splitOff.payload, fromTicketId: id, quotes } as typeof splitOff.payload;
        return this.run(part, actor, { type: 'split', payload } as Command, at, lag, text);
      }
      case 'undoSplit':
        return this.run(id, actor, { type: 'undoSplit', payload: { reason: text } }, at, lag, text);
      case 'note':
        return this.run(id, actor, { type: 'addNote', payload: { visibility: 'internal', text } }, at, lag, text);
      case 'claim':
        return this.run(id, actor, { type: 'claim', payload: {} }, at, lag, null);
      case 'resolve':
        return this.run(id, actor, { type: 'resolve', payload: { solution: text, duringCall: false } }, at, lag, text);
      case 'reopen':
        return this.run(id, actor, { type: 'reopen', payload: { reason: text } }, at, lag, text);
      case 'cancel':
        return this.run(id, actor, { type: 'cancel', payload: { reason: text } }, at, lag, text);
      default: {
        const from = lag === 0 ? (this.ticket(on)?.subject ?? call.subject) : call.subject;
        const payload = { changes: { subject: { from, to: text } } };
        return this.run(id, actor, { type: 'editFields', payload }, at, lag, text);
      }
    }
  }
}

function newDesk(): Desk {
  const desk = new Desk();
  for (const n of [0, 1, 2]) desk.run(idOf(n), actors.ana, registered, T0, 0, null);
  return desk;
}

describe('any sequence of merges, splits, their undoing and the work of others', () => {
  it('SY3 SY9 loses no text, makes no cycle, and every ticket is the fold of its timeline', () => {
    const met = { merge: 0, unmerge: 0, split: 0, undoSplit: 0 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const desk = newDesk();
        for (const taken of steps) {
          const kind = desk.take(taken);
          const { does } = taken.act;
          if (does in met && kind !== 'refused') met[does as keyof typeof met]++;
          if (does === 'note' && desk.ticket(taken.act.on) !== null) expect(kind).not.toBe('refused');
        }
        const everything = JSON.stringify([...desk.entries.values()]);
        for (const text of desk.kept) expect(everything).toContain(text);
        for (const ticket of desk.tickets.values()) {
          const seen = new Set<string>();
          for (let next: Ticket | null = ticket; next !== null; ) {
            expect(seen.has(next.id), 'a cycle').toBe(false);
            seen.add(next.id);
            next = isMerged(next) ? (desk.tickets.get(next.mergedInto) ?? null) : null;
          }
          if (isMerged(ticket)) {
            expect(ticket.status).toBe('closed');
            expect(desk.tickets.has(ticket.mergedInto)).toBe(true);
            expect(ticket.clocks.closedAt).not.toBeNull();
          } else expect(ticket.beforeMerge ?? null).toBeNull();
          if (ticket.splitFrom !== undefined) expect(desk.tickets.has(ticket.splitFrom)).toBe(true);
          const entries = desk.entries.get(ticket.id) ?? [];
          for (const entry of entries) timelineEntrySchema.parse(entry);
          expect(entries.reduce<Ticket | null>((state, entry) => evolve(state, entry), null)).toEqual(ticket);
          expect(ticketSchema.parse(JSON.parse(JSON.stringify(ticket)))).toEqual(ticket);
        }
      }),
      { numRuns: 200 },
    );
    // The sequences reach what they are about; far below what they do on average, so that chance alone never fails it.
    for (const [does, times] of Object.entries(met)) expect(times, does).toBeGreaterThan(1);
  });

  it('SY3 unmerge after merge is the identity on everything but its own traces, whatever facts came between', () => {
    let merged = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25, size: 'max' }),
        fc.array(fc.nat(), { maxLength: 3 }),
        some,
        (steps, notes, on) => {
          const desk = newDesk();
          for (const taken of steps) desk.take(taken);
          const target = newTarget(desk);
          const before = desk.ticket(on);
          const merge: Command = { type: 'merge', payload: { intoTicketId: target } };
          if (before === null || desk.run(idOf(on), actors.sofia, merge, T0, 0, null) === 'refused') return;
          merged++;
          for (const n of notes)
            desk.run(
              idOf(on),
              actors.hugo,
              { type: 'addNote', payload: { visibility: 'internal', text: `${n}.` } },
              T0,
              0,
              null,
            );
          const unmerge: Command = { type: 'unmerge', payload: { fromTicketId: target, reason: '' } };
          expect(desk.run(idOf(on), actors.sofia, unmerge, T0 + 1, 0, null)).toBe('applied');
          const after = desk.ticket(on);
          const traces = {
            lastChange: 0,
            updatedAt: 0,
            recordedAt: 0,
            version: 0,
            noteCount: 0,
            mergedInto: 0,
            beforeMerge: 0,
          };
          const paused = (ticket: Ticket | null) => ({ ...ticket?.clocks, pausedMs: 0 });
          expect({ ...after, ...traces, clocks: paused(after) }).toEqual({
            ...before,
            ...traces,
            clocks: paused(before),
          });
          expect(after?.noteCount).toBe(before.noteCount + notes.length);
        },
      ),
      { numRuns: 200 },
    );
    expect(merged).toBeGreaterThan(60);
  });
});

function newTarget(desk: Desk): string {
  const id = uuid(300);
  desk.run(id, actors.beto, registered, T0, 0, null);
  return id;
}
