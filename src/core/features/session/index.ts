import type { ConsoleError } from '../../../protocol/console/client.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed, storageError, storeError } from '../../failures.ts';
import type { ProfileRuntime } from '../../profile-runtime.ts';
import { authorized } from '../../sync/link.ts';
import type { World } from '../../world.ts';
import { requireDesk } from '../../world.ts';

type Methods =
  | 'session.get'
  | 'session.openAgain'
  | 'session.signIn'
  | 'session.signOut'
  | 'session.changePassword'
  | 'session.trialAccounts'
  | 'session.farewell';

export function sessionFeature(world: World): Handlers<Methods> {
  const { deps, book, hub } = world;
  /** Sign-outs under way, by profile: they wait for the store, and must not take away what a new sign-in brought. */
  const leaving = new Map<string, Promise<unknown>>();
  const sameUser = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  const pendingOf = (runtime: ProfileRuntime) => {
    const { unanswered, owed } = runtime.files.outbox.counts();
    return unanswered + owed;
  };
  const profileOf = (runtime: ProfileRuntime) => ({
    id: runtime.id,
    user: runtime.user,
    personName: runtime.keeper.session()?.personName ?? runtime.user,
    pendingActs: pendingOf(runtime),
    signedIn: runtime === book.active() && runtime.keeper.alive(),
    lastUsedAt: runtime.lastUsedAt(),
  });

  async function leave(runtime: ProfileRuntime, erase: boolean): Promise<Result<null, ConsoleError>> {
    const { keeper } = runtime;
    const token = keeper.alive() ? await keeper.accessToken() : null;
    keeper.forget();
    if (token?.ok) await deps.store.signOut(token.value);
    if (!erase) return ok(null);
    const gone = await book.erase(runtime);
    hub.emit('session');
    return gone;
  }

  return {
    'session.get'() {
      const active = book.active();
      return ok({
        session: active?.keeper.session() ?? null,
        needsPassword: active !== null && !active.keeper.alive(),
        profiles: book.all().map(profileOf),
        unopened: [...book.unopened()],
        storeUrl: deps.store.storeUrl,
      });
    },

    'session.openAgain'() {
      const opened = book.openAgain();
      hub.emit('session');
      return opened.ok ? ok({}) : opened;
    },

    async 'session.signIn'({ user, password }) {
      // Its device is in its files: without them the store would take this for a new one.
      const closed = book.unopened().find((profile) => sameUser(profile.user, user));
      const tried = closed === undefined ? null : book.open(closed.user);
      if (tried?.ok === false) return tried;
      const before = book.all().find((runtime) => sameUser(runtime.user, user));
      const deviceId = before?.files.outbox.identity()?.deviceId ?? null;
      const answer = await deps.store.signIn({ user: user.trim(), password, deviceId, deviceName: deps.deviceName });
      if (!answer.ok) {
        if (answer.error.kind === 'deviceRevoked') before?.revoked(answer.error.handIn);
        return storeError(answer.error);
      }
      const { session } = answer.value;
      if (before !== undefined) await leaving.get(before.id)?.catch(() => {});
      const opened = book.open(before?.user ?? session.user);
      if (!opened.ok) return opened;
      const taken = await opened.value.signedIn(answer.value);
      if (!taken.ok) return storageError(taken.error);
      book.activate(opened.value);
      book.farewells.hide(opened.value.id);
      return ok({ session });
    },

    /**
     * The screen is free for the next person at once. Work that was not sent keeps its tokens and goes out in the background;
     * they are given up when it is all answered.
     */
    async 'session.signOut'({ erase }) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const { runtime } = desk.value;
      const { unanswered, owed, refused, parked } = runtime.files.outbox.counts();
      const files = runtime.files.outbox.uploadCounts().waiting;
      const unsent = unanswered + owed + files;
      const unsettled = refused + parked;
      if (erase && unsent + unsettled > 0)
        return failed('pendingWork', { count: unsent + unsettled, unsent, unsettled });
      // A sign-out that only this process knew of would be undone by the next start: on a full disk it is refused.
      const noted = runtime.noteActive(false);
      if (!noted.ok) return storageError(noted.error);
      book.activate(null);
      runtime.engine.sessionChanged('signOut');
      // A wipe under way erases the profile by itself, and needs the tokens to tell the store so.
      if (runtime.unsent() || runtime.handingIn()) return ok({});
      const left = leave(runtime, erase);
      leaving.set(runtime.id, left);
      try {
        const gone = await left;
        return gone.ok ? ok({}) : gone;
      } finally {
        leaving.delete(runtime.id);
      }
    },

    async 'session.changePassword'(params) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const { keeper } = desk.value.runtime;
      const changed = await authorized(keeper, (token) => deps.store.changePassword(token, params));
      if (!changed.ok) return changed.error.kind === 'noSession' ? failed('sessionExpired') : storeError(changed.error);
      // The new session says that no change is due any more. Without it (link lost just now) the next contact brings it.
      await keeper.renew();
      return ok({});
    },

    'session.farewell'() {
      const held = book.farewells.shown();
      if (held === null) return ok({ farewell: null });
      const { user, handedIn, left, at, confirmed } = held;
      return ok({ farewell: { user, handedIn, left, at, confirmed } });
    },

    async 'session.trialAccounts'() {
      const answer = await deps.store.trialAccounts();
      return answer.ok ? ok({ accounts: [...answer.value] }) : storeError(answer.error);
    },
  };
}
