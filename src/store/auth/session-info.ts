import { deskSettingsSchema } from '../../domain/desk-settings.ts';
import { directorySchemas } from '../../domain/directory.ts';
import type { SessionInfo } from '../../protocol/sync/auth.ts';
import type { Database } from '../db/pool.ts';
import { parseDeskSettings } from '../desk-settings.ts';
import { principalOf, type SessionRow } from './load-principal.ts';

/** What a console is told about whom it works for. */
export async function sessionInfoOf(
  db: Pick<Database['pool'], 'query'>,
  sessionId: string,
  row: SessionRow,
): Promise<SessionInfo> {
  const principal = principalOf(sessionId, row);
  const found = await db.query<{ person: string; site: string | null }>(
    `select p.doc as person, s.doc as site from people p
     left join sites s on s.desk_id = p.desk_id and s.id::text = p.doc::json->>'siteId'
     where p.desk_id = $1 and p.id = $2`,
    [row.deskId, row.personId],
  );
  const docs = found.rows[0];
  const person = docs === undefined ? null : directorySchemas.person.parse(JSON.parse(docs.person));
  const settings = parseDeskSettings(row.settings);
  const site = docs?.site ? directorySchemas.site.parse(JSON.parse(docs.site)) : null;
  return {
    deskId: row.deskId,
    deskName: row.deskName,
    accountId: row.accountId,
    user: row.userName,
    personId: row.personId,
    personName: person?.name ?? row.userName,
    role: row.role,
    deviceId: row.deviceId,
    devicePrefix: row.devicePrefix,
    teams: [...principal.teams],
    siteId: site?.id ?? null,
    siteName: site?.name ?? null,
    grant: principal.grant,
    scopeVersion: principal.scopeVersion,
    offlineDays: settings.offlineDays,
    mustChangePassword: row.mustChangePassword,
    settings: deskSettingsSchema.parse(settings),
  };
}
