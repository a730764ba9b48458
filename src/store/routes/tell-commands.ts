import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { traceOf } from '../../protocol/sync/trace.ts';
import type { PushedAnswer } from '../changes/push.ts';
import type { StoreDeps } from '../store-deps.ts';

/** As much of a stored outcome as is told: never a value, never a word of the ticket. */
const toldSchema = z.object({
  commandId: z.string(),
  verdict: z.object({ kind: z.string(), refusal: z.object({ code: z.string() }).optional() }),
});

/**
 * One line a command, by its trace, so that an act is followed from the console that saved it; `push` names the line of the request.
 * What each came to is counted as well.
 */
export function tellCommands(
  request: FastifyRequest,
  { metrics }: Pick<StoreDeps, 'metrics'>,
  { results, heldId }: PushedAnswer,
  ms: number,
): void {
  const { log } = request.server;
  const told = results.map(({ outcome, replayed }) => {
    const { commandId, verdict } = toldSchema.parse(JSON.parse(outcome));
    return { commandId, verdict: verdict.kind, code: verdict.refusal?.code ?? null, replayed };
  });
  if (heldId !== null) told.push({ commandId: heldId, verdict: 'held', code: null, replayed: false });
  metrics?.pushed(told);
  for (const { commandId, verdict, code, replayed } of told) {
    const line = { trace: traceOf(commandId), push: request.id, verdict, code: code ?? undefined, replayed };
    log.info({ ...line, ms: Math.round(ms) }, 'command');
  }
}
