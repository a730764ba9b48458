import type { ConsoleTarget } from '../../src/protocol/console/answer-call.ts';
import type { ConsoleError, News } from '../../src/protocol/console/client.ts';
import type { Result } from '../../src/shared/result.ts';

export interface Call {
  method: string;
  params: unknown;
}

/** A host side whose answers the test writes; records what reached it. */
export function createFakeTarget(answer: (call: Call) => Promise<Result<unknown, ConsoleError>>) {
  const calls: Call[] = [];
  const listeners = new Set<(news: News) => void>();
  const target: ConsoleTarget = {
    call(method, params) {
      calls.push({ method, params });
      return answer({ method, params });
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    target,
    calls,
    listeners,
    tell(news: News) {
      for (const listener of [...listeners]) listener(news);
    },
  };
}
