import type { ClientBase } from 'pg';
import { type DirectoryEntity, type DirectoryRows, directorySchemas } from '../../domain/directory.ts';
import type { LoadedDirectory } from '../commands/desk-port.ts';
import { named } from './named.ts';

/** Table of each kind of directory row. Names from here are the only ones that reach SQL as text. */
export const directoryTables: Record<DirectoryEntity, string> = {
  site: 'sites',
  orgUnit: 'org_units',
  service: 'services',
  team: 'teams',
  person: 'people',
  membership: 'memberships',
  asset: 'assets',
};
const entities = Object.keys(directoryTables) as DirectoryEntity[];

const byIds = entities
  .filter((entity) => entity !== 'membership')
  .map(
    (entity) =>
      `select '${entity}' as e, doc from ${directoryTables[entity]} where desk_id = $1 and id = any($2::uuid[])`,
  );
const LOAD = [
  ...byIds,
  `select 'membership', doc from memberships where desk_id = $1 and person_id = any($2::uuid[])`,
  `select 'team', doc from teams where desk_id = $1 and triage and active and id <> all($2::uuid[])`,
].join(' union all ');

/** Rows with these ids, memberships of these people, and the triage team, in one round trip. */
export async function loadDirectory(
  client: ClientBase,
  deskId: string,
  ids: readonly string[],
): Promise<LoadedDirectory> {
  const { rows } = await client.query<{ e: DirectoryEntity; doc: string }>(named(LOAD, [deskId, ids]));
  const of = <E extends DirectoryEntity>(entity: E): DirectoryRows[E][] =>
    rows.filter((row) => row.e === entity).map((row) => JSON.parse(row.doc) as DirectoryRows[E]);
  return {
    site: of('site'),
    orgUnit: of('orgUnit'),
    person: of('person'),
    team: of('team'),
    membership: of('membership'),
    service: of('service'),
    asset: of('asset'),
  };
}

/** A directory row as an administrator or a seed gives it; the store counts the versions. */
export type DirectoryInput<E extends DirectoryEntity> = Omit<DirectoryRows[E], 'version'>;

const extraColumns = <E extends DirectoryEntity>(entity: E, row: DirectoryRows[E]): Record<string, unknown> => {
  if (entity === 'team') {
    const team = directorySchemas.team.parse(row);
    return { active: team.active, triage: team.triage };
  }
  if (entity === 'membership') {
    const membership = directorySchemas.membership.parse(row);
    return { active: membership.active, team_id: membership.teamId, person_id: membership.personId };
  }
  return {};
};

/** Inserts or replaces directory rows, checked by their schema; a replaced row gets the next version. */
export async function putDirectoryRows<E extends DirectoryEntity>(
  client: ClientBase,
  deskId: string,
  entity: E,
  inputs: readonly DirectoryInput<E>[],
): Promise<void> {
  const table = directoryTables[entity];
  const { rows } = await client.query<{ id: string; version: number }>(
    `select id, version from ${table} where desk_id = $1 and id = any($2::uuid[]) order by id for update`,
    [deskId, inputs.map((input) => input.id)],
  );
  const versions = new Map(rows.map((row) => [row.id, row.version]));
  for (const input of inputs) {
    const row = directorySchemas[entity].parse({
      ...input,
      version: (versions.get(input.id) ?? 0) + 1,
    }) as DirectoryRows[E];
    const extra = extraColumns(entity, row);
    const names = ['version', 'doc', ...Object.keys(extra)];
    const values = [row.version, JSON.stringify(row), ...Object.values(extra)];
    const slots = names.map((_, index) => `$${index + 3}`);
    await client.query(
      versions.has(row.id)
        ? `update ${table} set ${names.map((name, index) => `${name} = ${slots[index]}`).join(', ')} where desk_id = $1 and id = $2`
        : `insert into ${table} (desk_id, id, ${names.join(', ')}) values ($1, $2, ${slots.join(', ')})`,
      [deskId, row.id, ...values],
    );
  }
}
