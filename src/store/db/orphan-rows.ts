import type { ClientBase, QueryConfig } from 'pg';
import { z } from 'zod';
import type { Actor } from '../../domain/permissions.ts';
import { scopeGrantSchema } from '../../domain/scope.ts';
import { idSchema, roleSchema } from '../../domain/vocabulary.ts';
import { wireCommandSchema } from '../../protocol/sync/command.ts';
import type { DeskWrites, Orphan } from '../commands/desk-port.ts';
import { named } from './named.ts';

const actorSchema: z.ZodType<Actor> = z.object({
  personId: idSchema,
  submitterId: idSchema.nullable(),
  role: roleSchema,
  grant: scopeGrantSchema,
  teamIds: z.array(idSchema),
  mayImport: z.boolean(),
  revoked: z.boolean(),
});

/** An id of a ticket has no row to lock before its register came: an advisory lock stands for it. */
export async function lockOrphans(client: ClientBase, deskId: string, ticketIds: readonly string[]): Promise<Orphan[]> {
  if (ticketIds.length === 0) return [];
  const params = [deskId, ticketIds];
  const [, { rows }] = await Promise.all([
    client.query(
      named(
        `select pg_advisory_xact_lock(hashtextextended($1 || t.id, 8102))
       from (select id from unnest($2::text[]) as u(id) order by id) t`,
        params,
      ),
    ),
    client.query<{ envelope: string; actor: string; recordedAt: number }>(
      named(
        `select c.envelope, o.actor, o.recorded_at as "recordedAt"
       from orphans o join commands c on c.desk_id = o.desk_id and c.id = o.command_id
       where o.desk_id = $1 and o.ticket_id = any($2::uuid[]) and o.carried_at is null order by o.place`,
        params,
      ),
    ),
  ]);
  return rows.map((row) => ({
    command: wireCommandSchema.parse(JSON.parse(row.envelope)),
    actor: actorSchema.parse(JSON.parse(row.actor)),
    recordedAt: row.recordedAt,
  }));
}

export function orphanStatements(
  deskId: string,
  { orphans, carried, recordedAt }: Pick<DeskWrites, 'orphans' | 'carried' | 'recordedAt'>,
): QueryConfig[] {
  const statements: QueryConfig[] = [];
  if (orphans.length > 0) {
    statements.push(
      named(
        `insert into orphans (desk_id, command_id, ticket_id, actor, recorded_at, carried_at)
         select $1, o.command_id, o.ticket_id, o.actor, o.recorded_at, o.carried_at
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[])
           with ordinality as o(command_id, ticket_id, actor, recorded_at, carried_at, at) order by o.at`,
        [
          deskId,
          orphans.map((orphan) => orphan.command.id),
          orphans.map((orphan) => orphan.command.ticketId),
          orphans.map((orphan) => JSON.stringify(orphan.actor)),
          orphans.map((orphan) => orphan.recordedAt),
          orphans.map((orphan) => orphan.carriedAt),
        ],
      ),
    );
  }
  if (carried.length > 0) {
    statements.push(
      named('update orphans set carried_at = $3 where desk_id = $1 and command_id = any($2::uuid[])', [
        deskId,
        carried,
        recordedAt,
      ]),
    );
  }
  return statements;
}
