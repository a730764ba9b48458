import { isOpen } from '../../../src/domain/vocabulary.ts';
import type { ConsoleResult } from '../../../src/protocol/console/methods.ts';
import { held } from './desk.ts';
import { agents, memberships, names, teams } from './directory.ts';

/** Load of every agent of the drawn desk. */
export function loadOfAgents(): Omit<ConsoleResult<'supervision.load'>, 'revision'> {
  const open = [...held.values()].map(({ ticket }) => ticket).filter(({ status }) => isOpen(status));
  return {
    unassigned: open.filter(({ assigneeId }) => assigneeId === null).length,
    rows: agents.map((agent) => {
      const own = open.filter(({ assigneeId }) => assigneeId === agent.id);
      const teamIds = memberships.filter((row) => row.personId === agent.id).map((row) => row.teamId);
      return {
        personId: agent.id,
        name: agent.name,
        siteName: names[agent.siteId ?? ''] ?? null,
        teams: teams.filter(({ id }) => teamIds.includes(id)).map(({ id, name, tier }) => ({ id, name, tier })),
        open: own.length,
        pending: own.filter(({ status }) => status === 'pending').length,
        high: own.filter(({ priority }) => priority.level === 'high' || priority.level === 'critical').length,
        toAccept: own.filter(({ handovers }) => handovers.at(-1)?.state === 'offered').length,
        oldestAt: own.length === 0 ? null : Math.min(...own.map(({ clocks }) => clocks.registeredAt)),
      };
    }),
  };
}
