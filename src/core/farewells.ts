import { PROTOCOL_VERSION } from '../protocol/versions.ts';
import { faultOf } from '../shared/fault.ts';
import { ok, type Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import type { NewsHub } from './news-hub.ts';
import type { Farewell } from './ports/profiles.ts';
import type { StorageFailure } from './ports/storage-failure.ts';
import type { StoreFailure } from './ports/store-client.ts';
import { backoffMs } from './sync/backoff.ts';
import { reactions } from './sync/failure-reactions.ts';
import { pause } from './sync/pause.ts';
import { createScope } from './sync/signal.ts';
import { nextWipe, type WipeState } from './wipe-machine.ts';

/** The second half of the wipe of a revoked device: its files, and the word to the store that they are gone. */
export interface Farewells {
  /** For the sign-in screen: the newest that is still shown. */
  shown(): Farewell | null;
  /** Somebody has signed in to this profile: the screen has done its part, and what is in that profile now is not erased. */
  hide(profileId: string): void;
  /** Erasings that an earlier process began; before any profile is opened. */
  finishErasing(): void;
  /** Deletes the profile's folder, which nothing holds open any more. */
  erase(farewell: Farewell): Result<null, StorageFailure>;
  /** Tells the store of everything that is erased and not yet told, again and again until it heard. `own`: a token at hand, of that profile. */
  confirmAll(own?: { readonly profileId: string; readonly token: string }): void;
  stop(): void;
}

const stateOf = ({ erased, confirmed, sealedRefresh }: Farewell): WipeState =>
  !erased ? 'erasing' : confirmed || sealedRefresh === null ? 'done' : 'confirming';

const isUntold = ({ erased, confirmed }: Farewell): boolean => erased && !confirmed;

export function createFarewells(deps: CoreDeps, hub: NewsHub): Farewells {
  const { profiles, store, secrets, random, clock, log } = deps;
  const life = createScope();
  const confirming = new Set<string>();

  function keep(farewell: Farewell): Result<null, StorageFailure> {
    const gone = stateOf(farewell) === 'done' && !farewell.shown;
    const kept = gone ? profiles.dropFarewell(farewell.profileId) : profiles.keepFarewell(farewell);
    if (!kept.ok) log.write('error', 'farewellNotKept', { code: kept.error.code });
    hub.emit('session');
    return kept;
  }
  const current = (profileId: string) => profiles.farewells().find((held) => held.profileId === profileId);

  function erase(farewell: Farewell): Result<null, StorageFailure> {
    const gone = profiles.erase(farewell.profileId);
    if (!gone.ok) {
      log.write('error', 'profileNotErased', { profile: farewell.profileId.slice(0, 4), code: gone.error.code });
      return gone;
    }
    return nextWipe(stateOf(farewell), 'erased') === 'confirming' ? keep({ ...farewell, erased: true }) : ok(null);
  }

  /** A token that hands in is all that a revoked device gets; with it the store is told. */
  async function tell(farewell: Farewell, token: string | null): Promise<StoreFailure | null> {
    const counts = { protocol: PROTOCOL_VERSION, handedIn: farewell.handedIn, left: farewell.left };
    if (token !== null) {
      const told = await store.wiped(token, counts);
      if (told.ok) return null;
      if (farewell.sealedRefresh === null) return told.error;
    }
    if (farewell.sealedRefresh === null) return { kind: 'unauthenticated' };
    const refreshToken = await secrets.reveal(farewell.sealedRefresh);
    if (refreshToken === null) return { kind: 'unauthenticated' };
    const fresh = await store.refresh({ refreshToken, requestId: random.id() });
    if (fresh.ok) {
      const told = await store.wiped(fresh.value.accessToken, counts);
      return told.ok ? null : told.error;
    }
    if (fresh.error.kind !== 'deviceRevoked' || fresh.error.handIn === undefined) return fresh.error;
    const told = await store.wiped(fresh.error.handIn, counts);
    return told.ok ? null : told.error;
  }

  async function confirm(profileId: string, token: string | null): Promise<void> {
    for (let attempt = 0; !life.closed; attempt += 1) {
      const farewell = current(profileId);
      // A token at hand is tried once where there is another way, and for as long as it lasts where there is none.
      const atHand = token !== null && (attempt === 0 || farewell?.sealedRefresh === null);
      if (farewell === undefined || !(atHand ? isUntold(farewell) : stateOf(farewell) === 'confirming')) return;
      const failure = await tell(farewell, atHand ? token : null);
      if (life.closed) return;
      // Read again: a sign-in may have hidden it meanwhile.
      const held = current(profileId) ?? farewell;
      if (failure === null) return void keep({ ...held, confirmed: true, sealedRefresh: null });
      if (isFinal(failure)) {
        log.write('warn', 'wipeNotConfirmed', { kind: failure.kind });
        return void keep({ ...held, sealedRefresh: null });
      }
      await pause(deps, life, backoffMs(attempt, random.fraction(), failure.kind === 'retryAfter' ? failure.ms : null));
    }
  }

  return {
    shown: () => profiles.farewells().findLast((farewell) => farewell.shown && farewell.erased) ?? null,
    hide(profileId) {
      for (const farewell of profiles.farewells()) {
        if (stateOf(farewell) === 'erasing' && farewell.profileId === profileId) profiles.dropFarewell(profileId);
        else if (farewell.shown) keep({ ...farewell, shown: false });
      }
    },
    finishErasing() {
      for (const farewell of profiles.farewells()) if (stateOf(farewell) === 'erasing') erase(farewell);
    },
    erase,
    confirmAll(own) {
      for (const farewell of profiles.farewells()) {
        const { profileId } = farewell;
        // Who is told of is whoever the token is of: each profile on this machine is a device of its own.
        const token = own?.profileId === profileId ? own.token : null;
        const tellable = token === null ? stateOf(farewell) === 'confirming' : isUntold(farewell);
        if (!tellable || confirming.has(profileId)) continue;
        confirming.add(profileId);
        confirm(profileId, token)
          .catch((error: unknown) => log.write('error', 'wipeConfirmThrew', { error: faultOf(error), at: clock.now() }))
          .finally(() => confirming.delete(profileId));
      }
    },
    stop: life.close,
  };
}

/** The store answered, and will not hear of it: its session is gone, or it does not know what a wipe is. */
function isFinal(failure: StoreFailure): boolean {
  if (failure.kind === 'rejected' || failure.kind === 'deviceRevoked' || failure.kind === 'storeTooOld') return true;
  const reaction = reactions[failure.kind];
  return failure.kind === 'unauthenticated' || (reaction.kind === 'ends' && reaction.event === 'expired');
}
