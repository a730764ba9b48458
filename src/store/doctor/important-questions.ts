import { readsOn } from '../db/change-store.ts';
import { storedCommands, takenNumbers } from '../db/desk-reads.ts';
import type { Examined } from './finding.ts';

export interface WholeScan {
  readonly question: string;
  /** Table that was read from end to end. */
  readonly table: string;
}
const NOBODY = '00000000-0000-4000-8000-000000000000';
const PAGE = 100;

/**
 * Asks what pushes, pulls, fills and searches ask all day, by the code that asks it then, and counts which tables PostgreSQL read
 * from end to end for it: what happened, not what a plan promised.
 */
export async function askImportantQuestions({ client, now }: Examined): Promise<readonly WholeScan[]> {
  const { rows: desks } = await client.query<{ id: string }>(
    `select d.id from desks d order by (select max(seq) from change_log l where l.desk_id = d.id) desc nulls last limit 1`,
  );
  const deskId = desks[0]?.id;
  if (deskId === undefined) return [];
  const sample = async (text: string) => (await client.query<{ v: string }>(text, [deskId])).rows.map(({ v }) => v);
  const [tickets, commands, numbers, sites, people] = [
    await sample(`select id::text as v from tickets where desk_id = $1 order by id limit ${PAGE}`),
    await sample(`select id::text as v from commands where desk_id = $1 order by id limit ${PAGE}`),
    await sample(`select number as v from tickets where desk_id = $1 and number is not null order by number limit 5`),
    await sample('select id::text as v from sites where desk_id = $1 order by id limit 1'),
    await sample('select id::text as v from people where desk_id = $1 order by id limit 1'),
  ];
  const reads = readsOn(client, deskId);
  const { head } = { head: (await reads.head()).seq };
  const personId = people[0] ?? NOBODY;
  const scope = {
    grant: { everything: false, siteIds: sites, teamIds: [], personId },
    closedWindowDays: 90,
    now: now(),
  };
  const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['head of the log', () => reads.head()],
    ['changes after a cursor', () => reads.logAfter(Math.max(0, head - PAGE), PAGE)],
    ['keys of tickets that changed', () => reads.keysSince(Math.max(0, head - PAGE), tickets)],
    ['tickets of a pull', () => reads.tickets(tickets, scope)],
    ['timelines of a pull', () => reads.entriesAfter(tickets.map((id) => ({ id, after: 0 })))],
    [
      'page of a fill',
      () => reads.page('entry', null, PAGE, { ...scope, grant: { ...scope.grant, everything: true } }),
    ],
    ['search of closed tickets', () => reads.searchClosed([{ word: 'qzxv', prefix: false }], 20, scope)],
    ['commands of a push', () => storedCommands(client, deskId, commands)],
    ['official numbers', () => takenNumbers(client, deskId, numbers)],
  ];
  const scans: WholeScan[] = [];
  let before = await wholeScans(client);
  for (const [question, ask] of questions) {
    await ask();
    const after = await wholeScans(client);
    for (const [table, count] of after) if (count > (before.get(table) ?? 0)) scans.push({ question, table });
    before = after;
  }
  return scans;
}

/** Sequential scans of this transaction so far, by table. */
async function wholeScans(client: Examined['client']): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ name: string; n: number }>(
    'select relname as name, seq_scan as n from pg_stat_xact_user_tables',
  );
  return new Map(rows.map(({ name, n }) => [name, n]));
}
