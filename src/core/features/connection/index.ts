import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import type { World } from '../../world.ts';

export function connectionFeature({ deps, book }: World): Handlers<'connection.get' | 'connection.retryNow'> {
  const startedAt = deps.clock.now();
  return {
    'connection.get'() {
      const active = book.active();
      if (active !== null) return ok(active.engine.connection());
      return ok({
        state: 'signedOut',
        since: startedAt,
        lastContactAt: null,
        nextAttemptAt: null,
        pendingActs: 0,
        refusedActs: 0,
        fill: null,
        clockSkewMs: null,
        trouble: null,
      });
    },
    'connection.retryNow'() {
      for (const runtime of book.all()) runtime.engine.retryNow();
      return ok({});
    },
  };
}
