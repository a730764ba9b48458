import { directorySchemas, type Person } from '../../domain/directory.ts';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { readAllStored } from '../stored-row.ts';
import { directoryRow, namesOf, type QueryContext, refOf } from './context.ts';
import { queueRows } from './queue-rows.ts';
import { matchQuery } from './search-terms.ts';

const OPEN_TICKETS = 50;

/** People by name, extension, e-mail or post, or by the tag, host name or address of their device. By name. */
export function peopleSearch(
  context: QueryContext,
  { text, limit }: { text: string; limit: number },
): ConsoleResult<'people.search'> {
  const match = matchQuery(text, true);
  if (match === null) return { people: [] };
  const rows = context
    .statement<{ doc: string }>(
      `with found (ref) as (select rowid from directory_search where directory_search match ?)
        select d.doc from directory d where d.entity = 'person' and d.active = 1 and d.ref in (
          select ref from found union select a.person from assets a join found f on f.ref = a.ref)
        order by d.name_key, d.ref limit ?`,
    )
    .all(match, limit);
  return { people: readAllStored(directorySchemas.person, rows).map((person) => withPlaces(context, person)) };
}

function withPlaces(context: QueryContext, person: Person) {
  const ids = [person.orgUnitId, person.siteId].filter((id) => id !== null);
  const names = namesOf(context, ids);
  const nameOf = (id: string | null) => (id === null ? null : (names[id] ?? null));
  return { ...person, orgUnitName: nameOf(person.orgUnitId), siteName: nameOf(person.siteId) };
}

/** Who calls: the person, their open tickets, the latest first, and their devices. Null: not in the directory. */
export function peopleCaller(context: QueryContext, personId: string): ConsoleResult<'people.caller'> {
  const person = directoryRow(context, directorySchemas.person, personId);
  if (person === null) return null;
  const ref = refOf(context, personId);
  const open = context
    .statement<{ ref: number }>(
      `select ref from tickets where requester = ? and open = 1 order by updated_at desc, ref desc limit ${OPEN_TICKETS}`,
    )
    .all(ref);
  const devices = context
    .statement<{ doc: string }>(
      `select d.doc from assets a join directory d on d.ref = a.ref where a.person = ? and d.active = 1 order by a.tag_key`,
    )
    .all(ref);
  return {
    person,
    openTickets: queueRows(
      context,
      open.map((row) => row.ref),
    ),
    devices: readAllStored(directorySchemas.asset, devices),
  };
}

/** Devices by tag, host name, address or model. */
export function assetsSearch(
  context: QueryContext,
  { text, limit }: { text: string; limit: number },
): ConsoleResult<'assets.search'> {
  const match = matchQuery(text, true);
  if (match === null) return { assets: [] };
  const rows = context
    .statement<{ doc: string }>(
      `select d.doc from directory d where d.entity = 'asset' and d.active = 1
        and d.ref in (select rowid from directory_search where directory_search match ?) order by d.name_key, d.ref limit ?`,
    )
    .all(match, limit);
  return { assets: readAllStored(directorySchemas.asset, rows) };
}
