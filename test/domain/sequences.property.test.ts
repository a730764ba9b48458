import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TimelineEntry, timelineEntrySchema } from '../../src/domain/events.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { actors, call, other, run, splitOff } from '../support/world.ts';
import { expectLegal, step } from './arbitrary-acts.ts';

const others = [other()];

describe('any sequence of commands', () => {
  it('R13 SY2 reaches legal states only; the fold of its entries is its state; a refusal changes nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isPart) => {
        const first = run(null, actors.ana, isPart ? splitOff : { type: 'register', payload: call }, { others });
        let ticket = first.ticket;
        const entries: TimelineEntry[] = [...first.entries];
        for (const { actor, command: raw, at } of steps) {
          const parsed = parseCommand(raw.type, raw.payload);
          if (!parsed.ok) continue;
          const result = run(ticket, actor, parsed.value, { at, others });
          if (result.decision.kind === 'refused') expect(result.ticket).toBe(ticket);
          ticket = result.ticket;
          entries.push(...result.entries);
          if (ticket !== null) expectLegal(ticket);
        }
        const folded = entries.reduce<Ticket | null>((state, entry) => evolve(state, entry), null);
        expect(folded).toEqual(ticket);
        expect(ticket?.version).toBe(entries.length);
        // What goes over the wire comes back the same.
        expect(JSON.parse(JSON.stringify(folded))).toEqual(ticket);
        for (const entry of entries) timelineEntrySchema.parse(entry);
      }),
      { numRuns: 400 },
    );
  });
});
