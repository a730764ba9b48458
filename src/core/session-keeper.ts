import type { SessionInfo, Tokens } from '../protocol/sync/auth.ts';
import { faultOf } from '../shared/fault.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import type { DeviceTime } from './device-time.ts';
import type { OutboxPort } from './ports/outbox.ts';
import type { StoreFailure } from './ports/store-client.ts';
import { readSetting, writeSetting } from './settings.ts';

/** An access token is renewed this long before its end. */
const EARLY_MS = 30_000;
/** A token that only hands in is used so long, which the store allows by far; then another one is asked for. */
const HAND_IN_MS = 300_000;

export type TokenFailure = StoreFailure | { readonly kind: 'noSession' };

/** Session of one profile: who it is stays on the disk, the access token in memory only, the refresh token sealed. */
export interface SessionKeeper {
  /** The last known session, valid or not: offline reading and writing need no token. */
  session(): SessionInfo | null;
  /** True while a refresh token is kept and the store has not ended the session. */
  alive(): boolean;
  adopt(tokens: Tokens): Promise<void>;
  /** A token of a sign-in on a revoked device, in memory only: it hands in what is left, for as long as it lasts. */
  adoptHandIn(token: string): void;
  /** An access token that should hold, refreshed when near its end. One refresh at a time. */
  accessToken(): Promise<Result<string, TokenFailure>>;
  /** The store did not take it: the next call refreshes. */
  invalidate(token: string): void;
  /** Asks for new tokens now, since the session's rights changed. */
  renew(): Promise<Result<string, TokenFailure>>;
  /** The store ended the session: work stays, a sign-in goes on. */
  markExpired(): void;
  /** Forgets tokens, keeps who it was. */
  forget(): void;
}

export function createSessionKeeper(
  deps: Pick<CoreDeps, 'clock' | 'random' | 'secrets' | 'store' | 'log'>,
  outbox: OutboxPort,
  time: DeviceTime,
  onSession: () => void,
): SessionKeeper {
  let access: { token: string; validUntil: number } | null = null;
  /** The access token in hand is one of a sign-in that was refused: there is no session to go on with. */
  let handsInOnly = false;
  /** In memory too, so that a keychain that fails costs a sign-in at the next start and nothing now. */
  let refreshToken: string | null = null;
  /** The refresh under way and its id: a repetition must carry the same id, another token a new one. */
  let asked: { token: string; requestId: string } | null = null;
  let refreshing: Promise<Result<string, TokenFailure>> | null = null;
  /** What the file says, read and checked once: it is asked for at every act, pull and piece of news. */
  let sessionRead: { readonly session: SessionInfo | null } | null = null;
  /** Rises with every sign-in and sign-out: the answer of a refresh of before is not taken over what came after. */
  let generation = 0;

  async function keep(tokens: Tokens, requestedAt: number): Promise<void> {
    handsInOnly = false;
    access = { token: tokens.accessToken, validUntil: requestedAt + tokens.accessExpiresAt - tokens.serverTime };
    refreshToken = tokens.refreshToken;
    time.measure(tokens.serverTime, requestedAt);
    writeSetting(outbox, 'expired', false);
    writeSetting(outbox, 'session', tokens.session);
    sessionRead = null;
    onSession();
    const mine = generation;
    try {
      const sealed = await deps.secrets.protect(tokens.refreshToken);
      if (mine !== generation) return;
      // While the older token is the one on the disk, the id of the request that spent it stays beside it.
      const kept = writeSetting(outbox, 'sealedRefresh', sealed);
      if (kept.ok) writeSetting(outbox, 'refreshRequest', null);
    } catch (error) {
      deps.log.write('warn', 'tokenNotSealed', { error: faultOf(error) });
    }
  }

  async function storedRefresh(): Promise<string | null> {
    if (refreshToken !== null) return refreshToken;
    const sealed = readSetting(outbox, 'sealedRefresh');
    if (sealed === null) return null;
    try {
      refreshToken = await deps.secrets.reveal(sealed);
    } catch (error) {
      deps.log.write('warn', 'tokenNotRevealed', { error: faultOf(error) });
    }
    return refreshToken;
  }

  async function refresh(): Promise<Result<string, TokenFailure>> {
    const mine = generation;
    const current = await storedRefresh();
    if (mine !== generation) return err({ kind: 'noSession' });
    if (current === null) {
      markExpired();
      return err({ kind: 'noSession' });
    }
    if (asked?.token !== current) {
      // Nothing asked by this process: the id left on the disk belongs to the token left beside it.
      const left = asked === null ? readSetting(outbox, 'refreshRequest') : null;
      asked = { token: current, requestId: left ?? deps.random.id() };
      writeSetting(outbox, 'refreshRequest', asked.requestId);
    }
    const { requestId } = asked;
    const requestedAt = deps.clock.monotonicMs();
    const answer = await deps.store.refresh({ refreshToken: current, requestId });
    if (mine !== generation) return err({ kind: 'noSession' });
    if (answer.ok) {
      await keep(answer.value, requestedAt);
      return ok(answer.value.accessToken);
    }
    if (answer.error.kind === 'deviceRevoked' && answer.error.handIn !== undefined)
      access = { token: answer.error.handIn, validUntil: requestedAt + HAND_IN_MS };
    if (answer.error.kind === 'unauthenticated' || answer.error.kind === 'sessionRevoked') markExpired();
    return answer;
  }

  function markExpired(): void {
    access = null;
    writeSetting(outbox, 'expired', true);
    onSession();
  }

  function refreshOnce(): Promise<Result<string, TokenFailure>> {
    refreshing ??= refresh().finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  const atHand = (): string | null =>
    access !== null && deps.clock.monotonicMs() < access.validUntil - EARLY_MS ? access.token : null;
  const alive = () =>
    (handsInOnly && atHand() !== null) ||
    (readSetting(outbox, 'expired') !== true &&
      (refreshToken !== null || readSetting(outbox, 'sealedRefresh') !== null));

  return {
    session() {
      sessionRead ??= { session: readSetting(outbox, 'session') };
      return sessionRead.session;
    },
    alive,
    async adopt(tokens) {
      generation += 1;
      asked = null;
      writeSetting(outbox, 'refreshRequest', null);
      await keep(tokens, deps.clock.monotonicMs());
    },
    adoptHandIn(token) {
      generation += 1;
      access = { token, validUntil: deps.clock.monotonicMs() + HAND_IN_MS };
      handsInOnly = true;
      onSession();
    },
    async accessToken() {
      if (!alive()) return err({ kind: 'noSession' });
      const token = atHand();
      return token === null ? refreshOnce() : ok(token);
    },
    invalidate(token) {
      if (access?.token === token) access = null;
    },
    renew: refreshOnce,
    markExpired,
    forget() {
      generation += 1;
      access = null;
      asked = null;
      refreshToken = null;
      for (const key of ['sealedRefresh', 'refreshRequest', 'expired'] as const) writeSetting(outbox, key, null);
      onSession();
    },
  };
}
