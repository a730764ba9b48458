import type { SessionInfo, Tokens } from '../protocol/sync/auth.ts';
import { CHAIN_START } from '../protocol/sync/command.ts';
import { faultOf } from '../shared/fault.ts';
import type { Result } from '../shared/result.ts';
import { ok } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import { createDeviceTime, type DeviceTime } from './device-time.ts';
import { createFileDesk, type FileDesk } from './files/file-desk.ts';
import type { NewsHub } from './news-hub.ts';
import { addNotice } from './notices.ts';
import type { Farewell, ProfileFiles } from './ports/profiles.ts';
import type { StorageFailure } from './ports/storage-failure.ts';
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts';
import { readSetting, writeSetting } from './settings.ts';
import { createSyncEngine, type SyncEngine } from './sync/engine.ts';
import { newIncarnation } from './sync/new-incarnation.ts';
import { createOverlayKeeper, type OverlayKeeper } from './sync/overlay-keeper.ts';
import { createHandIn } from './wipe.ts';

/** One account on this machine: its files, its session, its sync. */
export interface ProfileRuntime {
  readonly id: string;
  readonly user: string;
  readonly files: ProfileFiles;
  readonly keeper: SessionKeeper;
  readonly time: DeviceTime;
  readonly overlays: OverlayKeeper;
  readonly engine: SyncEngine;
  readonly attachments: FileDesk;
  /** Takes the tokens of a sign-in; the device and its chain are made here the first time. */
  signedIn(tokens: Tokens): Promise<Result<null, StorageFailure>>;
  /** Whether the next start opens this profile's desk. */
  noteActive(active: boolean): Result<null, StorageFailure>;
  setActive(active: boolean): void;
  wasActive(): boolean;
  lastUsedAt(): number;
  /** Something can be sent: acts, or files of acts. */
  unsent(): boolean;
  /** True while a revoked device hands in what it holds: nothing more is written. */
  handingIn(): boolean;
  /** The store does not know this device any more, and said so at a sign-in. `handIn`: a token that hands in what is left. */
  revoked(handIn?: string): void;
  /** Reading is locked: too long without contact. Drafts and outbox stay. */
  locked(): boolean;
  stop(): Promise<void>;
}

