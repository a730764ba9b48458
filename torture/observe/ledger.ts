import { appendFileSync } from 'node:fs';
import type { Typed } from './typed.ts';

/** What one console showed as saved, in order. A copied disk has its own, which begins with what was on the disk. */
export interface Stream {
  readonly machine: number;
  readonly ids: readonly string[];
}
/**
 * Every command that a console showed as saved. It is kept by the harness, and written down as it is heard, so it outlives whatever happens to the
 * console. What was saved but never said (a console that was killed before) is in no ledger.
 */
export interface Ledger {
  /**
   * @param typed what the person had typed, in the order of the ids; shorter where it is not known
   * @returns how many of them were not known yet
   */
  told(machine: number, ids: readonly string[], what: string, typed?: readonly Typed[]): number;
  typed(id: string): Typed | undefined;
  /** Its content may be written once more, under another id: the person asked for it. */
  mayRepeat(id: string): void;
  copied(from: number, to: number): void;
  /** Bytes of its row were flipped from outside: if no store has it, that is nobody's fault. */
  spoilt(row: { readonly id: string; readonly ticketId: string; readonly type: string }, why: string): void;
  streams(): readonly Stream[];
  isSpoilt(id: string): boolean;
  /** The command that makes this ticket was spoilt: it may never come back. */
  isTicketSpoilt(ticketId: string): boolean;
  isRepeatable(id: string): boolean;
  count(): number;
}

/** @param file gets one line for each thing told, at once */
export function createLedger(file: string): Ledger {
  const streams = new Map<number, string[]>();
  const all = new Set<string>();
  const texts = new Map<string, Typed>();
  const spoilt = new Set<string>();
  const tickets = new Set<string>();
  const repeatable = new Set<string>();
  const write = (line: unknown) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const of = (machine: number) => {
    const known = streams.get(machine) ?? [];
    streams.set(machine, known);
    return known;
  };
  return {
    told(machine, ids, what, typed = []) {
      for (const [n, id] of ids.entries()) {
        const known = typed[n];
        if (known !== undefined) texts.set(id, known);
      }
      const fresh = ids.filter((id) => !of(machine).includes(id));
      if (fresh.length === 0) return 0;
      of(machine).push(...fresh);
      for (const id of fresh) all.add(id);
      write({ at: Date.now(), machine, what, ids: fresh, typed });
      return fresh.length;
    },
    typed: (id) => texts.get(id),
    mayRepeat: (id) => void repeatable.add(id),
    copied(from, to) {
      of(to).push(...of(from));
      write({ at: Date.now(), copied: { from, to } });
    },
    spoilt({ id, ticketId, type }, why) {
      spoilt.add(id);
      if (type === 'register' || type === 'split') tickets.add(ticketId);
      write({ at: Date.now(), spoilt: id, type, ticketId, why });
    },
    streams: () => [...streams].map(([machine, ids]) => ({ machine, ids })),
    isSpoilt: (id) => spoilt.has(id),
    isTicketSpoilt: (ticketId) => tickets.has(ticketId),
    isRepeatable: (id) => repeatable.has(id),
    count: () => all.size,
  };
}
