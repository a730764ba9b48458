import type { DirectoryLookup, DirectoryRows } from '../../domain/directory.ts';

type Rows = { readonly [E in keyof DirectoryRows]?: readonly DirectoryRows[E][] };

const byId = <T extends { id: string }>(list: readonly T[] = []) => {
  const map = new Map(list.map((row) => [row.id, row]));
  return (id: string): T | null => map.get(id) ?? null;
};

/** Rows that a plan is about to write, as the domain asks for them. */
export function planDirectory(rows: Rows): DirectoryLookup {
  const members = new Set(rows.membership?.map((row) => `${row.personId} ${row.teamId}`));
  return {
    site: byId(rows.site),
    orgUnit: byId(rows.orgUnit),
    person: byId(rows.person),
    team: byId(rows.team),
    service: byId(rows.service),
    asset: byId(rows.asset),
    isMember: (personId, teamId) => members.has(`${personId} ${teamId}`),
    triageTeam: () => rows.team?.find((team) => team.triage) ?? null,
  };
}
