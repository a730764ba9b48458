import { z } from 'zod';
import { directorySchemas } from '../../domain/directory.ts';
import { roleSchema } from '../../domain/vocabulary.ts';
import { named } from '../db/named.ts';
import type { Database } from '../db/pool.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { scopeVersionOf } from '../scope/scope-version.ts';
import type { Principal } from './principal.ts';

const rowSchema = z.object({
  deskId: z.string(),
  deskName: z.string(),
  settings: z.string(),
  accountId: z.string(),
  userName: z.string(),
  personId: z.string(),
  role: roleSchema,
  actOnBehalf: z.boolean(),
  mustChangePassword: z.boolean(),
  deviceId: z.string(),
  devicePrefix: z.string(),
  revoked: z.boolean(),
  refreshHash: z.string(),
  previousRefreshHash: z.string().nullable(),
  refreshRequestId: z.string().nullable(),
  accessHash: z.string(),
  accessExpiresAt: z.number(),
  previousAccessHash: z.string().nullable(),
  previousAccessExpiresAt: z.number().nullable(),
  sessionRevoked: z.boolean(),
  grants: z.array(z.object({ kind: z.enum(['site', 'team', 'everything']), targetId: z.string() })),
  teams: z.array(directorySchemas.team),
});
export type SessionRow = z.infer<typeof rowSchema>;
type Queryable = Pick<Database['pool'], 'query'>;

const SESSION = `
  select s.desk_id as "deskId", k.name as "deskName", k.settings, a.id as "accountId", a.user_name as "userName",
    a.person_id as "personId", a.role, a.act_on_behalf as "actOnBehalf", a.must_change_password as "mustChangePassword",
    d.id as "deviceId", d.prefix as "devicePrefix",
    (d.revoked_at is not null or a.revoked_at is not null) as revoked,
    s.refresh_hash as "refreshHash", s.previous_refresh_hash as "previousRefreshHash",
    s.refresh_request_id as "refreshRequestId", s.access_hash as "accessHash", s.access_expires_at as "accessExpiresAt",
    s.previous_access_hash as "previousAccessHash", s.previous_access_expires_at as "previousAccessExpiresAt",
    s.revoked_at is not null as "sessionRevoked",
    (select coalesce(json_agg(json_build_object('kind', g.kind, 'targetId', g.target_id)), '[]')
       from grants g where g.desk_id = s.desk_id and g.account_id = s.account_id) as grants,
    (select coalesce(json_agg(t.doc::json order by t.id), '[]') from memberships m
       join teams t on t.desk_id = m.desk_id and t.id = m.team_id
       where m.desk_id = s.desk_id and m.person_id = a.person_id and m.active and t.active) as teams
  from sessions s
  join accounts a on a.desk_id = s.desk_id and a.id = s.account_id
  join devices d on d.desk_id = s.desk_id and d.id = s.device_id
  join desks k on k.id = s.desk_id
  where s.id = $1`;

/** A session with everything that its rights come from; `lock` holds the row until the transaction ends. */
export async function loadSession(db: Queryable, sessionId: string, lock = false): Promise<SessionRow | null> {
  const { rows } = await db.query(named(lock ? `${SESSION} for update of s` : SESSION, [sessionId]));
  return rows[0] === undefined ? null : rowSchema.parse(rows[0]);
}

/** Roles that see the whole desk with no grant. */
const seesEverything: Record<SessionRow['role'], boolean> = {
  technician: false,
  supervisor: false,
  administrator: true,
  auditor: true,
  service: true,
};

/** What a principal is made of. */
export type PrincipalRow = Pick<
  SessionRow,
  | 'deskId'
  | 'settings'
  | 'accountId'
  | 'personId'
  | 'role'
  | 'actOnBehalf'
  | 'deviceId'
  | 'revoked'
  | 'grants'
  | 'teams'
>;

export function principalOf(sessionId: string, row: PrincipalRow): Principal {
  const targets = (kind: 'site' | 'team') =>
    row.grants.filter((grant) => grant.kind === kind).map((grant) => grant.targetId);
  const teams = row.teams.map(({ id, name, tier }) => ({ id, name, tier }));
  const grant = {
    personId: row.personId,
    everything: seesEverything[row.role] || row.grants.some((entry) => entry.kind === 'everything'),
    siteIds: targets('site').sort(),
    teamIds: [...new Set([...targets('team'), ...teams.map((team) => team.id)])].sort(),
  };
  return {
    deskId: row.deskId,
    accountId: row.accountId,
    sessionId,
    deviceId: row.deviceId,
    personId: row.personId,
    role: row.role,
    actOnBehalf: row.actOnBehalf,
    grant,
    teams,
    revoked: row.revoked,
    scopeVersion: scopeVersionOf({ role: row.role, grant, teams, settings: parseDeskSettings(row.settings) }),
  };
}
