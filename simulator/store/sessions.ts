import type { StoreFailure } from '../../src/core/ports/store-client.ts';
import { deskSettingsSchema } from '../../src/domain/desk-settings.ts';
import type { SessionInfo, Tokens } from '../../src/protocol/sync/auth.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import type { Principal } from '../../src/store/auth/principal.ts';
import { ACCESS_TOKEN_MS } from '../../src/store/auth/session-tokens.ts';
import type { MemoryDesk } from '../desk/memory-desk.ts';
import type { Chance } from '../time/chance.ts';
import { type Account, accounts } from '../world/organisation.ts';

export const PASSWORD = 'correcto caballo grapa';

interface Session {
  readonly user: string;
  readonly deviceId: string;
  readonly refresh: string;
  readonly previousRefresh: string | null;
  readonly requestId: string | null;
  readonly access: string;
  readonly accessUntil: number;
  readonly previousAccess: string | null;
  readonly previousAccessUntil: number;
  readonly ended: boolean;
  /** It never had a refresh token that its console knew, or the store ended it of itself: such a console has no way back to the store. */
  readonly withoutReturn: boolean;
}
/** Rows of the database that belong to sessions: part of every backup. Values are never changed in place. */
export type SessionsImage = ReadonlyMap<string, Session>;

/**
 * A small model of the store's sessions: tokens, their rotation by request id, their end. Whom a token stands for is worked out
 * by the store's own rule from the accounts, devices and memberships of the desk.
 */
export interface Sessions {
  signIn(user: string, password: string, deviceId: string | null): Result<Tokens, StoreFailure>;
  refresh(refreshToken: string, requestId: string): Result<Tokens, StoreFailure>;
  authenticate(accessToken: string): Principal | null;
  /** Whether the session of this token goes on, on a device that is not revoked; the token itself may be a spent one. */
  reads(accessToken: string): boolean;
  /** A session of this device was ended by the store, or came with a refused sign-in: its console may be left with no token. */
  mayBeTokenless(deviceId: string): boolean;
  signOut(principal: Principal): void;
  endSessions(user: string): void;
  expireAccess(user: string): void;
  image(): SessionsImage;
  load(image: SessionsImage): void;
}

export const accountOf = (user: string): Account => {
  const account = accounts.find((candidate) => candidate.user === user);
  if (account === undefined) throw new Error(`no such account: ${user}`);
  return account;
};

