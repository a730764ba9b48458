import { and, eq, isNull, ne } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PoolClient } from 'pg';
import type { Tokens } from '../../protocol/sync/auth.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Database } from '../db/pool.ts';
import { accounts, sessions } from '../db/schema/accounts.ts';
import { inTransaction } from '../db/transaction.ts';
import { loadSession, principalOf, type SessionRow } from './load-principal.ts';
import type { Passwords } from './passwords.ts';
import type { Principal } from './principal.ts';
import { registerDevice } from './register-device.ts';
import { sessionInfoOf } from './session-info.ts';
import {
  ACCESS_TOKEN_MS,
  accessTokenOf,
  hashToken,
  matchesHash,
  newRefreshToken,
  readToken,
  successorOf,
} from './session-tokens.ts';

export interface SessionDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly now: () => number;
  readonly newId: () => string;
}
/** With a token that hands in what the device still holds, and opens nothing else. */
interface Revoked {
  readonly code: 'deviceRevoked';
  readonly accessToken: string;
  readonly accessExpiresAt: number;
}
export type RefreshFailure = { readonly code: 'sessionRevoked' } | Revoked;
export type SignInFailure = { readonly code: 'badCredentials' | 'busy' } | Revoked;
export type PasswordFailure = { readonly code: 'badCredentials' | 'passwordTooWeak' | 'busy' };

/** The principal of an access token; null: unknown, over, or of a session that was ended. */
export async function authenticate(deps: SessionDeps, accessToken: string): Promise<Principal | null> {
  const parts = readToken(accessToken);
  if (parts === null) return null;
  const row = await loadSession(deps.db.pool, parts.sessionId);
  if (row === null || row.sessionRevoked) return null;
  const now = deps.now();
  const current = matchesHash(accessToken, row.accessHash) && row.accessExpiresAt > now;
  const previous = matchesHash(accessToken, row.previousAccessHash) && (row.previousAccessExpiresAt ?? 0) > now;
  return current || previous ? principalOf(parts.sessionId, row) : null;
}

async function tokensFor(
  deps: SessionDeps,
  client: PoolClient,
  id: string,
  refreshToken: string,
  expiresAt: number,
): Promise<Tokens> {
  const row = await loadSession(client, id);
  if (row === null) throw new Error('a session that was just written is not there');
  return {
    accessToken: accessTokenOf(id, refreshToken),
    accessExpiresAt: expiresAt,
    refreshToken,
    serverTime: deps.now(),
    session: await sessionInfoOf(client, id, row),
  };
}

export async function signIn(
  deps: SessionDeps,
  input: { user: string; password: string; device: { id: string | null; name: string } },
): Promise<Result<Tokens, SignInFailure>> {
  const userName = input.user.normalize('NFC').trim().toLowerCase();
  // PostgreSQL takes neither U+0000 nor half a surrogate pair; no account has such a name.
  const askable = userName.isWellFormed() && !userName.includes('\u0000');
  const [account] = askable ? await deps.db.orm.select().from(accounts).where(eq(accounts.userName, userName)) : [];
  const outcome =
    account === undefined
      ? await deps.passwords.pretend(input.password)
      : await deps.passwords.verify(input.password, account.passwordHash);
  if (outcome === 'busy') return err({ code: 'busy' });
  if (account === undefined || outcome === 'mismatch' || account.revokedAt !== null)
    return err({ code: 'badCredentials' });
  const { deskId } = account;
  return inTransaction(deps.db, async (client) => {
    const now = deps.now();
    const device = { deskId, accountId: account.id, ...input.device, now, newId: deps.newId };
    const registered = await registerDevice(client, device);
    // A revoked device gets a session too, for its session may have ended with the revocation: it opens what hands in, and no more.
    const deviceId = registered ?? input.device.id;
    if (deviceId === null) throw new Error('a device that no sign-in named is not revoked');
    const id = deps.newId();
    const refreshToken = newRefreshToken(id);
    const accessExpiresAt = now + ACCESS_TOKEN_MS;
    await drizzle(client)
      .insert(sessions)
      .values({
        deskId,
        id,
        accountId: account.id,
        deviceId,
        refreshHash: hashToken(refreshToken),
        accessHash: hashToken(accessTokenOf(id, refreshToken)),
        accessExpiresAt,
        createdAt: now,
        lastUsedAt: now,
      });
    if (registered === null)
      return err({ code: 'deviceRevoked', accessToken: accessTokenOf(id, refreshToken), accessExpiresAt });
    return ok(await tokensFor(deps, client, id, refreshToken, accessExpiresAt));
  });
}

