import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type PeerProcess, startPeerProcess } from '../../support/child.ts';
import { digestOf, type HeldRow } from '../digest.ts';
import type { Desk, DrainRun, FillRun, KilledRun, LiveRun, OpenPeer, Peer } from '../peer.ts';
import { type Gate, openGate } from '../support/gate.ts';
import type { Limit } from '../support/limited.ts';
import { liveRounds } from '../support/live-rounds.ts';
import { BATCH } from './docs.ts';
import { startPouchServer } from './start-server.ts';

const clientModule = join(import.meta.dirname, 'client.ts');
const filledSchema = z.object({ ms: z.number(), usableMs: z.number() });
const idsSchema = z.array(z.string());
const dumpSchema = z.array(z.object({ id: z.string(), entity: z.string().optional(), doc: z.unknown() }));
const writtenSchema = z.object({ ids: idsSchema, ms: z.number() });
const arrivedSchema = z.object({ id: z.string(), at: z.number() });
const drainedSchema = z.object({ written: z.int(), ms: z.number() });
/** Opens each document of a `_bulk_get` answer and is nowhere else in it. */
const ROW_MARKER = '{"ok":{';

async function* held(client: PeerProcess): AsyncGenerator<HeldRow> {
  for (let after: string | null = null; ; ) {
    const page = dumpSchema.parse(await client.call('dump', after));
    for (const row of page) if (row.entity !== undefined) yield row;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

export const pouchPeer: Peer = {
  name: 'PouchDB',
  does: ['fill', 'killed', 'drain', 'live'],
  about: [
    'PouchDB 9.0.0 on Node with leveldb, express-pouchdb 4.2.0 on Express 4 in a process of its own, leveldb as well',
    'given: batches of 1,000, ten at a time, no compression, all indexes of the queue in one view with batches of 1,000',
    'does less: no full text, no sign-in, no scopes, no rules at the server; leveldb is written without fsync on both sides',
  ],
  async open(desk: Desk): Promise<OpenPeer> {
    const server = await startPouchServer(desk.folder);
    await server.load({ rows: desk.rows.path, layout: 'one', prefix: '' });
    const remote = `${server.url}/desk`;

    async function console(limit: Limit, url: string, folder?: string): Promise<PeerProcess & { folder: string }> {
      const path = folder ?? (await mkdtemp(join(desk.folder, 'pouch-client-')));
      const child = startPeerProcess(clientModule, [path, url]);
      child.on('read', (read) => limit.reached(`${String(read)} rows filled`));
      limit.onOver(() => child.kill());
      return { ...child, folder: path };
    }
    async function through<T>(marker: string | null, work: (gate: Gate, url: string) => Promise<T>): Promise<T> {
      const gate = await openGate(server.url, marker);
      try {
        return await work(gate, `${gate.url}/desk`);
      } finally {
        await gate.close();
      }
    }
    const end = async (one: PeerProcess & { folder: string }) => {
      await one.stop();
      await rm(one.folder, { recursive: true, force: true });
    };

    return {
      async fill(limit): Promise<FillRun> {
        const client = await console(limit, remote);
        try {
          const { ms, usableMs } = filledSchema.parse(await client.call('fill'));
          return {
            ms,
            usableMs,
            digest: await digestOf(held(client)),
            queue: idsSchema.parse(await client.call('queue')),
          };
        } finally {
          await end(client);
        }
      },
      killed: (limit, share): Promise<KilledRun> =>
        through(ROW_MARKER, async (gate, url) => {
          const total = desk.rows.tickets + desk.rows.notes;
          const first = await console(limit, url);
          const reached = new Promise<void>((resolve) => gate.onRows((rows) => rows >= share * total && resolve()));
          const cut = first.call('fill').catch(() => null);
          await Promise.race([reached, cut]);
          await first.kill();
          const atRows = gate.rows();
          const second = await console(limit, url, first.folder);
          try {
            await second.call('fill');
            return { atRows, again: gate.rows() - total, pageRows: BATCH, digest: await digestOf(held(second)) };
          } finally {
            await end(second);
          }
        }),
      drain: (limit, writes): Promise<DrainRun> =>
        through(null, async (gate, url) => {
          const client = await console(limit, url);
          try {
            await client.call('fill');
            limit.reached('filled, not drained');
            const since = await server.head('desk');
            await gate.shut();
            const written = writtenSchema.parse(
              await client.call('write', { ticketIds: desk.rows.ticketIds, count: writes }),
            );
            await gate.open();
            const { ms } = drainedSchema.parse(await client.call('drain'));
            const arrived = await server.arrivals('desk', since);
            const orderKept = JSON.stringify(arrived) === JSON.stringify(written.ids);
            return { ms, writeMs: written.ms, arrived: arrived.length, orderKept };
          } finally {
            await end(client);
          }
        }),
      async live(limit, rounds): Promise<LiveRun> {
        const a = await console(limit, remote);
        const b = await console(limit, remote);
        try {
          for (const one of [a, b]) {
            await one.call('fill');
            await one.call('live');
          }
          return await liveRounds(limit, rounds, {
            ticketIds: desk.rows.ticketIds,
            save: async (note) => z.number().parse(await a.call('note', note)),
            onArrived: (hear) =>
              b.on('arrived', (value) => {
                const { id, at } = arrivedSchema.parse(value);
                hear(id, at);
              }),
          });
        } finally {
          await end(a);
          await end(b);
        }
      },
      close: () => server.stop(),
    };
  },
};