export function createProfileRuntime(
  deps: CoreDeps,
  files: ProfileFiles,
  user: string,
  hub: NewsHub,
  onHandedIn: (farewell: Farewell) => void,
): ProfileRuntime {
  const { outbox, cache } = files;
  const time = createDeviceTime(deps, outbox);
  const keeper = createSessionKeeper(deps, outbox, time, onSession);
  const overlays = createOverlayKeeper(cache, outbox, keeper.session);
  const attachments = createFileDesk(deps, files, keeper, hub);
  const handIn = createHandIn({ deps, hub, files, user, shelf: attachments.shelf, onHandedIn });
  const engine = createSyncEngine({ deps, files, keeper, time, overlays, hub, attachments, onDrained, handIn });

  let judgedFor = keeper.session()?.scopeVersion ?? null;
  /** What is pending was judged by the rights of the session: whatever brought other ones (a refresh too), it is judged again. */
  function onSession(): void {
    hub.emit('session');
    const rights = keeper.session()?.scopeVersion ?? null;
    if (rights === null || rights === judgedFor) return;
    judgedFor = rights;
    overlays.rebuildAll();
    hub.emit('queue');
  }

  function onDrained(): void {
    endWhenDrained().catch((error: unknown) => deps.log.write('error', 'drainThrew', { error: faultOf(error) }));
  }

  const unsent = () => outbox.toSend(1).length > 0 || outbox.uploadsDue(1).length > 0;

  /** Nobody is signed in, and no wipe is under way: that one needs the tokens until the store was told that the files are gone. */
  const mayEnd = (): boolean => readSetting(outbox, 'profile')?.active === false && !handIn.begun();

  /** A profile that was signed out with work pending kept its tokens for that work only. */
  async function endWhenDrained(): Promise<void> {
    if (!mayEnd()) return;
    const token = await keeper.accessToken();
    if (!mayEnd()) return;
    keeper.forget();
    if (token.ok) await deps.store.signOut(token.value);
  }

  function noteActive(active: boolean): Result<null, StorageFailure> {
    const lastUsedAt = active ? deps.clock.now() : (readSetting(outbox, 'profile')?.lastUsedAt ?? deps.clock.now());
    return writeSetting(outbox, 'profile', { active, lastUsedAt });
  }

  /** The device id comes with the first sign-in; another one later (the store forgot the old) means another chain. */
  function setDevice(session: SessionInfo): Result<null, StorageFailure> {
    const identity = outbox.identity();
    const { deviceId, devicePrefix } = session;
    if (identity === null) {
      const incarnation = deps.random.id();
      return outbox.setIdentity({
        deviceId,
        devicePrefix,
        incarnation,
        lastN: 0,
        lastHash: CHAIN_START,
        provisionalCounter: 0,
      });
    }
    if (identity.deviceId === deviceId) {
      return identity.devicePrefix === devicePrefix ? ok(null) : outbox.setIdentity({ ...identity, devicePrefix });
    }
    const trouble = (code: 'diskFull' | 'readOnly' | 'ioError' | 'cacheRebuilt' | null) => engine.trouble(code);
    const done = newIncarnation({ outbox, deps, hub, trouble }, { deviceId, devicePrefix });
    return done ? ok(null) : { ok: false, error: { code: 'ioError' } };
  }

  // A damaged outbox may have lost the last places of its chain, and none may be taken twice: it is left for a fresh one.
  const salvaged = readSetting(outbox, 'salvaged');
  if (salvaged !== null) {
    const trouble = (code: 'diskFull' | 'readOnly' | 'ioError' | 'cacheRebuilt' | null) => engine.trouble(code);
    if (newIncarnation({ outbox, deps, hub, trouble })) {
      const told = addNotice({ outbox, deps, hub }, { id: 'salvaged', kind: 'outboxSalvaged', params: salvaged });
      if (told.ok) writeSetting(outbox, 'salvaged', null);
    }
  }
  if (files.cacheRebuilt) addNotice({ outbox, deps, hub }, { kind: 'cacheRebuilt', params: {} });

  // A salvaged outbox may have lost who writes it; the session still says so.
  const left = keeper.session();
  if (left !== null && outbox.identity() === null) setDevice(left);

  return {
    id: files.id,
    user,
    files,
    keeper,
    time,
    overlays,
    engine,
    attachments,
    async signedIn(tokens) {
      const done = setDevice(tokens.session);
      if (!done.ok) return done;
      await keeper.adopt(tokens);
      overlays.rebuildAll();
      engine.sessionChanged('signIn');
      return ok(null);
    },
    noteActive,
    setActive(active) {
      noteActive(active);
      engine.setActive(active);
    },
    wasActive: () => readSetting(outbox, 'profile')?.active === true,
    lastUsedAt: () => readSetting(outbox, 'profile')?.lastUsedAt ?? 0,
    unsent,
    handingIn: handIn.begun,
    revoked(token) {
      // With a session its engine hears of it, and hands in. Without any token nothing goes out: what was not sent stays.
      if (keeper.alive()) return;
      cache.wipe();
      if (token !== undefined) keeper.adoptHandIn(token);
      if (unsent() && token !== undefined) engine.sessionChanged('signIn');
      if (unsent()) return;
      writeSetting(outbox, 'wipe', { since: deps.clock.now(), unsent: 0 });
      handIn.handedIn();
    },
    locked() {
      const session = keeper.session();
      return session !== null && time.windowOver(session);
    },
    async stop() {
      attachments.stop();
      await engine.stop();
      files.close();
    },
  };
}
