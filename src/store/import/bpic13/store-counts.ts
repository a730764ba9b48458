import { z } from 'zod';
import type { Database } from '../../db/pool.ts';
import { words } from './mapping.ts';
import type { LogCounts } from './plan-log.ts';

const rowSchema = z.object({
  tickets: z.number(),
  moves: z.record(z.string(), z.number()),
  startsAt: z.record(z.string(), z.number()),
  reopenings: z.number(),
});

/**
 * The store's own figures, from its timelines alone: tickets, moves by the tiers that the events carry (a registration above
 * tier 1 is no move), the tier that each ticket began at, reopenings that the log itself shows.
 */
export async function storeCounts(db: Database, deskId: string): Promise<LogCounts> {
  const { rows } = await db.pool.query(
    `with e as (select doc::jsonb -> 'event' as event from entries where desk_id = $1)
     select (select count(*)::int from tickets where desk_id = $1) as tickets,
       (select coalesce(jsonb_object_agg(step, n), '{}') from (
          select (event ->> 'fromTier') || '→' || (event ->> 'toTier') as step, count(*)::int as n
          from e where event ->> 'type' in ('escalated', 'returned') group by 1) m) as moves,
       (select coalesce(jsonb_object_agg(tier, n), '{}') from (
          select coalesce(event ->> 'importedAtTier', '1') as tier, count(*)::int as n
          from e where event ->> 'type' = 'registered' group by 1) s) as "startsAt",
       (select count(*)::int from e where event ->> 'type' = 'reopened' and event ->> 'reason' = $2) as reopenings`,
    [deskId, words.reopened],
  );
  return rowSchema.parse(rows[0]);
}

/** Names of the figures that differ; empty when the store holds what the log holds. */
export function differences(log: LogCounts, store: LogCounts): string[] {
  const found: string[] = [];
  const compare = (name: string, a: number | undefined, b: number | undefined) => {
    if ((a ?? 0) !== (b ?? 0)) found.push(`${name}: log ${a ?? 0}, store ${b ?? 0}`);
  };
  compare('tickets', log.tickets, store.tickets);
  compare('reopenings', log.reopenings, store.reopenings);
  for (const step of new Set([...Object.keys(log.moves), ...Object.keys(store.moves)]))
    compare(`moves ${step}`, log.moves[step], store.moves[step]);
  for (const tier of ['1', '2', '3']) compare(`begin at tier ${tier}`, log.startsAt[tier], store.startsAt[tier]);
  return found;
}
