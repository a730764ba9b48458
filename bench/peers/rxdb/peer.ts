import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { digestOf, type HeldRow } from '../digest.ts';
import type { Desk, DrainRun, FillRun, KilledRun, LiveRun, OpenPeer, Peer } from '../peer.ts';
import { startPouchServer } from '../pouchdb/start-server.ts';
import { type Gate, openGate } from '../support/gate.ts';
import type { Limit } from '../support/limited.ts';
import { liveRounds } from '../support/live-rounds.ts';
import { openPeerPage, type PeerPage } from './browser.ts';
import { BATCH } from './schemas.ts';

const filledSchema = z.object({ ms: z.number(), usableMs: z.number() });
const idsSchema = z.array(z.string());
const dumpSchema = z.object({
  rows: z.array(z.object({ id: z.string(), doc: z.unknown() })),
  checkpoint: z.object({ id: z.string(), lwt: z.number() }),
});
const writtenSchema = z.object({ ids: idsSchema, ms: z.number() });
/** In each row of a `_changes` answer and nowhere else in it: in a text, quotes are escaped. */
const ROW_MARKER = '"changes":[{';
const DUMP = 5_000;
const COUNT_MS = 5_000;

async function buildPage(outDir: string): Promise<void> {
  // Only here: every other bench would wait for it at its start.
  const { build } = await import('vite');
  await build({
    root: import.meta.dirname,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: { outDir, target: 'es2024', chunkSizeWarningLimit: 4_000 },
  });
}

async function* held(page: PeerPage): AsyncGenerator<HeldRow> {
  for (const collection of ['tickets', 'notes'])
    for (let after: z.infer<typeof dumpSchema>['checkpoint'] | undefined; ; ) {
      const { rows, checkpoint } = dumpSchema.parse(await page.call('dump', { collection, after, limit: DUMP }));
      yield* rows;
      if (rows.length === 0) break;
      after = checkpoint;
    }
}

/** A page that is still at it says how far it came, if it can. */
async function endOver(limit: Limit, page: PeerPage): Promise<void> {
  const held = await Promise.race([page.call('held'), sleep(COUNT_MS)]).catch(() => undefined);
  if (typeof held === 'number') limit.reached(`${held} rows held`);
  await page.close();
}

export const rxPeer: Peer = {
  name: 'RxDB',
  does: ['fill', 'killed', 'drain', 'live'],
  about: [
    'RxDB 17.6.0 with its free durable storage, Dexie, in Chromium on a profile on the disk; CouchDB replication with express-pouchdb 4.2.0 in a process of its own',
    'given: batches of 1,000, tickets and notes filled side by side, relaxed IndexedDB transactions in fills (strict where people write)',
    'does less: no full text in its free part, no sign-in, no scopes, no rules at the server; leveldb at the server is written without fsync',
  ],
  async open(desk: Desk): Promise<OpenPeer> {
    const pageFolder = join(desk.folder, 'rxdb-page');
    await buildPage(pageFolder);
    const server = await startPouchServer(desk.folder, pageFolder);
    await server.load({ rows: desk.rows.path, layout: 'collections', prefix: '' });

    async function using<T>(limit: Limit, url: string, work: (page: PeerPage) => Promise<T>): Promise<T> {
      const profile = await mkdtemp(join(desk.folder, 'rxdb-client-'));
      const page = await openPeerPage(profile, url);
      limit.onOver(() => endOver(limit, page));
      try {
        return await work(page);
      } finally {
        await page.close();
        await rm(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    }
    async function through<T>(marker: string | null, work: (gate: Gate) => Promise<T>): Promise<T> {
      const gate = await openGate(server.url, marker);
      try {
        return await work(gate);
      } finally {
        await gate.close();
      }
    }

    return {
      fill: (limit): Promise<FillRun> =>
        using(limit, server.url, async (page) => {
          const { ms, usableMs } = filledSchema.parse(await page.call('fill', 'pull'));
          return { ms, usableMs, digest: await digestOf(held(page)), queue: idsSchema.parse(await page.call('queue')) };
        }),
      killed: (limit, share): Promise<KilledRun> =>
        through(ROW_MARKER, async (gate) => {
          const total = desk.rows.tickets + desk.rows.notes;
          const profile = await mkdtemp(join(desk.folder, 'rxdb-client-'));
          const first = await openPeerPage(profile, gate.url);
          const reached = new Promise<void>((resolve) => gate.onRows((rows) => rows >= share * total && resolve()));
          const cut = first.call('fill', 'pull').catch(() => null);
          await Promise.race([reached, cut]);
          await first.kill();
          const atRows = gate.rows();
          const second = await openPeerPage(profile, gate.url);
          limit.onOver(() => endOver(limit, second));
          try {
            await second.call('fill', 'pull');
            return { atRows, again: gate.rows() - total, pageRows: BATCH, digest: await digestOf(held(second)) };
          } finally {
            await second.close();
            await rm(profile, { recursive: true, force: true, maxRetries: 5 });
          }
        }),
      drain: (limit, writes): Promise<DrainRun> =>
        through(null, (gate) =>
          using(limit, gate.url, async (page) => {
            await page.call('open', 'strict');
            await page.call('fill', 'both');
            limit.reached('filled, not drained');
            const since = await server.head('notes');
            await gate.shut();
            const params = { ticketIds: desk.rows.ticketIds, count: writes };
            const written = writtenSchema.parse(await page.call('write', params));
            await gate.open();
            const ms = z.number().parse(await page.call('drain'));
            const arrived = await server.arrivals('notes', since);
            const orderKept = JSON.stringify(arrived) === JSON.stringify(written.ids);
            return { ms, writeMs: written.ms, arrived: arrived.length, orderKept };
          }),
        ),
      live: (limit, rounds): Promise<LiveRun> =>
        using(limit, server.url, (a) =>
          using(limit, server.url, async (b) => {
            let hear: (id: string, at: number) => void = () => undefined;
            await b.page.exposeFunction('arrived', ({ id, at }: { id: string; at: number }) => hear(id, at));
            for (const one of [a, b]) {
              await one.call('open', 'strict');
              await one.call('live');
            }
            return liveRounds(limit, rounds, {
              ticketIds: desk.rows.ticketIds,
              save: async (note) => z.number().parse(await a.call('note', note)),
              onArrived: (next) => {
                hear = next;
              },
            });
          }),
        ),
      close: () => server.stop(),
    };
  },
};
