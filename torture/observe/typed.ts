import { z } from 'zod';
import { sha256Hex } from '../../src/platform-node/hasher.ts';
import { commandHashInput, type WireCommand, wireCommandSchema } from '../../src/protocol/sync/command.ts';
import type { Effect, StoredCommand } from './store-facts.ts';

/** What a person had typed when it was shown as saved. */
export interface Typed {
  /** Null where the act makes the ticket. */
  readonly ticketId: string | null;
  readonly type: string;
  /** Of the payload at least this. */
  readonly payload: unknown;
}

const fields = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;

/** Whether everything that was typed stands in what was stored, wherever that has more. */
export function isIn(typed: unknown, stored: unknown): boolean {
  const wanted = fields(typed);
  if (wanted === null) return JSON.stringify(typed) === JSON.stringify(stored);
  const found = fields(stored);
  return found !== null && Object.entries(wanted).every(([name, value]) => isIn(value, found[name]));
}

const wireOf = (text: string): WireCommand | null => {
  const wire = wireCommandSchema.safeParse(JSON.parse(text));
  return wire.success ? wire.data : null;
};

/** What makes an act what it is. Its place in a chain is not of it: a copy of a console, and a salvaged one, writes its own chain anew. */
function actOf(text: string): string | null {
  const wire = wireOf(text);
  if (wire === null) return null;
  const { id, commandVersion, ticketId, type, payload, onBehalf, time } = wire;
  return JSON.stringify([id, commandVersion, ticketId, type, payload, onBehalf, time.deviceAt]);
}
/** Whether an outbox and the store hold the same act, each as the text that travels. */
export const isSameAct = (kept: string, stored: string): boolean => actOf(kept) === actOf(stored);

/** What the store has under an id, held against what was typed there. @returns what differs, in words */
export function* differs(stored: StoredCommand, typed: Typed | undefined): Generator<string> {
  const wire = wireOf(stored.envelope);
  if (wire === null) {
    yield `the store has no command there: ${stored.envelope}`;
    return;
  }
  if (sha256Hex(commandHashInput(wire)) !== stored.hash) yield `the store has its content and the hash of another`;
  if (typed === undefined) return;
  const isThere = wire.type === typed.type && (typed.ticketId === null || wire.ticketId === typed.ticketId);
  if (!isThere || !isIn(typed.payload, wire.payload))
    yield `it was typed as ${JSON.stringify(typed)}, and the store has ${wire.type} on ${wire.ticketId} ${JSON.stringify(wire.payload)}`;
}

/** Types whose text stands in the timeline as it was written: the event, and the name of the text in both. */
const shown: Readonly<Record<string, readonly [event: string, field: string]>> = {
  addNote: ['noteAdded', 'text'],
  recordVisit: ['visitRecorded', 'text'],
  register: ['registered', 'subject'],
  split: ['registered', 'subject'],
  resolve: ['resolved', 'solution'],
};
const answerSchema = z.object({ verdict: z.object({ kind: z.string() }) });
const docSchema = z.object({ event: z.looseObject({ type: z.string() }) });

/** Whether a command that was answered as applied has an effect, and one with the text that was written. @returns what it lacks, in words */
export function* lacksEffect(stored: StoredCommand, effects: readonly Effect[]): Generator<string> {
  const { verdict } = answerSchema.parse(JSON.parse(stored.outcome));
  if (verdict.kind !== 'applied') return;
  if (effects.length === 0) {
    yield `${stored.type} was answered as applied, and has no effect`;
    return;
  }
  const [event, field] = shown[stored.type] ?? [];
  if (event === undefined || field === undefined) return;
  const written = fields(wireOf(stored.envelope)?.payload)?.[field];
  const stand = effects.map(({ doc }) => docSchema.parse(JSON.parse(doc)).event).filter(({ type }) => type === event);
  if (!stand.some((found) => found[field] === written))
    yield `${stored.type} was written as ${JSON.stringify(written)}; the timeline has ${JSON.stringify(stand.map((found) => found[field]))}`;
}
