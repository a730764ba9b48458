import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { storageError } from '../../failures.ts';
import { dismissNotice } from '../../notices.ts';
import { requireDesk, type World } from '../../world.ts';

type Methods = 'connection.get' | 'connection.retryNow' | 'connection.dismissNotice';

export function connectionFeature(world: World): Handlers<Methods> {
  const { deps, book, hub } = world;
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
        uploads: { waiting: 0, bytes: 0 },
        fill: null,
        clockSkewMs: null,
        trouble: null,
        notices: [],
      });
    },
    'connection.dismissNotice'({ id }) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const gone = dismissNotice({ outbox: desk.value.runtime.files.outbox, hub }, id);
      return gone.ok ? ok({}) : storageError(gone.error);
    },
    'connection.retryNow'() {
      for (const runtime of book.all()) runtime.engine.retryNow();
      return ok({});
    },
  };
}
