import type { ConsoleError } from '../protocol/console/client.ts';
import type { SessionInfo } from '../protocol/sync/auth.ts';
import { ok, type Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import { failed } from './failures.ts';
import type { NewsHub } from './news-hub.ts';
import type { OnlineShelf } from './online-shelf.ts';
import type { ProfileBook } from './profile-book.ts';
import type { ProfileRuntime } from './profile-runtime.ts';

/** What every feature gets. */
export interface World {
  readonly deps: CoreDeps;
  readonly book: ProfileBook;
  readonly hub: NewsHub;
  readonly online: OnlineShelf;
}

export interface Desk {
  readonly runtime: ProfileRuntime;
  readonly session: SessionInfo;
}

/**
 * The signed-in profile. Works with no network and with a session that the store has ended: work is never stranded.
 *
 * @param personId whose screen asks, where the call says so: for another person nothing is done (`personChanged`).
 */
export function requireDesk({ book }: World, personId?: string): Result<Desk, ConsoleError> {
  const runtime = book.active();
  const session = runtime?.keeper.session() ?? null;
  if (runtime === null || session === null) return failed('notSignedIn');
  if (personId !== undefined && personId !== session.personId) return failed('personChanged');
  return ok({ runtime, session });
}

/** The signed-in profile, with reading not locked, on a device that the store knows: what may be acted on. */
export function requireOpenDesk(world: World, personId?: string): Result<Desk, ConsoleError> {
  const desk = requireDesk(world, personId);
  if (desk.ok && desk.value.runtime.handingIn()) return failed('deviceRevoked');
  return desk.ok && desk.value.runtime.locked() ? failed('offlineWindowOver') : desk;
}
