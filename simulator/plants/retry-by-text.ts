import { ok } from '../../src/shared/result.ts';
import { refusedAll } from './lost-answer-is-refusal.ts';
import { plantOf } from './plant.ts';

/** Whether a push is tried again is decided by the text of its error: "no answer after 20400 ms" has a 400 in it. */
export const retryByText = plantOf(({ scheduler }) => ({
  client: (port) => ({
    ...port,
    async push(token, request, traceparent) {
      const since = scheduler.now();
      const answer = await port.push(token, request, traceparent);
      if (answer.ok || answer.error.kind !== 'offline') return answer;
      const text = `no answer after ${scheduler.now() - since + 400} ms`;
      return /400/.test(text) ? ok(refusedAll(request.commands)) : answer;
    },
  }),
}));
