import type { QueueQuery, QueueView } from '../../protocol/console/rows.ts';
import { kindRank, statusRank } from '../ticket-columns.ts';
import { type QueryContext, refOf } from './context.ts';

/** A condition over `tickets t` and the values it binds. */
export interface Filter {
  readonly where: string;
  readonly binds: readonly (string | number)[];
}

const statusConditions: Record<QueueQuery['status'], string | null> = {
  open: 't.open = 1',
  pending: `t.status = ${statusRank('pending')}`,
  resolved: `t.status = ${statusRank('resolved')}`,
  closed: `t.status in (${statusRank('closed')}, ${statusRank('cancelled')})`,
  any: null,
};

/**
 * Tickets with an entry of somebody else that the person has not seen: the rule `isUnread` of the core, as a set. Costs
 * as much as was recorded since everything was last marked as seen.
 */
export const unreadTickets = `select e.ticket from entries e
  where e.recorded_at > (select seen_baseline from outbox.state) and e.actor <> ?
    and e.seq > coalesce((select s.version from outbox.seen s join ids i on i.id = s.ticket_id where i.ref = e.ticket), 0)`;

/** The view of the person who asks. `unassigned` leaves out what a handover offers to somebody. */
export function viewFilter(context: QueryContext, view: QueueView): Filter {
  const me = refOf(context, context.actor.personId);
  const teams = context.actor.teamIds.map((id) => refOf(context, id));
  const inMyTeams = `t.team in (${teams.map(() => '?').join(', ')})`;
  switch (view) {
    case 'mine':
      return { where: 't.assignee = ?', binds: [me] };
    case 'team':
      return { where: inMyTeams, binds: teams };
    case 'unassigned':
      return { where: 't.assignee is null and t.to_accept = 0', binds: [] };
    case 'toAccept':
      return {
        where: `t.to_accept = 1 and ${inMyTeams} and (t.offered_to is null or t.offered_to = ?)`,
        binds: [...teams, me],
      };
    case 'tier1':
    case 'tier2':
    case 'tier3':
      return { where: 't.tier = ?', binds: [Number(view.at(-1))] };
    case 'senior':
      return { where: 't.senior = 1', binds: [] };
    case 'citizen':
      return { where: 't.citizen = 1', binds: [] };
    case 'changed':
      return { where: `t.ref in (${unreadTickets})`, binds: [me] };
    case 'all':
      return { where: 'true', binds: [] };
  }
}

/** Everything of a query but its text. */
export function queueFilter(context: QueryContext, query: QueueQuery): Filter {
  const view = viewFilter(context, query.view);
  const where = [view.where];
  const binds = [...view.binds];
  const status = statusConditions[query.status];
  if (status !== null) where.push(status);
  const also = (column: string, value: number | null) => {
    if (value === null) return;
    where.push(`t.${column} = ?`);
    binds.push(value);
  };
  const ref = (id: string | null) => (id === null ? null : refOf(context, id));
  also('site', ref(query.siteId));
  also('team', ref(query.teamId));
  also('assignee', ref(query.assigneeId));
  also('kind', query.kind === null ? null : kindRank(query.kind));
  also('tier', query.tier);
  return { where: where.join(' and '), binds };
}

const sortColumns: Record<QueueQuery['sort']['by'], readonly string[]> = {
  priority: ['priority', 'registered_at'],
  registered: ['registered_at'],
  updated: ['updated_at'],
  number: ['number_key'],
  subject: ['subject_key'],
  requester: ['requester_key'],
  status: ['status', 'registered_at'],
  tier: ['tier', 'registered_at'],
  assignee: ['assignee_key', 'registered_at'],
  site: ['site_key', 'registered_at'],
};

/**
 * Order of a sort, total by the ref. The most urgent first means the oldest of them first; every other sort turns whole.
 *
 * @param byIndex false puts a `+` before each column, which keeps the planner from walking the sort's index.
 */
export function queueOrder({ by, dir }: QueueQuery['sort'], byIndex: boolean): string {
  const opposite = dir === 'asc' ? 'desc' : 'asc';
  const mark = byIndex ? '' : '+';
  const columns = sortColumns[by].map((column, at) => {
    const turned = by === 'priority' && at > 0 ? opposite : dir;
    return `${mark}t.${column} ${turned}`;
  });
  return [...columns, `${mark}t.ref ${by === 'priority' ? opposite : dir}`].join(', ');
}
