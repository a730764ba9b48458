import { ok } from '../../src/shared/result.ts';
import { plantOf } from './plant.ts';

/** A push without an answer counts as one that was refused. */
export const lostAnswerIsRefusal = plantOf(() => ({
  client: (port) => ({
    ...port,
    async push(token, request, traceparent) {
      const answer = await port.push(token, request, traceparent);
      return answer.ok || answer.error.kind !== 'offline' ? answer : ok(refusedAll(request.commands));
    },
  }),
}));

/** An answer as a store would give it that takes none of these. */
export const refusedAll = (commands: readonly { readonly id: string; readonly ticketId: string }[]) => ({
  results: commands.map(({ id, ticketId }) => ({
    replayed: false,
    outcome: {
      commandId: id,
      ticketId,
      verdict: { kind: 'refused' as const, refusal: { code: 'invalid' as const, params: {} } },
      ticketVersion: null,
      number: null,
      recordedAt: 0,
    },
  })),
  held: null,
  serverTime: 0,
  head: 0,
  mark: null,
});
