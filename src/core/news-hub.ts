import type { News } from '../protocol/console/client.ts';
import { faultOf } from '../shared/fault.ts';
import type { LogPort } from './ports/log.ts';

export interface NewsHub {
  /** Says that a part of the screen may have changed, never what: whoever listens asks again. */
  emit(view: News['view'], detail?: { readonly count?: number; readonly ticketId?: string | null }): void;
  listen(listener: (news: News) => void): () => void;
}

/** `revision` grows with every piece of news of this process. A listener that throws does not silence the others. */
export function createNewsHub(log: LogPort): NewsHub {
  const listeners = new Set<(news: News) => void>();
  let revision = 0;
  return {
    emit(view, detail = {}) {
      revision += 1;
      const news: News = { view, revision, count: detail.count ?? 0, ticketId: detail.ticketId ?? null };
      for (const listener of listeners) {
        try {
          listener(news);
        } catch (error) {
          log.write('error', 'newsListenerFailed', { error: faultOf(error) });
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
