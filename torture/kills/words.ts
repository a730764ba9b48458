import { z } from 'zod';

/** How much of a writer's work a request is: the letters open the text of every command that it makes. */
export type RequestKind = 'note' | 'pair' | 'register';

/** Requests go by number; kind, id and the text of their commands follow from it. */
export function requestOf(no: number): { readonly kind: RequestKind; readonly id: string; readonly texts: string[] } {
  const id = `00000000-0000-7000-8000-${no.toString(16).padStart(12, '0')}`;
  if (no % 12 === 0) return { kind: 'register', id, texts: [`acto ${no} registro`] };
  if (no % 5 === 0) return { kind: 'pair', id, texts: [`acto ${no} una`, `acto ${no} otra`] };
  return { kind: 'note', id, texts: [`acto ${no} nota`] };
}
/** Number of the request that a text belongs to. */
export const numberIn = (text: string): number => Number(/^acto (\d+) /u.exec(text)?.[1] ?? Number.NaN);

export const toWriterSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signIn'), user: z.string(), password: z.string() }),
  /** Writes on and on, from this request. `pauseMs`: longest wait between two. `padding`: characters behind the text of each note. */
  z.object({
    kind: z.literal('write'),
    from: z.int(),
    ticketIds: z.array(z.string()).readonly(),
    pauseMs: z.number(),
    padding: z.int(),
  }),
]);
export type ToWriter = z.infer<typeof toWriterSchema>;

/** One line each, written with one system call: what was said before a kill has got out. */
export const fromWriterSchema = z.discriminatedUnion('kind', [
  /** From here on it has its hands in the files. */
  z.object({ kind: z.literal('opening') }),
  /** The core has the profile's files open; how long that took, and since the process began. */
  z.object({ kind: z.literal('open'), reopenMs: z.number(), sinceSpawnMs: z.number() }),
  z.object({ kind: z.literal('signedIn') }),
  z.object({ kind: z.literal('begin'), no: z.int() }),
  /** The core said that it is saved. */
  z.object({ kind: z.literal('saved'), no: z.int() }),
  /** The core refused it, with this code: nothing of it may be there. */
  z.object({ kind: z.literal('refused'), no: z.int(), code: z.string() }),
]);
export type FromWriter = z.infer<typeof fromWriterSchema>;
