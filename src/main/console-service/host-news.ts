import type { ConsoleTarget } from '../../protocol/console/answer-call.ts';
import type { News } from '../../protocol/console/client.ts';

/**
 * The page's view of the console, with the host's own news among the others. News told before the page has made its first
 * call would reach nobody: they wait for it, so that a link that starts the program still opens its ticket.
 */
export function createHostNews(target: ConsoleTarget) {
  const lines = new Set<(news: News) => void>();
  let held: News[] = [];

  function tell(news: News): void {
    if (lines.size === 0) held.push(news);
    for (const line of [...lines]) line(news);
  }

  /** The target of one line of the page. */
  function forPage(): ConsoleTarget {
    let listener: ((news: News) => void) | null = null;
    return {
      async call(method, params) {
        const answer = await target.call(method, params);
        if (listener !== null && !lines.has(listener)) {
          lines.add(listener);
          const missed = held;
          held = [];
          // After the answer, which the page waits for with its listeners set.
          const told = listener;
          queueMicrotask(() => {
            for (const news of missed) told(news);
          });
        }
        return answer;
      },
      onNews(given) {
        listener = given;
        const stop = target.onNews(given);
        return () => {
          lines.delete(given);
          listener = null;
          stop();
        };
      },
    };
  }
  return { tell, forPage };
}
