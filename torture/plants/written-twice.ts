import { v7 } from 'uuid';
import { z } from 'zod';
import type { ConsoleProcess } from '../../src/console-process/spawn-console.ts';
import type { ToConsole } from '../console/wire.ts';

const EVERY = 2;
let seen = 0;
const paramsSchema = z.looseObject({ requestId: z.string() });

/** A second click that is not known again: now and then a request is written once more, under a name of its own. */
export async function writeTwice(
  started: ConsoleProcess,
  { method, params }: Extract<ToConsole, { kind: 'call' }>,
): Promise<void> {
  if (method !== 'acts.submit') return;
  seen += 1;
  if (seen % EVERY !== 0) return;
  const again = { ...paramsSchema.parse(params), requestId: v7() };
  await started.call(method, again);
}
