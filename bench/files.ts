import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createFileBlobStore } from '../src/store/blobs/file-blob-store.ts';
import { createFaultProxy, type FaultProxy } from '../torture/link/fault-proxy.ts';
import type { LinkFaults } from '../torture/link/faults.ts';
import { type PeerProcess, startPeerProcess } from './support/child.ts';
import { type BenchDesk, openBenchDesk } from './support/desk.ts';
import { atMost, type BenchReport, round, timed } from './support/figures.ts';
import { seedPair } from './support/note-rounds.ts';
import { peakMemoryMb } from './support/peak-memory.ts';

export interface FilesOptions {
  readonly megabytes: number;
  /** Seconds between two cuts of a link, on average; all its connections are cut at once, in the middle of whatever passes. */
  readonly cutEvery: number;
  /** Of each link, each way, in megabytes a second. */
  readonly speed: number;
  /** Seconds between two SIGKILLs of the store while the file goes up and comes down; 0: none. */
  readonly killEvery: number;
  readonly seed: number;
}

/** Most bytes of a piece of an upload: what a cut may cost, and what the next attempt may bring again. */
const PIECE_MB = 4;
const fileChild = join(import.meta.dirname, 'support', 'file-child.ts');
const attachedSchema = z.object({ attachmentId: z.string(), sha256: z.string() });

/**
 * One console takes a file while it is offline, and sends it over a link that is cut again and again; then another fetches it over a link like
 * that. Both are whole consoles on real files, each in a process of its own. What arrived is hashed where it lies.
 */
export async function benchFiles(options: FilesOptions): Promise<BenchReport> {
  const { megabytes, cutEvery, speed, killEvery, seed } = options;
  const size = Math.round(megabytes * 1_000_000);
  const desk = await openBenchDesk();
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const { deskId, accounts } = await seedPair(desk);
    const store = await startStore(desk, closing, seed);
    const path = join(desk.folder, 'registro.bin');
    const sha256 = await writeRandom(path, size);
    const bad: LinkFaults = {
      up: { bytesPerSecond: speed * 1_000_000 },
      down: { bytesPerSecond: speed * 1_000_000 },
      ...(cutEvery > 0 ? { cutEvery: { ms: [cutEvery * 500, cutEvery * 1_500], kind: 'either' } } : {}),
    };
    const [a, b] = accounts.map(() => startPeerProcess(fileChild, [])) as [PeerProcess, PeerProcess];
    for (const child of [a, b]) closing.push(() => child.stop());
    const [linkA, linkB] = [await store.link(seed + 1), await store.link(seed + 2)];
    const opened = async (child: PeerProcess, link: FaultProxy, n: 0 | 1) =>
      z.string().parse(
        await child.call('open', {
          storeUrl: link.url,
          dataDir: join(desk.folder, `console-${n}`),
          account: accounts[n],
        }),
      );
    const ticketId = await opened(a, linkA, 0);
    await opened(b, linkB, 1);

    const memoryOf = async () => ({
      sendingConsole: await peakMemoryMb(a.pid),
      fetchingConsole: await peakMemoryMb(b.pid),
      store: await store.peakMb(),
    });
    const idle = await memoryOf();

    linkA.set({ outage: 'refused' });
    await a.call('offline');
    tell(`${megabytes} MB are attached offline`);
    const [attached, attachMs] = await timed(async () =>
      attachedSchema.parse(await a.call('attach', { path, ticketId })),
    );
    const of = { ticketId, attachmentId: attached.attachmentId };

    tell('the link comes up, and is cut');
    linkA.set(bad);
    const before = { up: linkA.counts.bytesUp, cuts: linkA.counts.cutTimed };
    const killer = store.killing(killEvery);
    const [, upMs] = await timed(() => a.call('sendAll'));
    const up = { bytes: linkA.counts.bytesUp - before.up, cuts: linkA.counts.cutTimed - before.cuts };
    const atStore = await hashAtStore(desk, store.folder, deskId, sha256);

    tell('the other console fetches it');
    linkB.set(bad);
    store.files.set(bad);
    const [asked, downMs] = await timed(async () => z.int().parse(await b.call('fetch', of)));
    const kills = await killer.stop();
    const down = { bytes: store.files.counts.bytesDown, cuts: store.files.counts.cutTimed };
    const atB = await b.call('hash', of);
    const most = await memoryOf();
    const arrivals = await arrivalsOf(desk, deskId, ticketId, attached.attachmentId);
    const againMb = (bytes: number) => Math.max(0, bytes - size) / 1e6;
    const breaks = (cuts: number) => Math.max(1, cuts + kills);
    return {
      bench: 'files',
      figures: {
        megabytes,
        cutEverySeconds: cutEvery,
        megabytesASecond: speed,
        killEverySeconds: killEvery,
        seed,
        attachSeconds: round(attachMs / 1000),
        upSeconds: round(upMs / 1000),
        upTimesTheBareLink: round(upMs / 1000 / (megabytes / speed)),
        upConnectionsCut: up.cuts,
        upMegabytesOnTheWire: round(up.bytes / 1e6),
        upMegabytesAgainABreak: round(againMb(up.bytes) / breaks(up.cuts)),
        downSeconds: round(downMs / 1000),
        downTimesTheBareLink: round(downMs / 1000 / (megabytes / speed)),
        downConnectionsCut: down.cuts,
        downMegabytesOnTheWire: round(down.bytes / 1e6),
        downMegabytesAgainABreak: round(againMb(down.bytes) / breaks(down.cuts)),
        askedAgainByAPerson: asked,
        storesKilled: kills,
        sendingConsoleMb: round(most.sendingConsole),
        sendingConsoleBeforeMb: round(idle.sendingConsole),
        fetchingConsoleMb: round(most.fetchingConsole),
        fetchingConsoleBeforeMb: round(idle.fetchingConsole),
        storeMb: round(most.store),
        storeBeforeMb: round(idle.store),
      },
      targets: [
        atMost(
          'SHA-256 that differ, at the store or at the other console',
          [atStore, atB].filter((one) => one !== sha256).length,
          0,
        ),
        atMost('arrivals on the timeline beyond one, or missing', Math.abs(arrivals - 1), 0),
        atMost('MB sent again for each break', againMb(up.bytes) / breaks(up.cuts), 2 * PIECE_MB),
        atMost('MB fetched again for each break', againMb(down.bytes) / breaks(down.cuts), 2 * PIECE_MB),
      ],
    };
  } finally {
    for (const close of closing.reverse()) await close();
    await desk.close();
  }
}

