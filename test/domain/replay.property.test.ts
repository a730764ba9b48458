import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/domain/commands.ts';
import type { Verdict } from '../../src/domain/decision.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { type CommandRun, runCommand } from '../../src/domain/run-command.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { actors, contextFor, ids, other, registered, uuid } from '../support/world.ts';
import { expectLegal, step } from './arbitrary-acts.ts';

interface Act {
  readonly id: string;
  readonly actor: Actor;
  readonly command: Command;
  readonly at: number;
  readonly text: string | null;
}
/** Null: written after the restore. */
type Handed = { readonly act: Act; readonly verdict: Verdict | null };
const others = [other()];
const judged = (ticket: Ticket | null, act: Act, former: Verdict | null): CommandRun =>
  runCommand(ticket, ids.ticket, act.command, {
    ...contextFor(act.actor, { at: act.at, commandId: act.id, others }),
    former,
  });
/** The text that its author typed, made one of a kind so that it can be looked for. */
const typedFields = ['text', 'reason', 'solution', 'note'];
function marked(command: Command, n: number): { command: Command; text: string | null } {
  const field = typedFields.find((name) => Object.hasOwn(command.payload, name));
  if (field === undefined) return { command, text: null };
  const text = `texto-${n}-`;
  return { command: { ...command, payload: { ...command.payload, [field]: text } } as Command, text };
}

describe('any restore', () => {
  it('SY14 whatever was lost comes back: nothing accepted is refused, no text is missing, states stay legal', () => {
    let parked = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
        fc.nat({ max: 20 }),
        fc.array(step, { maxLength: 8 }),
        fc.infiniteStream(fc.nat({ max: 9 })),
        (before, kept, since, dice) => {
          const acts: Act[] = [];
          for (const { actor, command: raw, at } of [...before, ...since]) {
            const parsed = parseCommand(raw.type, raw.payload);
            if (parsed.ok)
              acts.push({ id: uuid(10_000 + acts.length), actor, at, ...marked(parsed.value, acts.length) });
          }
          const former = acts.slice(0, before.length);
          const fresh = acts.slice(before.length);
          let ticket = judged(
            null,
            { id: uuid(9_999), actor: actors.ana, command: registered, at: 0, text: null },
            null,
          ).ticket;
          let restored = ticket;
          const answered = former.map((act, index): Handed => {
            const run = judged(ticket, act, null);
            ticket = run.ticket;
            if (index < kept) restored = ticket;
            return { act, verdict: run.verdict };
          });
          // Consoles come back one by one, each with its own acts in order, while others go on working.
          const queues = [...Map.groupBy(answered.slice(kept), ({ act }) => act.actor.personId).values()];
          queues.push(fresh.map((act) => ({ act, verdict: null })));
          const written: unknown[] = [];
          let now = restored;
          for (const roll of dice) {
            const waiting = queues.filter((queue) => queue.length > 0);
            if (waiting.length === 0) break;
            const next = waiting[roll % waiting.length]?.shift();
            if (next === undefined) break;
            const run = judged(now, next.act, next.verdict);
            if (next.verdict?.kind === 'refused') {
              expect(run.verdict).toEqual(next.verdict);
              expect(run.ticket).toBe(now);
            } else if (next.verdict !== null) {
              expect(run.verdict.kind, next.act.command.type).not.toBe('refused');
              if (run.verdict.kind === 'parked') parked++;
              written.push(run.entries);
              // A solution that stands on the ticket already is there, if not in an entry of this command.
              if (next.act.text !== null) expect(JSON.stringify([written, run.ticket])).toContain(next.act.text);
            }
            now = run.ticket;
            if (now !== null) expectLegal(now);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(parked).toBeGreaterThan(10);
  });
});
