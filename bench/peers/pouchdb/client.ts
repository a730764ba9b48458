import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { serveCalls, tell } from '../../support/serve-calls.ts';
import { wallClock } from '../support/live-rounds.ts';
import { QUEUE_PAGE } from '../support/rows.ts';
import { BATCH, pouchDoc, queueView } from './docs.ts';
import { loadPouch } from './pouch.ts';

/** A console on PouchDB: leveldb in a folder, in a process of its own. */
const [folder = '', remote = ''] = process.argv.slice(2);
const Local = loadPouch();
const LOOK_MS = 50;
const local = new Local(join(folder, 'desk'), { view_update_changes_batch_size: BATCH });

async function queue(stale?: 'update_after' | 'ok'): Promise<string[]> {
  const { rows } = await local.query('desk/by', {
    ...(stale === undefined ? {} : { stale }),
    startkey: ['queue', 0],
    endkey: ['queue', 0, {}],
    limit: QUEUE_PAGE,
    include_docs: true,
  });
  return rows.map((row) => row.id);
}

/** Replicates to the end; then the indexes are brought up to it, as the first question does. */
async function fill() {
  const began = performance.now();
  if ((await local.allDocs({ include_docs: false, limit: 1, startkey: queueView._id })).rows[0]?.id !== queueView._id)
    await local.put(queueView);
  let usableMs = Number.NaN;
  let asked = false;
  let over = false;
  // Indexing begins with the first batch; the questions take what is indexed by then and do not wait for the rest.
  const look = async () => {
    if (asked) return;
    asked = true;
    let found = (await queue('update_after')).length;
    for (; found === 0 && !over; found = (await queue('ok')).length) await sleep(LOOK_MS);
    if (found > 0) usableMs = performance.now() - began;
  };
  const replication = local.replicate.from(remote, { batch_size: BATCH, batches_limit: 10 });
  replication.on('change', ({ docs_read: read }) => {
    tell('read', read);
    void look();
  });
  await replication;
  await queue();
  over = true;
  const ms = performance.now() - began;
  return { ms, usableMs: Number.isNaN(usableMs) ? ms : usableMs };
}

const writeSchema = z.object({ ticketIds: z.array(z.string()), count: z.int() });
const noteSchema = z.object({ ticketId: z.string(), id: z.string(), text: z.string() });
const note = (id: string, ticketId: string, seq: number, text: string) =>
  pouchDoc({ entity: 'note', id, ticketId, seq, doc: { id, ticketId, seq, event: { type: 'noteAdded', text } } });
let live: { cancel(): void } | null = null;

serveCalls(
  {
    fill,
    queue: () => queue(),
    /** All documents by pages, for the digest. */
    async dump(params) {
      const after = z.string().nullable().parse(params);
      const { rows } = await local.allDocs({
        include_docs: true,
        limit: 5_000,
        ...(after === null ? {} : { startkey: after, skip: 1 }),
      });
      return rows.map(({ id, doc }) => ({ id, entity: doc?.['entity'], doc: doc?.['doc'] }));
    },
    /** One durable write a note, one after the other, as somebody at a console does them. */
    async write(params) {
      const { ticketIds, count } = writeSchema.parse(params);
      const ids: string[] = [];
      const began = performance.now();
      for (let n = 0; n < count; n++) {
        const id = `offline-${String(n).padStart(6, '0')}`;
        await local.put(note(id, ticketIds[n % ticketIds.length] ?? '', n, `Nota ${n}`));
        ids.push(id);
      }
      return { ids, ms: performance.now() - began };
    },
    async drain() {
      const began = performance.now();
      const { docs_written: written } = await local.replicate.to(remote, { batch_size: BATCH, batches_limit: 10 });
      return { written, ms: performance.now() - began };
    },
    /** From here on everything goes both ways as it happens; arrivals are told once they are in the local store. */
    live() {
      const sync = local.sync(remote, { live: true, retry: true });
      const changes = local.changes({ since: 'now', live: true });
      changes.on('change', ({ id }) => tell('arrived', { id, at: wallClock() }));
      live = {
        cancel() {
          changes.cancel();
          sync.cancel();
        },
      };
      return null;
    },
    async note(params) {
      const { id, ticketId, text } = noteSchema.parse(params);
      const at = wallClock();
      await local.put(note(id, ticketId, 0, text));
      return at;
    },
  },
  async () => {
    live?.cancel();
    await local.close();
  },
);
