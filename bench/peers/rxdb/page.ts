import { createRxDatabase, getChangedDocumentsSince, type RxCheckpoint, type RxCollection } from 'rxdb/plugins/core';
import { replicateCouchDB } from 'rxdb/plugins/replication-couchdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { BATCH, schemas } from './schemas.ts';

/** A console on RxDB in a page of its own: Dexie over IndexedDB, replicated with the CouchDB protocol. Driven by the bench. */
const QUEUE_PAGE = 50;
const LOOK_MS = 20;

interface Collections {
  readonly tickets: RxCollection;
  readonly notes: RxCollection;
}
let opened: Promise<Collections> | null = null;
/** Of the page, which the server of the desk serves. */
const origin = String(Reflect.get(globalThis, 'origin'));
const wallClock = () => performance.timeOrigin + performance.now();

function open(durability: 'strict' | 'relaxed'): Promise<Collections> {
  opened ??= (async () => {
    const storage = getRxStorageDexie({ chromeTransactionDurability: durability });
    const db = await createRxDatabase({ name: 'desk', storage, multiInstance: false });
    const { tickets, notes } = await db.addCollections({
      tickets: { schema: schemas.tickets },
      notes: { schema: schemas.notes },
    });
    if (tickets === undefined || notes === undefined) throw new Error('a collection is missing');
    return { tickets, notes };
  })();
  return opened;
}

type Ways = 'pull' | 'both' | 'live';

async function replicate(collections: Collections, ways: Ways): Promise<void> {
  const started = (['tickets', 'notes'] as const).map((name) => {
    const replication = replicateCouchDB({
      replicationIdentifier: 'desk',
      collection: collections[name],
      url: `${origin}/${name}/`,
      live: ways === 'live',
      waitForLeadership: false,
      retryTime: 1_000,
      pull: { batchSize: BATCH },
      ...(ways === 'pull' ? {} : { push: { batchSize: BATCH } }),
    });
    const failed = new Promise<never>((_, reject) => {
      replication.error$.subscribe((error) => reject(new Error(error.message)));
    });
    return Promise.race([replication.awaitInitialReplication(), failed]);
  });
  await Promise.all(started);
}

async function queue({ tickets }: Collections): Promise<string[]> {
  const found = await tickets
    .find({
      selector: { open: 0 },
      sort: [{ open: 'asc' }, { rank: 'asc' }, { registeredAt: 'asc' }],
      index: ['open', 'rank', 'registeredAt'],
      limit: QUEUE_PAGE,
    })
    .exec();
  return found.map((row) => String(row.toJSON()['id']));
}

const peer = {
  open: async (durability: 'strict' | 'relaxed') => {
    await open(durability);
  },
  async fill(ways: Ways) {
    const began = performance.now();
    const collections = await open('relaxed');
    let usableMs = Number.NaN;
    let over = false;
    const looking = (async () => {
      while (!over) {
        if ((await queue(collections)).length > 0) {
          usableMs = performance.now() - began;
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    })();
    await replicate(collections, ways);
    over = true;
    await looking;
    await queue(collections);
    const ms = performance.now() - began;
    return { ms, usableMs: Number.isNaN(usableMs) ? ms : usableMs };
  },
  queue: async () => queue(await open('relaxed')),
  async held() {
    const { tickets, notes } = await open('relaxed');
    return (await tickets.count().exec()) + (await notes.count().exec());
  },
  /** By the order of arrival, which RxDB has an index for and a query by id has not: it would read all rows again for each page. */
  async dump({ collection, after, limit }: { collection: 'tickets' | 'notes'; after?: RxCheckpoint; limit: number }) {
    const { storageInstance } = (await open('relaxed'))[collection];
    const { documents, checkpoint } = await getChangedDocumentsSince(storageInstance, limit, after);
    return { rows: documents.map(({ id, doc }) => ({ id, doc })), checkpoint };
  },
  async write({ ticketIds, count }: { ticketIds: readonly string[]; count: number }) {
    const { notes } = await open('strict');
    const ids: string[] = [];
    const began = performance.now();
    for (let n = 0; n < count; n++) {
      const id = `offline-${String(n).padStart(6, '0')}`;
      await notes.insert(noteOf(id, ticketIds[n % ticketIds.length] ?? '', n, `Nota ${n}`));
      ids.push(id);
    }
    return { ids, ms: performance.now() - began };
  },
  async drain() {
    const collections = await open('strict');
    const began = performance.now();
    await replicate(collections, 'both');
    return performance.now() - began;
  },
  async live() {
    const collections = await open('strict');
    await replicate(collections, 'live');
    collections.notes.insert$.subscribe(({ documentId }) => {
      const arrived: unknown = Reflect.get(globalThis, 'arrived');
      if (typeof arrived === 'function') void arrived({ id: documentId, at: wallClock() });
    });
  },
  /** When the save was called, on the machine's clock. */
  async note({ id, ticketId, text }: { id: string; ticketId: string; text: string }) {
    const at = wallClock();
    await (await open('strict')).notes.insert(noteOf(id, ticketId, 0, text));
    return at;
  },
};

const noteOf = (id: string, ticketId: string, seq: number, text: string) => ({
  id,
  ticketId,
  seq,
  doc: { id, ticketId, seq, event: { type: 'noteAdded', text } },
});

Object.assign(globalThis, { peer });
