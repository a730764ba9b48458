import { profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { type Spawned, spawnTestConsole } from '../../test/console-process/spawn.ts';
import type { FaultProxy } from '../../torture/link/fault-proxy.ts';
import { headOf } from '../../torture/observe/store-facts.ts';
import type { BenchAccount, BenchDesk } from './desk.ts';
import { doWork, workBegins } from './desk-work.ts';
import { digestsDiffer } from './digests.ts';
import { writeOffline } from './drain.ts';
import { runUnseen } from './unseen-console.ts';

export interface AwayWork {
  readonly days: number;
  readonly actsADay: number;
  /** Notes that its person writes meanwhile. */
  readonly writes: number;
}
export interface AwayDeps {
  readonly desk: BenchDesk;
  readonly deskId: string;
  readonly seed: number;
  readonly storeUrl: string;
  /** Before that store, with no faults: it counts what passes. */
  readonly link: FaultProxy;
  /** Of a console that is filled and stopped. */
  readonly dataDir: string;
  readonly account: BenchAccount;
}

export const passed = ({ counts }: FaultProxy): number => counts.bytesUp + counts.bytesDown;

/** A console is away while the desk works, and comes back: what it fetches, and whether it then holds what the store has. */
export async function comeBack({ days, actsADay, writes }: AwayWork, deps: AwayDeps) {
  const { desk, deskId, seed, storeUrl, link, dataDir, account } = deps;
  const ticketIds = await openTickets(desk, deskId, 500);
  await writeAway(deps, ticketIds, writes);
  const from = await headOf(desk.db, deskId);
  const older = await olderTickets(desk, deskId, days, 2_000);
  const acts = await doWork(desk.db, { seed, days, actsADay, ticketIds: older });
  const before = passed(link);
  let bytes = 0;
  const run = await runUnseen({
    storeUrl: link.url,
    dataDir,
    onDrained: () => {
      bytes = passed(link) - before;
    },
  });
  const cache = profilePaths(dataDir, profileId(storeUrl, account.user)).cache;
  return {
    days,
    acts,
    writes,
    caughtUpMs: run.onlineMs ?? Number.NaN,
    sentMs: run.drainedMs ?? Number.NaN,
    pulls: run.pulls,
    rowsChanged: await changedSince(desk, deskId, from.head),
    rowsFetched: run.rows,
    snapshotPages: run.pages.length,
    commandsSent: run.pushed,
    bytes,
    digestsThatDiffer: await digestsDiffer(storeUrl, account, cache),
  };
}

async function writeAway({ link, dataDir }: AwayDeps, ticketIds: readonly string[], writes: number): Promise<void> {
  if (writes === 0) return;
  link.set({ outage: 'refused' });
  const console: Spawned = await spawnTestConsole(link.url, dataDir);
  await writeOffline(console, ticketIds, writes);
  await console.console.stop();
  link.set({});
}

/** Ids of open tickets, the oldest first. */
export async function openTickets({ db }: BenchDesk, deskId: string, count: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from tickets where desk_id = $1 and status not in ('resolved', 'closed', 'cancelled') order by id limit $2`,
    [deskId, count],
  );
  return rows.map(({ id }) => id);
}

/** Tickets that changed after a place of the log, their new entries, and rows of the directory: the least that brings a console from there on. */
async function changedSince({ db }: BenchDesk, deskId: string, head: number): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select coalesce(sum(1 + case when entity = 'ticket' then entries else 0 end), 0)::int as n from (
       select entity, max(version) - min(previous_version) as entries from change_log
       where desk_id = $1 and seq > $2 group by entity, entity_id) changed`,
    [deskId, head],
  );
  return rows[0]?.n ?? 0;
}

/** Some of those from before the work, the same ones each time: the last digits of an id say nothing of its age. */
async function olderTickets({ db }: BenchDesk, deskId: string, days: number, count: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from tickets where desk_id = $1 and id < $2 order by right(id::text, 12) limit $3',
    [deskId, firstIdOf(workBegins(days)), count],
  );
  return rows.map(({ id }) => id);
}

/** Below all ids of version 7 that are made from then on. */
function firstIdOf(at: number): string {
  const digits = at.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}
