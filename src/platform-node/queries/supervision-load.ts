import { tierSchema } from '../../domain/vocabulary.ts';
import type { ConsoleResult } from '../../protocol/console/methods.ts';
import { statusRank } from '../ticket-columns.ts';
import { type QueryContext, revisionOf } from './context.ts';
import { both, openTickets, viewFilter } from './queue-filter.ts';
import { totalOf } from './queue-totals.ts';

interface LoadRow {
  readonly ref: number;
  readonly personId: string;
  readonly name: string;
  readonly siteName: string | null;
  readonly open: number;
  readonly pending: number;
  readonly high: number;
  readonly oldestAt: number | null;
}
const HIGH = 3;

/** Open work of every agent who belongs to a team, by name. `high` counts high and critical. */
export function supervisionLoad(context: QueryContext): ConsoleResult<'supervision.load'> {
  const { statement } = context;
  const rows = statement<LoadRow>(
    `select p.ref, i.id as personId, p.name, s.name as siteName, count(t.ref) as open,
        coalesce(sum(t.status = ${statusRank('pending')}), 0) as pending, coalesce(sum(t.priority >= ${HIGH}), 0) as high,
        min(t.registered_at) as oldestAt
      from directory p join ids i on i.ref = p.ref
        left join ids si on si.id = p.doc ->> '$.siteId' left join directory s on s.ref = si.ref
        left join tickets t on t.assignee = p.ref and t.open = 1
      where p.entity = 'person' and p.active = 1 and p.ref in (select person from memberships)
      group by p.ref order by p.name_key, p.ref`,
  ).all();
  const teams = statement<{ id: string; name: string; tier: number }>(
    `select i.id, d.name, d.doc ->> '$.tier' as tier from memberships m join directory g on g.ref = m.ref
      join directory d on d.ref = m.team join ids i on i.ref = m.team
      where m.person = ? and g.active = 1 and d.active = 1 order by tier, d.name_key`,
  );
  const offered = statement<{ offered: number }>(
    `select count(*) as offered from tickets t where t.to_accept = 1 and t.open = 1 and (t.offered_to = @ref
      or (t.offered_to is null and t.team in (select team from memberships where person = @ref)))`,
  );
  return {
    rows: rows.flatMap(({ ref, ...row }) => {
      const memberOf = teams.all(ref).map((team) => ({ ...team, tier: tierSchema.parse(team.tier) }));
      if (memberOf.length === 0) return [];
      return [{ ...row, teams: memberOf, toAccept: offered.get({ ref })?.offered ?? 0 }];
    }),
    unassigned: totalOf(context, both(viewFilter(context, 'unassigned'), openTickets)),
    revision: revisionOf(context),
  };
}
