import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BenchDesk, openBenchDesk } from '../../../bench/support/desk.ts';
import { profileId, profilePaths } from '../../../src/platform-node/profiles.ts';
import { organise, PASSWORD } from '../../../torture/desk/organise.ts';
import { readOutbox } from '../../../torture/kills/read-outbox.ts';
import { requestOf } from '../../../torture/kills/words.ts';
import { startWriter, type Writer } from '../../../torture/kills/writer-process.ts';

const USER = 'ana';
let desk: BenchDesk;
let storeUrl: string;
beforeAll(async () => {
  desk = await openBenchDesk();
  await organise(desk.databaseUrl);
  storeUrl = await desk.serve();
});
afterAll(() => desk.close());

const begin = (dataDir: string, enter: readonly string[]): Writer =>
  startWriter({ dataDir, storeUrl, plant: null, enter, stderr: 'ignore', compiled: join(desk.folder, 'compiled') });
const outboxIn = (dataDir: string) => profilePaths(dataDir, profileId(storeUrl, USER)).outbox;
async function signIn(writer: Writer): Promise<void> {
  await writer.heard('open');
  writer.send({ kind: 'signIn', user: USER, password: PASSWORD });
  await writer.heard('signedIn');
}
/**
 * The outbox of a disk that only its process sees, as it is at one instant: copied while that process stands still. SQLite would follow the
 * way into the other file system as a link, and end up in this one.
 */
function copyOut(writer: Writer, path: string): string {
  const copy = join(desk.folder, `copy-${randomUUID()}`);
  process.kill(writer.pid, 'SIGSTOP');
  try {
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  } finally {
    process.kill(writer.pid, 'SIGCONT');
  }
  return copy;
}
const numbers = (writer: Writer, kind: 'saved' | 'refused') =>
  writer.said().flatMap((message) => (message.kind === kind ? [message.no] : []));

const codesOf = (writer: Writer) =>
  writer.said().flatMap((message) => (message.kind === 'refused' ? [message.code] : []));

/** All of what was said to be saved, once and in order; nothing of what was refused; one unbroken chain. */
function expectKept(path: string, saved: readonly number[], refused: readonly number[]): void {
  const { commands, end } = readOutbox(path, 0);
  const texts = commands.map(({ text }) => text);
  const wanted = saved.flatMap((no) => requestOf(no).texts);
  expect(texts.filter((text) => text !== null && wanted.includes(text))).toEqual(wanted);
  const unwanted = new Set(refused.flatMap((no) => requestOf(no).texts));
  expect(texts.filter((text) => text !== null && unwanted.has(text))).toEqual([]);
  expect(commands.map(({ n }) => n)).toEqual(commands.map((_, at) => at + 1));
  expect(commands.slice(1).every(({ prevHash }, at) => prevHash === commands[at]?.hash)).toBe(true);
  expect(end?.lastN).toBe(commands.length);
}

const largestIn = (folder: string): number =>
  Math.max(...readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, String(name))).size));

const mounts = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);

test.skipIf(mounts.status !== 0)(
  'threat 27 a disk that is full: acts are refused before they count as saved, what was saved stays, and work goes on once there is room',
  async () => {
    const dataDir = join(desk.folder, 'small');
    mkdirSync(dataDir);
    // A file system of its own, which goes with the process.
    const mount = 'mount -t tmpfs -o size=12m tmpfs "$0" && exec "$@"';
    const writer = begin(dataDir, ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, dataDir]);
    try {
      await signIn(writer);
      const outside = `/proc/${writer.pid}/root${dataDir}`;
      const { bavail, bsize } = statfsSync(outside);
      const ballast = join(outside, 'ballast');
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 300_000));
      writer.send({ kind: 'write', from: 0, ticketIds: [], pauseMs: 0, padding: 0 });
      // The cache may be the first to find no room: what was saved is not shown then, and nothing can be done to it.
      await expect.poll(() => codesOf(writer)).toContain('diskFull');
      expect(numbers(writer, 'saved').length).toBeGreaterThan(0);
      const [saved, refused] = [numbers(writer, 'saved'), numbers(writer, 'refused')];
      expectKept(copyOut(writer, outboxIn(outside)), saved, refused);

      rmSync(ballast);
      await expect.poll(() => numbers(writer, 'saved').some((no) => no > Math.max(...refused))).toBe(true);
      const after = [...numbers(writer, 'saved')];
      expectKept(copyOut(writer, outboxIn(outside)), after, numbers(writer, 'refused'));
    } finally {
      await writer.kill();
    }
  },
  120_000,
);

test('threat 27 a write that the system fails: acts are refused, and all that was saved is there when the file can be written again', async () => {
  const dataDir = join(desk.folder, 'failing');
  const first = begin(dataDir, []);
  await signIn(first);
  first.send({ kind: 'write', from: 0, ticketIds: [], pauseMs: 0, padding: 0 });
  await expect.poll(() => numbers(first, 'saved').length).toBeGreaterThan(2);
  await first.kill();
  const begun = numbers(first, 'saved');
  const [ticketId] = readOutbox(outboxIn(dataDir), 0).commands.map((command) => command.ticketId);
  // No file of this process may grow more than 2 MB beyond the largest that there is: the kernel fails the write, which SQLite can only
  // call an I/O error.
  const blocks = Math.ceil((largestIn(dataDir) + 2_000_000) / 512);
  const second = begin(dataDir, ['sh', '-c', `trap "" XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`]);
  await second.heard('open');
  const from = begun.length;
  second.send({ kind: 'write', from, ticketIds: Array(20).fill(ticketId), pauseMs: 0, padding: 40_000 });
  // What its cache cannot take costs it what is shown; the outbox fails in its turn.
  await expect.poll(() => codesOf(second), { timeout: 60_000 }).toContain('ioError');
  await second.kill();
  const saved = [...begun, ...numbers(second, 'saved')];
  expect(saved.length).toBeGreaterThan(20);

  const third = begin(dataDir, []);
  try {
    await third.heard('open');
    expectKept(outboxIn(dataDir), saved, numbers(second, 'refused'));
    const next = Math.max(...saved, ...numbers(second, 'refused')) + 1;
    third.send({ kind: 'write', from: Math.ceil(next / 12) * 12, ticketIds: [], pauseMs: 0, padding: 0 });
    await third.heard('saved');
  } finally {
    await third.kill();
  }
}, 120_000);