export function createSessions(chance: Chance, now: () => number, desk: MemoryDesk): Sessions {
  let sessions = new Map<string, Session>();
  const revoked: Result<never, StoreFailure> = err({ kind: 'sessionRevoked' });
  const idOf = (token: string): string => token.slice(0, token.indexOf('.'));
  const end = (id: string, session: Session, withoutReturn: boolean) =>
    void sessions.set(id, { ...session, ended: true, withoutReturn: withoutReturn || session.withoutReturn });
  const principalFor = ({ user, deviceId }: Session): Principal => desk.principal(accountOf(user).accountId, deviceId);

  function tokensOf(session: Session): Tokens {
    const principal = principalFor(session);
    const account = accountOf(session.user);
    const { settings } = desk.state().desk;
    const info: SessionInfo = {
      deskId: desk.deskId,
      deskName: 'Mesa',
      accountId: account.accountId,
      user: session.user,
      personId: account.personId,
      personName: session.user,
      role: account.role,
      deviceId: session.deviceId,
      devicePrefix: desk.state().devices.get(session.deviceId)?.prefix ?? '',
      teams: [...principal.teams],
      siteId: null,
      siteName: null,
      grant: principal.grant,
      scopeVersion: principal.scopeVersion,
      settings: deskSettingsSchema.parse(settings),
      offlineDays: settings.offlineDays,
      mustChangePassword: false,
    };
    return {
      accessToken: session.access,
      accessExpiresAt: session.accessUntil,
      refreshToken: session.refresh,
      serverTime: now(),
      session: info,
    };
  }

  /** As the store's `registerDevice`: a console keeps its id, and a store that was restored from before its time takes it back. */
  function registerDevice(user: string, asked: string | null): string | null {
    const { accountId } = accountOf(user);
    const { devices } = desk.state();
    const known = asked === null ? undefined : devices.get(asked);
    if (known?.accountId === accountId) return known.revokedAt === null ? known.id : null;
    const id = asked === null || known !== undefined ? chance.id() : asked;
    const prefix = `K${(devices.size + 1).toString(32).toUpperCase()}`;
    desk.putDevice({ id, accountId, prefix, revokedAt: null, wipedAt: null });
    return id;
  }

  return {
    signIn(user, password, asked) {
      if (password !== PASSWORD) return err({ kind: 'badCredentials' });
      const registered = registerDevice(user, asked);
      const deviceId = registered ?? asked;
      if (deviceId === null) return err({ kind: 'deviceRevoked' });
      const id = chance.id();
      const session: Session = {
        user,
        deviceId,
        refresh: `${id}.${chance.id()}`,
        previousRefresh: null,
        requestId: null,
        access: `${id}.${chance.id()}`,
        accessUntil: now() + ACCESS_TOKEN_MS,
        previousAccess: null,
        previousAccessUntil: 0,
        ended: false,
        withoutReturn: registered === null,
      };
      sessions.set(id, session);
      // Revoked: the session opens what hands in, and no more.
      return registered === null ? err({ kind: 'deviceRevoked', handIn: session.access }) : ok(tokensOf(session));
    },

    /** As `refresh` of the store: the same request gets the same successor, any other use of a spent token ends the session. */
    refresh(token, requestId) {
      const id = idOf(token);
      const session = sessions.get(id);
      if (session === undefined || session.ended || !desk.state().devices.has(session.deviceId)) return revoked;
      const current = token === session.refresh;
      if (!current && !(token === session.previousRefresh && session.requestId === requestId)) {
        end(id, session, true);
        return revoked;
      }
      const accessUntil = now() + ACCESS_TOKEN_MS;
      if (principalFor(session).revoked) {
        const handIn = `${id}.${chance.id()}`;
        sessions.set(id, { ...session, access: handIn, accessUntil });
        return err({ kind: 'deviceRevoked', handIn });
      }
      const next: Session = current
        ? {
            ...session,
            refresh: `${id}.${chance.id()}`,
            previousRefresh: token,
            requestId,
            access: `${id}.${chance.id()}`,
            accessUntil,
            previousAccess: session.access,
            previousAccessUntil: session.accessUntil,
          }
        : { ...session, accessUntil };
      sessions.set(id, next);
      return ok(tokensOf(next));
    },

    authenticate(token) {
      const session = sessions.get(idOf(token));
      if (session === undefined || session.ended || !desk.state().devices.has(session.deviceId)) return null;
      const current = token === session.access && session.accessUntil > now();
      const previous = token === session.previousAccess && session.previousAccessUntil > now();
      return current || previous ? { ...principalFor(session), sessionId: idOf(token) } : null;
    },
    reads(token) {
      const session = sessions.get(idOf(token));
      const device = session === undefined ? undefined : desk.state().devices.get(session.deviceId);
      return session !== undefined && !session.ended && device !== undefined && device.revokedAt === null;
    },
    mayBeTokenless: (deviceId) =>
      [...sessions.values()].some((session) => session.deviceId === deviceId && session.withoutReturn),
    signOut({ sessionId }) {
      const session = sessions.get(sessionId);
      if (session !== undefined) end(sessionId, session, false);
    },
    endSessions(user) {
      for (const [id, session] of sessions) if (session.user === user) end(id, session, true);
    },
    expireAccess(user) {
      for (const [id, session] of sessions)
        if (session.user === user) sessions.set(id, { ...session, accessUntil: 0, previousAccessUntil: 0 });
    },
    image: () => new Map(sessions),
    load(image) {
      sessions = new Map(image);
    },
  };
}
