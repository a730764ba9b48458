import type { DirectoryLookup } from '../../domain/directory.ts';
import type { LoadedDirectory } from './desk-port.ts';

const byId = <R extends { readonly id: string }>(rows: readonly R[]): ((id: string) => R | null) => {
  const map = new Map(rows.map((row) => [row.id, row]));
  return (id) => map.get(id) ?? null;
};

/** The directory as `decide` asks for it, over rows loaded beforehand. */
export function directoryLookup(rows: LoadedDirectory): DirectoryLookup {
  const memberOf = new Set(rows.membership.filter((m) => m.active).map((m) => `${m.personId} ${m.teamId}`));
  const triage = rows.team.find((team) => team.triage && team.active) ?? null;
  return {
    site: byId(rows.site),
    orgUnit: byId(rows.orgUnit),
    person: byId(rows.person),
    team: byId(rows.team),
    service: byId(rows.service),
    asset: byId(rows.asset),
    isMember: (personId, teamId) => memberOf.has(`${personId} ${teamId}`),
    triageTeam: () => triage,
  };
}

/** Both together; a row that both have is one. */
export const withRowsOf = (a: LoadedDirectory, b: LoadedDirectory): LoadedDirectory => ({
  site: [...a.site, ...b.site],
  orgUnit: [...a.orgUnit, ...b.orgUnit],
  person: [...a.person, ...b.person],
  team: [...a.team, ...b.team],
  membership: [...a.membership, ...b.membership],
  service: [...a.service, ...b.service],
  asset: [...a.asset, ...b.asset],
});

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Adds every string in a value that is an id as a whole: what a command or a ticket names. */
export function collectIds(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length === 36 && isId(value)) into.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collectIds(item, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) collectIds(item, into);
  }
}