const endSession = (client: PoolClient, id: string, now: number) =>
  drizzle(client).update(sessions).set({ revokedAt: now }).where(eq(sessions.id, id));

async function drainToken(client: PoolClient, id: string, refreshToken: string, now: number): Promise<RefreshFailure> {
  const accessToken = accessTokenOf(id, refreshToken);
  const accessExpiresAt = now + ACCESS_TOKEN_MS;
  await drizzle(client)
    .update(sessions)
    .set({ accessHash: hashToken(accessToken), accessExpiresAt })
    .where(eq(sessions.id, id));
  return { code: 'deviceRevoked', accessToken, accessExpiresAt };
}

/**
 * A refresh token is good once. The same request gets the same successor again until that successor is used (an answer
 * may be lost); any other use of a spent token ends the session, and the device signs in again with its work untouched.
 */
export async function refresh(
  deps: SessionDeps,
  input: { refreshToken: string; requestId: string },
): Promise<Result<Tokens, RefreshFailure>> {
  const parts = readToken(input.refreshToken);
  if (parts === null) return err({ code: 'sessionRevoked' });
  const { sessionId: id, token } = parts;
  return inTransaction(deps.db, async (client) => {
    const row: SessionRow | null = await loadSession(client, id, true);
    if (row === null || row.sessionRevoked) return err({ code: 'sessionRevoked' });
    const now = deps.now();
    const isCurrent = matchesHash(token, row.refreshHash);
    const isRepeat = matchesHash(token, row.previousRefreshHash) && row.refreshRequestId === input.requestId;
    if (!isCurrent && !isRepeat) {
      await endSession(client, id, now);
      return err({ code: 'sessionRevoked' });
    }
    const successor = successorOf(id, token, input.requestId);
    if (row.revoked) return err(await drainToken(client, id, isCurrent ? token : successor, now));
    const accessExpiresAt = now + ACCESS_TOKEN_MS;
    const fresh = { accessHash: hashToken(accessTokenOf(id, successor)), accessExpiresAt, lastUsedAt: now };
    const rotated = {
      refreshHash: hashToken(successor),
      previousRefreshHash: row.refreshHash,
      refreshRequestId: input.requestId,
      previousAccessHash: row.accessHash,
      previousAccessExpiresAt: row.accessExpiresAt,
    };
    await drizzle(client)
      .update(sessions)
      .set(isCurrent ? { ...fresh, ...rotated } : fresh)
      .where(eq(sessions.id, id));
    return ok(await tokensFor(deps, client, id, successor, accessExpiresAt));
  });
}

export async function signOut(deps: SessionDeps, principal: Principal): Promise<void> {
  await inTransaction(deps.db, (client) => endSession(client, principal.sessionId, deps.now()));
}

/** Replaces the person's own password and ends every other session of the account. */
export async function changePassword(
  deps: SessionDeps,
  principal: Principal,
  input: { current: string; next: string },
): Promise<Result<null, PasswordFailure>> {
  const { deskId, accountId } = principal;
  const mine = and(eq(accounts.deskId, deskId), eq(accounts.id, accountId));
  const [account] = await deps.db.orm.select().from(accounts).where(mine);
  if (account === undefined) return err({ code: 'badCredentials' });
  const outcome = await deps.passwords.verify(input.current, account.passwordHash);
  if (outcome !== 'match') return err({ code: outcome === 'busy' ? 'busy' : 'badCredentials' });
  if (isWeak(input.next, account.userName, input.current)) return err({ code: 'passwordTooWeak' });
  const passwordHash = await deps.passwords.hash(input.next);
  if (passwordHash === null) return err({ code: 'busy' });
  await deps.db.orm.transaction(async (tx) => {
    await tx.update(accounts).set({ passwordHash, mustChangePassword: false }).where(mine);
    await tx
      .update(sessions)
      .set({ revokedAt: deps.now() })
      .where(
        and(
          eq(sessions.deskId, deskId),
          eq(sessions.accountId, accountId),
          ne(sessions.id, principal.sessionId),
          isNull(sessions.revokedAt),
        ),
      );
  });
  return ok(null);
}

/** Too short, the old one, made of the user's name, or of fewer than five different characters. */
export function isWeak(password: string, userName: string, current: string | null): boolean {
  const folded = password.normalize('NFC').toLowerCase();
  return password.length < 10 || password === current || folded.includes(userName) || new Set(folded).size < 5;
}
