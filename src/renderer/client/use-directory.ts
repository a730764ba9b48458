import { useMemo } from 'react';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { useQuery } from './use-query.ts';

type DirectoryData = ConsoleResult<'directory.get'>;
const empty: DirectoryData = {
  sites: [],
  orgUnits: [],
  teams: [],
  memberships: [],
  services: [],
  agents: [],
  revision: 0,
};

/** The desk's sites, units, teams, services and agents, with names by id. */
export function useDirectory() {
  const { data } = useQuery('directory.get', {}, ['directory', 'session']);
  return useMemo(() => {
    const directory = data ?? empty;
    const nameById = new Map<string, string>();
    for (const list of [directory.sites, directory.orgUnits, directory.teams, directory.agents]) {
      for (const row of list) nameById.set(row.id, row.name);
    }
    for (const service of directory.services) nameById.set(service.id, service.nameEs);
    const membersOf = (teamId: string) => {
      const ids = new Set(
        directory.memberships.filter((row) => row.active && row.teamId === teamId).map((row) => row.personId),
      );
      return directory.agents.filter((person) => person.active && ids.has(person.id));
    };
    return { ...directory, nameOf: (id: string): string | null => nameById.get(id) ?? null, membersOf };
  }, [data]);
}
