import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findPostgresBinaries } from './binaries.ts';
import { chooseRunner, type PostgresRunner } from './runner.ts';
import { clearStalePostmaster } from './stale.ts';

export interface EmbeddedPostgres {
  readonly pid: number;
  readonly port: number;
  /** Connection URL of a database of this cluster; `postgres` is there from the start. */
  url(database: string): string;
  /** Fast shutdown: ends connections, writes a checkpoint. Idempotent. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, asked or not. */
  readonly ended: Promise<void>;
}
export interface EmbeddedOptions {
  /** Made when missing, 0700. */
  readonly folder: string;
  /** False gives up durability for speed: throw-away clusters of tests only. */
  readonly durable: boolean;
}

const USER = 'chasqui';
const run = promisify(execFile);

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

/** The cluster appears under its final name only when initdb has finished, so a start that was cut is simply repeated. */
async function createCluster(runner: PostgresRunner, folder: string, cluster: string, durable: boolean) {
  const passwordFile = join(folder, 'password');
  const draft = `${cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await runner.adopt(passwordFile);
  const settings = ['--auth=scram-sha-256', `--username=${USER}`, '--encoding=UTF8', '--locale=C', '--no-instructions'];
  const command = runner.command(runner.binaries.initdb, [
    `--pgdata=${draft}`,
    `--pwfile=${passwordFile}`,
    ...settings,
    ...(durable ? [] : ['--no-sync']),
  ]);
  await run(command.file, command.args, { cwd: folder, uid: command.uid, gid: command.gid });
  await rename(draft, cluster);
}

async function untilReady(child: ChildProcess, cluster: string, logFile: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 20) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`PostgreSQL did not start: ${log.trim().split('\n').slice(-3).join(' | ')}`);
    }
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    // The eighth line is the server's own word on its state.
    if (lines[7]?.trim() === 'ready' && lines[0] === String(child.pid)) return;
    await sleep(20);
  }
  throw new Error('PostgreSQL was not ready within a minute');
}

async function launch(runner: PostgresRunner, cluster: string, logFile: string, durable: boolean) {
  const port = await freePort();
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '120',
    shared_buffers: '192MB',
    jit: 'off',
    password_encryption: 'scram-sha-256',
    ...(durable
      ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = runner.command(runner.binaries.postgres, ['-D', cluster, ...flags]);
  const log = await open(logFile, 'a', 0o600);
  const child = spawn(command.file, command.args, {
    cwd: cluster,
    stdio: ['ignore', log.fd, log.fd],
    uid: command.uid,
    gid: command.gid,
    windowsHide: true,
    // A Ctrl-C of the terminal must not reach the database before the store has closed its connections.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await log.close();
  try {
    await untilReady(child, cluster, logFile);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return { child, port, ended };
}

/** Starts the PostgreSQL of npm in `folder` on a random loopback port, making its cluster first where there is none. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const found = await findPostgresBinaries();
  if (found === null) throw new Error('there is no embedded PostgreSQL for this platform: give --database-url');
  const runner = await chooseRunner(found);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const folder = await realpath(options.folder);
  await runner.adopt(folder);
  const cluster = join(folder, 'cluster');
  const logFile = join(folder, 'postgres.log');
  if (existsSync(cluster)) await clearStalePostmaster(cluster);
  else await createCluster(runner, folder, cluster, options.durable);
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
  let server: Awaited<ReturnType<typeof launch>> | null = null;
  // Between finding a free port and taking it another program may be faster.
  for (let attempt = 1; server === null; attempt++) {
    try {
      server = await launch(runner, cluster, logFile, options.durable);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
  const { child, port, ended } = server;
  let stopping: Promise<void> | null = null;
  return {
    pid: child.pid ?? 0,
    port,
    ended,
    url: (database) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => {
      stopping ??= (async () => {
        child.kill('SIGINT');
        const timer = setTimeout(() => child.kill('SIGQUIT'), 15_000);
        await ended;
        clearTimeout(timer);
      })();
      return stopping;
    },
  };
}
