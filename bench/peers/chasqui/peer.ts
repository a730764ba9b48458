import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FILL_PAGE_ROWS } from '../../../src/core/sync/first-fill.ts';
import { profileId, profilePaths } from '../../../src/platform-node/profiles.ts';
import { type Spawned, spawnTestConsole } from '../../../test/console-process/spawn.ts';
import { wholeQueue } from '../../../test/support/console/whole-queue.ts';
import { startPeerProcess } from '../../support/child.ts';
import { drain, drainText, writeOffline } from '../../support/drain.ts';
import { countRows } from '../../support/fill-console.ts';
import { once, open } from '../../support/note-rounds.ts';
import { digestOf } from '../digest.ts';
import type { Desk, DrainRun, FillRun, KilledRun, LiveRun, OpenPeer, Peer } from '../peer.ts';
import { openGate } from '../support/gate.ts';
import { orOver } from '../support/limited.ts';
import { QUEUE_PAGE } from '../support/rows.ts';
import { heldByConsole } from './held.ts';

const filledSchema = z.object({ ms: z.number(), usableMs: z.number() });
const consoleModule = join(import.meta.dirname, '..', '..', 'support', 'console-child.ts');
/** Opens each row of a page and is nowhere else in it: in a text, quotes are escaped. */
const ROW_MARKER = '{"t":"up"';

const firstPage = { ...wholeQueue, status: 'open', limit: QUEUE_PAGE } as const;

export const chasquiPeer: Peer = {
  name: 'Chasqui',
  does: ['fill', 'killed', 'drain', 'live'],
  about: [
    'the console process and the store as they are, store in a process of its own on PostgreSQL 18 with fsync; the outbox is written with fsync',
    'does more: sign-in, scopes, full text, directory, the rest of each timeline, rules at the store, an answer kept for each command',
  ],
  async open({ folder, store, rows: { ticketIds } }: Desk): Promise<OpenPeer> {
    const { bench, deskId, personId } = store;
    const account = await bench.addSupervisor(deskId, personId);
    const storeUrl = await bench.serve();
    const dataDir = () => mkdtemp(join(folder, 'chasqui-console-'));
    const cacheOf = (dir: string) => profilePaths(dir, profileId(storeUrl, account.user)).cache;
    const using = async <T>(url: string, work: (console: Spawned) => Promise<T>): Promise<T> => {
      const dir = await dataDir();
      const console = await open(url, dir, account);
      try {
        return await work(console);
      } finally {
        await console.console.stop();
        await rm(dir, { recursive: true, force: true });
      }
    };

    return {
      async fill(limit): Promise<FillRun> {
        const dir = await dataDir();
        const console = startPeerProcess(consoleModule, []);
        limit.onOver(() => console.kill());
        const { ms, usableMs } = filledSchema.parse(await console.call('fill', { storeUrl, dataDir: dir, account }));
        await console.stop();
        const digest = await digestOf(heldByConsole(cacheOf(dir)));
        const again = await spawnTestConsole(storeUrl, dir);
        const { rows } = await again.call('queue.window', firstPage);
        await again.console.stop();
        await rm(dir, { recursive: true, force: true });
        return { ms, usableMs, digest, queue: rows.map((row) => row.id) };
      },
      async killed(limit, share): Promise<KilledRun> {
        const gate = await openGate(storeUrl, ROW_MARKER);
        const dir = await dataDir();
        const params = { storeUrl: gate.url, dataDir: dir, account };
        const total = await store.bench.db.pool
          .query<{ n: number }>(
            'select (select count(*) from tickets where desk_id = $1) + (select count(*) from entries where desk_id = $1) as n',
            [deskId],
          )
          .then(({ rows }) => rows[0]?.n ?? 0);
        try {
          const first = startPeerProcess(consoleModule, []);
          const cut = first.call('fill', params).catch(() => null);
          const reached = new Promise<void>((resolve) => gate.onRows((rows) => rows >= share * total && resolve()));
          await Promise.race([cut, reached]);
          await first.kill();
          const atRows = gate.rows();
          const second = startPeerProcess(consoleModule, []);
          limit.onOver(() => second.kill());
          await second.call('goOn', params);
          await second.stop();
          const cache = cacheOf(dir);
          return {
            atRows,
            again: gate.rows() - countRows(cache),
            pageRows: FILL_PAGE_ROWS,
            digest: await digestOf(heldByConsole(cache)),
          };
        } finally {
          await gate.close();
          await rm(dir, { recursive: true, force: true });
        }
      },
      async drain(limit, writes): Promise<DrainRun> {
        const gate = await openGate(storeUrl, null);
        try {
          return await using(gate.url, async (console) => {
            await gate.shut();
            await console.until('connection.get', {}, ({ state }) => state === 'offline');
            const writeMs = await orOver(limit, writeOffline(console, ticketIds, writes));
            await gate.open();
            const ms = await orOver(
              limit,
              drain(console, (acts) => limit.reached(`${writes - acts} of ${writes}`)),
            );
            return { ms, writeMs, ...(await arrivals(store, writes)) };
          });
        } finally {
          await gate.close();
        }
      },
      live: (limit, rounds): Promise<LiveRun> =>
        using(storeUrl, (a) =>
          using(storeUrl, async (b) => {
            const samples: number[] = [];
            for (let n = 0; n < rounds; n++) {
              const round = once(a, b, ticketIds[n % ticketIds.length] ?? '', `Nota ${n} en vivo`);
              samples.push((await orOver(limit, round)).whole);
              limit.reached(`${n + 1} rounds`);
            }
            return { samples };
          }),
        ),
      close: () => bench.stopServing(),
    };
  },
};

/** The order of a console's chain, and in each ticket the order of its notes, are those of the writing. */
async function arrivals(
  { bench, deskId }: Desk['store'],
  writes: number,
): Promise<{ arrived: number; orderKept: boolean }> {
  const { rows: chain } = await bench.db.pool.query<{ text: string }>(
    `select c.envelope::jsonb #>> '{payload,text}' as text from commands c
     where desk_id = $1 and not refused and type = 'addNote' and c.envelope::jsonb #>> '{payload,text}' like 'Escrita sin%'
     order by device_id, incarnation, n`,
    [deskId],
  );
  const { rows: told } = await bench.db.pool.query<{ turned: number }>(
    `select count(*) as turned from (
       select text, lag(text) over (partition by ticket_id order by seq) as before
       from (select ticket_id, seq, doc::jsonb #>> '{event,text}' as text from entries where desk_id = $1 and type = 'noteAdded') e
       where text like 'Escrita sin%') o
     where before >= text`,
    [deskId],
  );
  const inOrder = chain.every(({ text }, n) => text === drainText(n));
  return { arrived: chain.length, orderKept: inOrder && chain.length === writes && told[0]?.turned === 0 };
}
