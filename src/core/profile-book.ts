import type { ConsoleError } from '../protocol/console/client.ts';
import type { UnopenedProfile } from '../protocol/console/methods.ts';
import type { SessionInfo } from '../protocol/sync/auth.ts';
import { faultOf } from '../shared/fault.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import { failed, storageError, troubleOf } from './failures.ts';
import { createFarewells, type Farewells } from './farewells.ts';
import type { NewsHub } from './news-hub.ts';
import type { Farewell, OpenFailure, ProfileRecord } from './ports/profiles.ts';
import { createProfileRuntime, type ProfileRuntime } from './profile-runtime.ts';

/** Who uses the console now: what the reader of the cache has to know. */
export interface ActiveProfile {
  readonly profileId: string;
  readonly session: SessionInfo;
  /** The offline window is over: no reading until the next contact. */
  readonly locked: boolean;
}

/** All profiles of this machine, opened at once: the active one answers, every one with a valid token sends what it has. */
export interface ProfileBook {
  openAll(): Result<null, ConsoleError>;
  /** Those of the last `openAll` that the disk refused, and that were not opened since. */
  unopened(): readonly UnopenedProfile[];
  /** Tries those once more; the one that was used last is active again where nobody else came in meanwhile. Errors as `openAll`. */
  openAgain(): Result<null, ConsoleError>;
  open(user: string): Result<ProfileRuntime, ConsoleError>;
  all(): readonly ProfileRuntime[];
  active(): ProfileRuntime | null;
  /** Null: nobody; the sign-in screen shows. */
  activate(runtime: ProfileRuntime | null): void;
  erase(runtime: ProfileRuntime): Promise<Result<null, ConsoleError>>;
  /** What revoked devices erased here, and what of it the store is still to be told. */
  readonly farewells: Farewells;
  stop(): Promise<void>;
}

const openErrors = (failure: OpenFailure) =>
  failure.code === 'profileInUse' || failure.code === 'cacheTooNew' ? failed(failure.code) : storageError(failure);

export function createProfileBook(deps: CoreDeps, hub: NewsHub): ProfileBook {
  const runtimes = new Map<string, ProfileRuntime>();
  const farewells = createFarewells(deps, hub);
  const unopened = new Map<string, UnopenedProfile>();
  let active: ProfileRuntime | null = null;

  function open(user: string): Result<ProfileRuntime, OpenFailure> {
    const files = deps.profiles.open(user);
    if (!files.ok) return files;
    unopened.delete(files.value.id);
    const known = runtimes.get(files.value.id);
    if (known !== undefined) return ok(known);
    const runtime = createProfileRuntime(deps, files.value, user, hub, (farewell) => {
      wipe(runtime, farewell).catch((error: unknown) =>
        deps.log.write('error', 'wipeThrew', { error: faultOf(error) }),
      );
    });
    runtimes.set(runtime.id, runtime);
    runtime.engine.start();
    runtime.attachments.start();
    return ok(runtime);
  }

  /** The farewell is on the disk: whatever happens from here on, this start or the next one erases the profile. */
  async function wipe(runtime: ProfileRuntime, farewell: Farewell): Promise<void> {
    const token = runtime.keeper.alive() ? await runtime.keeper.accessToken() : null;
    await close(runtime);
    const gone = farewells.erase(farewell);
    hub.emit('session');
    if (gone.ok) farewells.confirmAll(token?.ok ? { profileId: runtime.id, token: token.value } : undefined);
  }

  async function close(runtime: ProfileRuntime): Promise<void> {
    if (active === runtime) activate(null);
    runtimes.delete(runtime.id);
    await runtime.stop();
  }

  function activate(next: ProfileRuntime | null): void {
    if (active !== null && active !== next) active.setActive(false);
    active = next;
    next?.setActive(true);
    for (const view of ['session', 'connection', 'queue', 'outbox', 'directory', 'preferences'] as const)
      hub.emit(view);
  }

  /** A profile that the disk refuses costs its own user only. */
  function openEach(records: readonly ProfileRecord[]): Result<null, ConsoleError> {
    for (const { id, user } of records) {
      const opened = open(user);
      if (opened.ok) continue;
      const failure = opened.error;
      // A second console on this data: it must not run beside the first.
      if (failure.code === 'profileInUse' || failure.code === 'cacheTooNew') return openErrors(failure);
      unopened.set(id, { user, code: troubleOf(failure) });
      deps.log.write('error', 'profileNotOpened', { profile: id.slice(0, 4), code: failure.code });
    }
    const last = [...runtimes.values()]
      .filter((runtime) => runtime.wasActive())
      .sort((a, b) => b.lastUsedAt() - a.lastUsedAt());
    if (active === null) activate(last[0] ?? null);
    return ok(null);
  }

  return {
    open(user) {
      const opened = open(user);
      return opened.ok ? opened : openErrors(opened.error);
    },
    activate,
    unopened: () => [...unopened.values()],
    openAgain: () => openEach(deps.profiles.list().filter(({ id }) => unopened.has(id))),
    all: () => [...runtimes.values()],
    active: () => active,
    farewells,
    openAll() {
      farewells.finishErasing();
      farewells.confirmAll();
      return openEach(deps.profiles.list());
    },
    async erase(runtime) {
      await close(runtime);
      const gone = deps.profiles.erase(runtime.id);
      return gone.ok ? gone : err(storageError(gone.error).error);
    },
    async stop() {
      farewells.stop();
      await Promise.all([...runtimes.values()].map((runtime) => runtime.stop()));
    },
  };
}

export function describeActive(runtime: ProfileRuntime | null): ActiveProfile | null {
  const session = runtime?.keeper.session() ?? null;
  return runtime === null || session === null ? null : { profileId: runtime.id, session, locked: runtime.locked() };
}
