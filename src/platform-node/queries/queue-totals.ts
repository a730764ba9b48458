import type { QueryContext } from './context.ts';
import type { Filter } from './queue-filter.ts';

/** A `+` before each column keeps the planner from the indexes of filters: for a walk along another one. */
export const unhinted = (where: string): string => where.replaceAll(/\bt\.(?=[a-z_]+ (?:=|in|is) )/gu, '+t.');

/** Number of tickets in a filter, worked out once for as long as nothing changes. */
export function totalOf(context: QueryContext, filter: Filter): number {
  return context.memo.of(`total ${JSON.stringify([filter.where, filter.binds])}`, () => {
    const sql = totalSql(filter, hasTallies(context));
    return context.statement<{ total: number }>(sql).get(...filter.binds)?.total ?? 0;
  });
}

/** Statement of a total. Exported for the test that reads its plan. */
export const totalSql = (filter: Filter, tallies: boolean): string =>
  filter.tallied && tallies
    ? `select coalesce(sum(tickets), 0) as total
        from (select *, iif(assigned, 0, null) as assignee from ticket_tallies) t where ${filter.where}`
    : `select count(*) as total from tickets t where ${hinted(filter)}`;

/** The planner counts in a cache that was smaller once: a `+` keeps it from an index that costs too much. */
export const hinted = ({ where, partial }: Filter): string =>
  partial ? where.replaceAll(/\bt\.(?=(?:open|status|kind|tier) (?:=|in) )/gu, '+t.') : where;

/** False while a first fill loads, and in a cache that was filled before there were tallies. */
const hasTallies = ({ statement, memo }: QueryContext): boolean =>
  memo.of('tallies', () => statement("select 1 from sqlite_schema where name = 'ticket_tallies'").get() !== undefined);
