import type { DirectoryEntity } from '../../domain/directory.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { idSchema } from '../../domain/vocabulary.ts';

/** Ids by the kind of row that has their name; a ticket's is its code. */
export type Mentioned = {
  readonly [E in
    | Extract<DirectoryEntity, 'person' | 'team' | 'site' | 'orgUnit' | 'service' | 'asset'>
    | 'ticket']: ReadonlySet<string>;
};

const kindsByKey: Record<string, keyof Mentioned> = {
  personId: 'person',
  assigneeId: 'person',
  fromAssigneeId: 'person',
  fromPersonId: 'person',
  toPersonId: 'person',
  registeredBy: 'person',
  actorId: 'person',
  submitterId: 'person',
  by: 'person',
  theirsBy: 'person',
  teamId: 'team',
  fromTeamId: 'team',
  toTeamId: 'team',
  siteId: 'site',
  orgUnitId: 'orgUnit',
  serviceId: 'service',
  assetId: 'asset',
  mergedInto: 'ticket',
  splitFrom: 'ticket',
  intoTicketId: 'ticket',
  fromTicketId: 'ticket',
  problemId: 'ticket',
};

/**
 * Everything of the directory, and every other ticket, that a ticket and its timeline mention, found by the names of the fields, in changes
 * (`{field: 'siteId', from, to}`) and conflicts (`{field, theirs, mine}`) too: a new event needs no change here.
 */
export function namesMentioned(ticket: Ticket, entries: readonly TimelineEntry[]): Mentioned {
  const found = {
    person: new Set<string>(),
    team: new Set<string>(),
    site: new Set<string>(),
    orgUnit: new Set<string>(),
    service: new Set<string>(),
    asset: new Set<string>(),
    ticket: new Set<string>(),
  };
  const take = (key: string, value: unknown) => {
    const kind = Object.hasOwn(kindsByKey, key) ? kindsByKey[key] : undefined;
    if (kind !== undefined && typeof value === 'string' && idSchema.safeParse(value).success) found[kind].add(value);
  };
  const walk = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    const object: { readonly [key: string]: unknown } = { ...value };
    const field = object['field'];
    for (const [key, inner] of Object.entries(object)) {
      take(key, inner);
      if (typeof field === 'string' && ['from', 'to', 'theirs', 'mine'].includes(key)) take(field, inner);
      walk(inner);
    }
    // A reason of the priority names its site or service by `by` and `id`.
    if (object['kind'] === 'citizenService' && typeof object['by'] === 'string')
      take(`${object['by']}Id`, object['id']);
  };
  walk(ticket);
  walk(entries);
  return found;
}
