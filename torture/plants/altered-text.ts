import { z } from 'zod';
import type { ToConsole } from '../console/wire.ts';

const EVERY = 4;
let seen = 0;
const actSchema = z.looseObject({ type: z.string(), payload: z.looseObject({}) });
const paramsSchema = z.looseObject({ acts: z.array(actSchema) });

/** What is saved is not what was typed: now and then a note gets another text, under the id that is shown. */
export function alterText({ method, params }: Extract<ToConsole, { kind: 'call' }>): unknown {
  if (method !== 'acts.submit') return params;
  seen += 1;
  if (seen % EVERY !== 0) return params;
  const { acts, ...rest } = paramsSchema.parse(params);
  const altered = acts.map((act) =>
    act.type === 'addNote' ? { ...act, payload: { ...act.payload, text: 'otra cosa' } } : act,
  );
  return { ...rest, acts: altered };
}
