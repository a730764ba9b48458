import type { z } from 'zod';
import { type DirectoryEntity, directorySchemas } from '../../domain/directory.ts';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { readAllStored } from '../stored-row.ts';
import { type QueryContext, revisionOf } from './context.ts';

/** Active rows of one kind, by name. */
function active<Row>({ statement }: QueryContext, entity: DirectoryEntity, schema: z.ZodType<Row>): Row[] {
  const rows = statement<{ doc: string }>(
    'select doc from directory where entity = ? and active = 1 order by name_key, ref',
  ).all(entity);
  return readAllStored(schema, rows);
}

/** The desk's places, teams, services and agents. People who only report are searched, never listed. */
export function directoryGet(context: QueryContext): ConsoleResult<'directory.get'> {
  const agents = context
    .statement<{ doc: string }>(
      `select doc from directory where entity = 'person' and active = 1 and doc ->> '$.agent' = 1 order by name_key, ref`,
    )
    .all();
  return {
    sites: active(context, 'site', directorySchemas.site),
    orgUnits: active(context, 'orgUnit', directorySchemas.orgUnit),
    teams: active(context, 'team', directorySchemas.team),
    memberships: active(context, 'membership', directorySchemas.membership),
    services: active(context, 'service', directorySchemas.service),
    agents: readAllStored(directorySchemas.person, agents),
    revision: revisionOf(context),
  };
}
