import type { DirectoryRows } from '../../../domain/directory.ts';
import type { Tier } from '../../../domain/vocabulary.ts';
import { importId } from './mapping.ts';
import type { Log } from './read-log.ts';

type Rows = { readonly [E in 'site' | 'team' | 'person' | 'membership' | 'service']: readonly DirectoryRows[E][] };

/**
 * The log's own places and people: a site per organisation country, a team per group (each works on one line), a person per
 * resource, a service per product. Nobody of the log gets an account.
 */
export function directoryOf({ fileHash, cases }: Log): Rows {
  const id = (...parts: (string | number)[]) => importId(fileHash, ...parts);
  const site = new Map<string, DirectoryRows['site']>();
  const team = new Map<string, DirectoryRows['team']>();
  const person = new Map<string, DirectoryRows['person']>();
  const membership = new Map<string, DirectoryRows['membership']>();
  const service = new Map<string, DirectoryRows['service']>();
  for (const { rows } of cases) {
    for (const row of rows) {
      const country = row.org_country === '' ? '--' : row.org_country;
      if (!site.has(country)) {
        site.set(country, {
          id: id('site', country),
          version: 1,
          active: true,
          code: country.toUpperCase(),
          name: country.toUpperCase(),
          region: country,
          headquarters: false,
          citizenService: false,
        });
      }
      const groupKey = teamKey(row.group, row.line);
      if (!team.has(groupKey)) {
        team.set(groupKey, {
          id: id('team', groupKey),
          version: 1,
          active: true,
          name: row.group,
          tier: row.line,
          siteId: null,
          external: false,
          triage: row.line === 1 && ![...team.values()].some((known) => known.triage),
        });
      }
      if (!person.has(row.resource)) {
        person.set(row.resource, {
          id: id('person', row.resource),
          version: 1,
          active: true,
          name: row.resource,
          email: null,
          extension: null,
          jobTitle: row.role || null,
          orgUnitId: null,
          siteId: id('site', country),
          seniorManagement: false,
          agent: true,
        });
      }
      const member = `${groupKey}\u001f${row.resource}`;
      if (!membership.has(member)) {
        membership.set(member, {
          id: id('membership', member),
          version: 1,
          active: true,
          teamId: id('team', groupKey),
          personId: id('person', row.resource),
        });
      }
      if (!service.has(row.product)) {
        service.set(row.product, {
          id: id('service', row.product),
          version: 1,
          active: true,
          code: row.product,
          nameEs: row.product,
          nameEn: row.product,
          category: 'other',
          citizenService: false,
        });
      }
    }
  }
  return {
    site: [...site.values()],
    team: [...team.values()],
    person: [...person.values()],
    membership: [...membership.values()],
    service: [...service.values()],
  };
}

/** A group that worked on two lines would be two teams, since a team has one tier. In the published log none does. */
export const teamKey = (group: string, line: Tier): string => `${line}\u001f${group}`;
