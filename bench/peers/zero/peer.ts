import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { startEmbeddedPostgres } from '../../../src/store/embedded/start.ts';
import { startPeerProcess } from '../../support/child.ts';
import type { Desk, LiveRun, OpenPeer, Peer } from '../peer.ts';
import { liveRounds } from '../support/live-rounds.ts';
import { readRows } from '../support/rows.ts';
import { startZeroCache } from './cache.ts';

const module = (name: string) => join(import.meta.dirname, `${name}.ts`);
const arrivedSchema = z.object({ id: z.string(), at: z.number() });
const BATCH = 1_000;

/** The same PostgreSQL with the same durable settings, and what Zero's replication asks for. */
async function startLogicalPostgres(folder: string) {
  const first = await startEmbeddedPostgres({ folder, durable: true });
  await query(first.url('postgres'), `alter system set wal_level = 'logical'`);
  await first.stop();
  const postgres = await startEmbeddedPostgres({ folder, durable: true });
  await query(postgres.url('postgres'), 'create database zero');
  return postgres;
}

async function query(url: string, ...statements: readonly (string | pg.QueryConfig)[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function loadNotes(url: string, { rows }: Desk): Promise<void> {
  await query(url, 'create table note (id text primary key, "ticketId" text not null, text text not null)');
  for await (const batch of readRows(rows.path, BATCH)) {
    const notes = batch.filter((row) => row.entity === 'note');
    await query(url, {
      text: 'insert into note select * from unnest($1::text[], $2::text[], $3::text[])',
      values: [
        notes.map((row) => row.id),
        notes.map((row) => row.ticketId),
        notes.map((row) => JSON.stringify(row.doc)),
      ],
    });
  }
}

export const zeroPeer: Peer = {
  name: 'Zero',
  does: ['live'],
  about: [
    'zero-cache of @rocicorp/zero 1.9.0 with one sync worker over PostgreSQL 18 with fsync and wal_level=logical, the application server that it asks beside it',
    'does less: its clients on Node keep their rows in memory, nothing is durable at A or B; no full text, no sign-in, no scopes',
    'not measured: fill, killed, drain, since it keeps only what open queries ask for and does not write offline',
  ],
  async open(desk: Desk): Promise<OpenPeer> {
    const folder = await mkdtemp(join(desk.folder, 'zero-'));
    const postgres = await startLogicalPostgres(join(folder, 'postgres'));
    const databaseUrl = postgres.url('zero');
    await loadNotes(databaseUrl, desk);
    const api = startPeerProcess(module('api-server'), [databaseUrl]);
    const cache = await startZeroCache(folder, databaseUrl, z.string().parse(await api.call('listen')));
    return {
      async live(limit, rounds): Promise<LiveRun> {
        const a = startPeerProcess(module('client'), [cache.url, 'a']);
        const b = startPeerProcess(module('client'), [cache.url, 'b']);
        limit.onOver(() => Promise.all([a.kill(), b.kill()]));
        try {
          for (const one of [a, b])
            if ((await one.call('live')) !== desk.rows.notes) throw new Error('a console of Zero has not all notes');
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
          await a.stop();
          await b.stop();
        }
      },
      async close() {
        await cache.stop();
        await api.stop();
        await postgres.stop();
      },
    };
  },
};
