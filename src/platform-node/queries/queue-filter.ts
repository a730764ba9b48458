import type { QueueQuery, QueueView } from '../../protocol/console/rows.ts';
import { kindRank, statusRank } from '../ticket-columns.ts';
import { type QueryContext, refOf } from './context.ts';

/** A condition over `tickets t` and the values it binds. */
export interface Filter {
  readonly where: string;
  readonly binds: readonly (string | number)[];
  /** It asks only what the tallies know of a ticket. */
  readonly tallied: boolean;
  /** A partial index holds all of its tickets, few at any status. */
  readonly partial: boolean;
}
const filter = (where: string, binds: Filter['binds'] = [], kind: Partial<Filter> = {}): Filter => ({
  where,
  binds,
  tallied: false,
  partial: false,
  ...kind,
});
/** A condition of the kind that is neither tallied nor has an index of its own. */
export const untallied = (where: string, binds: Filter['binds']): Filter => filter(where, binds);
export const both = (a: Filter, b: Filter): Filter => ({
  where: `${a.where} and ${b.where}`,
  binds: [...a.binds, ...b.binds],
  tallied: a.tallied && b.tallied,
  partial: a.partial || b.partial,
});
export const everything = filter('true', [], { tallied: true });
export const openTickets = filter('t.open = 1', [], { tallied: true });

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
      return filter('t.assignee = ?', [me]);
    case 'team':
      return filter(inMyTeams, teams, { tallied: true });
    case 'unassigned':
      return filter('t.assignee is null and t.to_accept = 0', [], { tallied: true });
    case 'toAccept': {
      const offered = `t.to_accept = 1 and ${inMyTeams} and (t.offered_to is null or t.offered_to = ?)`;
      return filter(offered, [...teams, me], { partial: true });
    }
    case 'tier1':
    case 'tier2':
    case 'tier3':
      return filter('t.tier = ?', [Number(view.at(-1))], { tallied: true });
    case 'senior':
      return filter('t.senior = 1', [], { tallied: true, partial: true });
    case 'citizen':
      return filter('t.citizen = 1', [], { tallied: true, partial: true });
    case 'changed':
      return filter(`t.ref in (${unreadTickets})`, [me]);
    case 'all':
      return everything;
  }
}

/** Everything of a query but its text. */
export function queueFilter(context: QueryContext, query: QueueQuery): Filter {
  const status = statusConditions[query.status];
  const parts = [viewFilter(context, query.view)];
  if (status !== null) parts.push(filter(status, [], { tallied: true }));
  const also = (column: string, value: number | null, tallied: boolean) => {
    if (value !== null) parts.push(filter(`t.${column} = ?`, [value], { tallied }));
  };
  const ref = (id: string | null) => (id === null ? null : refOf(context, id));
  also('site', ref(query.siteId), false);
  also('team', ref(query.teamId), true);
  also('assignee', ref(query.assigneeId), false);
  also('kind', query.kind === null ? null : kindRank(query.kind), true);
  also('tier', query.tier, true);
  return parts.reduce(both);
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