/** A store with a place for files, links to it, and its successors when it is killed. */
async function startStore(desk: BenchDesk, closing: (() => Promise<unknown>)[], seed: number) {
  const folder = join(desk.folder, 'files');
  const blobsPort = await freePort();
  const files = await createFaultProxy({ target: { host: '127.0.0.1', port: blobsPort }, seed });
  closing.push(() => files.close());
  const serve = () => desk.serveAt(0, ['--blobs', folder, '--blobs-port', String(blobsPort), '--blobs-url', files.url]);
  let now = await serve();
  let peak = 0;
  const note = async (): Promise<void> => {
    peak = Math.max(peak, await peakMemoryMb(now.pid));
  };
  return {
    folder,
    /** In front of where contents are read from. */
    files,
    async link(linkSeed: number): Promise<FaultProxy> {
      const link = await createFaultProxy({
        target: () => ({ host: '127.0.0.1', port: Number(new URL(now.url).port) }),
        seed: linkSeed,
      });
      closing.push(() => link.close());
      return link;
    },
    async peakMb(): Promise<number> {
      await note();
      return peak;
    },
    /** Kills and starts it until it is stopped; gives how often then. */
    killing(every: number) {
      const over = new AbortController();
      let kills = 0;
      const run = (async () => {
        while (every > 0) {
          const gone = await sleep(every * 1_000, true, { signal: over.signal }).catch(() => false);
          if (!gone) return;
          await note();
          await now.kill();
          kills++;
          tell('the store was killed');
          now = await serve();
        }
      })();
      return {
        async stop(): Promise<number> {
          over.abort();
          await run;
          return kills;
        },
      };
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Gives the SHA-256. */
async function writeRandom(path: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  for (let left = size; left > 0; ) {
    const piece = randomBytes(Math.min(left, 4_000_000));
    hash.update(piece);
    await file.write(piece);
    left -= piece.length;
  }
  await file.close();
  return hash.digest('hex');
}

/** Counted over the object that the row names; empty when there is none. */
async function hashAtStore({ db }: BenchDesk, folder: string, deskId: string, sha256: string): Promise<string> {
  const { rows } = await db.pool.query<{ name: string }>(
    'select object_name as name from blobs where desk_id = $1 and sha256 = $2',
    [deskId, sha256],
  );
  if (rows[0] === undefined) return '';
  const hash = createHash('sha256');
  for await (const chunk of createFileBlobStore(folder).read(rows[0].name)) hash.update(chunk);
  return hash.digest('hex');
}

async function arrivalsOf({ db }: BenchDesk, deskId: string, ticketId: string, attachmentId: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*) as n from entries where desk_id = $1 and ticket_id = $2 and type = 'attachmentArrived'
       and doc::jsonb #>> '{event,attachmentId}' = $3`,
    [deskId, ticketId, attachmentId],
  );
  return rows[0]?.n ?? 0;
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);
