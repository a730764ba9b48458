import { v7 } from 'uuid';
import { toBase32 } from '../../src/domain/numbering.ts';
import type { DirectoryRowsInput } from '../../src/store/admin/desks.ts';
import { createDesk, putDirectory } from '../../src/store/admin/desks.ts';
import { accessTokenOf, hashToken, newRefreshToken } from '../../src/store/auth/session-tokens.ts';
import type { Database } from '../../src/store/db/pool.ts';
import { accounts, devices, grants, sessions } from '../../src/store/db/schema/accounts.ts';

/** One console of the desk, signed in: what its person may see follows from site and team. */
export interface Seat {
  readonly accessToken: string;
  readonly deviceId: string;
  readonly devicePrefix: string;
  readonly personId: string;
  readonly siteId: string;
  readonly serviceId: string;
}
export interface LoadDesk {
  readonly deskId: string;
  readonly seats: readonly Seat[];
  /** How many consoles may see a ticket of one site, on average. */
  readonly seeing: number;
}

/** Longer than any run: nobody has to renew. */
const TOKEN_MS = 4 * 3_600_000;
const ROWS_A_STATEMENT = 500;
/** One console in a hundred sees the whole desk. */
const SUPERVISOR_EVERY = 100;

/**
 * A desk of `consoles` people, each at a console: a site has a team of the first tier; supervisors see everything. Sessions are written as a
 * sign-in would, without the 60 ms of each password.
 */
export async function makeLoadDesk(db: Database, consoles: number, sites: number): Promise<LoadDesk> {
  const now = Date.now();
  const deskId = v7();
  const base = () => ({ id: v7(), version: 1, active: true });
  const places = Array.from({ length: sites }, (_, n) => ({
    site: { ...base(), code: `S${n}`, name: `Sede ${n}`, region: 'Lima', headquarters: n === 0, citizenService: false },
    team: { ...base(), name: `Mesa ${n}`, tier: 1 as const, siteId: null, external: false, triage: n === 0 },
  }));
  const service = {
    ...base(),
    code: 'correo',
    nameEs: 'Correo',
    nameEn: 'Mail',
    category: 'email' as const,
    citizenService: false,
  };
  const people = Array.from({ length: consoles }, (_, n) => {
    const place = places[n % sites];
    if (place === undefined) throw new Error('a desk has a site');
    const person = {
      ...base(),
      name: `Persona ${n}`,
      email: null,
      extension: null,
      jobTitle: null,
      orgUnitId: null,
      siteId: place.site.id,
      seniorManagement: false,
      agent: true,
    };
    return { person, place, supervisor: n % SUPERVISOR_EVERY === SUPERVISOR_EVERY - 1, accountId: v7() };
  });
  await createDesk(db, { id: deskId, name: 'Carga', epoch: v7(), now });
  const rows: DirectoryRowsInput = {
    site: places.map(({ site }) => site),
    service: [service],
    team: places.map(({ team }) => team),
    person: people.map(({ person }) => person),
    membership: people.map(({ person, place }) => ({ ...base(), teamId: place.team.id, personId: person.id })),
  };
  await putDirectory(db, deskId, rows);

  const made = people.map(({ person, place, supervisor, accountId }, n) => {
    const sessionId = v7();
    const refreshToken = newRefreshToken(sessionId);
    const seat: Seat = {
      accessToken: accessTokenOf(sessionId, refreshToken),
      deviceId: v7(),
      devicePrefix: toBase32(n + 1, 2),
      personId: person.id,
      siteId: place.site.id,
      serviceId: service.id,
    };
    return { seat, person, place, supervisor, accountId, sessionId, refreshHash: hashToken(refreshToken), n };
  });
  const { orm } = db;
  for (let from = 0; from < made.length; from += ROWS_A_STATEMENT) {
    const part = made.slice(from, from + ROWS_A_STATEMENT);
    await orm.insert(accounts).values(
      part.map(({ n, accountId, person, supervisor }) => ({
        deskId,
        id: accountId,
        userName: `persona${n}`,
        personId: person.id,
        role: supervisor ? ('supervisor' as const) : ('technician' as const),
        passwordHash: '',
        mustChangePassword: false,
        actOnBehalf: false,
        createdAt: now,
      })),
    );
    await orm.insert(grants).values(
      part.map(({ accountId, supervisor, place }) => ({
        deskId,
        accountId,
        kind: supervisor ? ('everything' as const) : ('site' as const),
        targetId: supervisor ? deskId : place.site.id,
      })),
    );
    await orm.insert(devices).values(
      part.map(({ n, accountId, seat }) => ({
        deskId,
        id: seat.deviceId,
        accountId,
        name: `consola ${n}`,
        prefix: seat.devicePrefix,
        createdAt: now,
        lastSeenAt: now,
      })),
    );
    await orm.insert(sessions).values(
      part.map(({ accountId, seat, sessionId, refreshHash }) => ({
        deskId,
        id: sessionId,
        accountId,
        deviceId: seat.deviceId,
        refreshHash,
        accessHash: hashToken(seat.accessToken),
        accessExpiresAt: now + TOKEN_MS,
        createdAt: now,
        lastUsedAt: now,
      })),
    );
  }
  const everywhere = people.filter(({ supervisor }) => supervisor).length;
  return { deskId, seats: made.map(({ seat }) => seat), seeing: (consoles - everywhere) / sites + everywhere };
}
