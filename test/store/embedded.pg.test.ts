import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/db/pool.ts';
import { isAlive } from '../../src/store/embedded/stale.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

const entry = fileURLToPath(new URL('../support/hold-postgres.ts', import.meta.url));
const folders: string[] = [];
const running: EmbeddedPostgres[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-embedded-'));
  folders.push(folder);
  return folder;
};
const start = async (folder: string) => {
  const postgres = await startEmbeddedPostgres({ folder, durable: true });
  running.push(postgres);
  return postgres;
};
afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const ask = async (url: string, text: string) => {
  const db = openDatabase({ url, maxConnections: 1, onIdleError: () => undefined });
  try {
    return (await db.pool.query(text)).rows;
  } finally {
    await db.close();
  }
};
const gone = async (pid: number) => {
  for (let waited = 0; waited < 60_000 && isAlive(pid); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return !isAlive(pid);
};

/** Another process that starts the cluster and holds it; resolves with the pid of PostgreSQL. */
async function holder(folder: string) {
  const child = spawn(process.execPath, [entry, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    child.once('exit', () => reject(new Error('the holder ended')));
  });
  return { child, pid };
}

describe('embedded PostgreSQL', () => {
  it('is durable, listens on loopback alone, and keeps its password to its owner', async () => {
    const folder = await newFolder();
    const postgres = await start(folder);
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'password_encryption'];
    const [row] = await ask(
      postgres.url('postgres'),
      `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`,
    );
    expect(row).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      password_encryption: 'scram-sha-256',
    });
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
    await expect(ask(postgres.url('postgres').replace(password, 'other'), 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
  });

  it('ends with the process that started it, killed or not, and the next start finds the data', async () => {
    const folder = await newFolder();
    const first = await holder(folder);
    first.child.kill('SIGKILL');
    expect(await gone(first.pid)).toBe(true);
    const postgres = await start(folder);
    await ask(postgres.url('postgres'), 'create table kept as select 7 as n');
    await postgres.stop();
    const again = await start(folder);
    expect(await ask(again.url('postgres'), 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('a pid file that a power cut left behind, naming a process that is another program now, is no obstacle', async () => {
    const folder = await newFolder();
    const postgres = await start(folder);
    await postgres.stop();
    await writeFile(
      join(folder, 'cluster', 'postmaster.pid'),
      `${process.pid}\n${join(folder, 'cluster')}\n1\n1\n\n\n\nready\n`,
    );
    const again = await start(folder);
    expect(await ask(again.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(isAlive(process.pid)).toBe(true);
  });

  it('a start that was cut in the middle of initdb is simply repeated', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'cluster.new'), 'half of something');
    const postgres = await start(folder);
    expect(await ask(postgres.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});
