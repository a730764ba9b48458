import type { z } from 'zod';
import { parseJson } from './outbox-row.ts';

/**
 * A row as its text in the cache says; null when this version of the app cannot read it, since another one wrote it. Such a row
 * counts as not held: the fill that the next contact plans brings it anew (SY16).
 */
export function readStored<S extends z.ZodType>(schema: S, doc: string): z.output<S> | null {
  const parsed = schema.safeParse(parseJson(doc));
  return parsed.success ? parsed.data : null;
}

/** Those that can be read, in their order. */
export const readAllStored = <S extends z.ZodType>(
  schema: S,
  rows: readonly { readonly doc: string }[],
): z.output<S>[] =>
  rows.flatMap(({ doc }) => {
    const row = readStored(schema, doc);
    return row === null ? [] : [row];
  });
