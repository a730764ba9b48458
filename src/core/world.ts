import type { ConsoleError } from '../protocol/console/client.ts';
import type { SessionInfo } from '../protocol/sync/auth.ts';
import { ok, type Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import { failed } from './failures.ts';
import type { NewsHub } from './news-hub.ts';
import type { ProfileBook } from './profile-book.ts';
import type { ProfileRuntime } from './profile-runtime.ts';

/** What every feature gets. */
export interface World {
  readonly deps: CoreDeps;
  readonly book: ProfileBook;
  readonly hub: NewsHub;
}

export interface Desk {
  readonly runtime: ProfileRuntime;
  readonly session: SessionInfo;
}

/** The signed-in profile. Works with no network and with a session that the store has ended: work is never stranded. */
export function requireDesk({ book }: World): Result<Desk, ConsoleError> {
  const runtime = book.active();
  const session = runtime?.keeper.session() ?? null;
  return runtime === null || session === null ? failed('notSignedIn') : ok({ runtime, session });
}

/** The signed-in profile, with reading not locked. */
export function requireOpenDesk(world: World): Result<Desk, ConsoleError> {
  const desk = requireDesk(world);
  return desk.ok && desk.value.runtime.locked() ? failed('offlineWindowOver') : desk;
}
