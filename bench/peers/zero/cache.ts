import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requirePeer } from '../pouchdb/pouch.ts';

const READY_MS = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts zero-cache over a database; its replica is a file of its own. */
export async function startZeroCache(folder: string, databaseUrl: string, apiUrl: string) {
  const port = await freePort();
  const cli = join(dirname(requirePeer.resolve('@rocicorp/zero')), 'cli.js');
  const child = spawn(process.execPath, [cli], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DO_NOT_TRACK: '1',
      ZERO_UPSTREAM_DB: databaseUrl,
      ZERO_REPLICA_FILE: join(folder, 'replica.db'),
      ZERO_PORT: String(port),
      ZERO_QUERY_URL: `${apiUrl}/query`,
      ZERO_MUTATE_URL: `${apiUrl}/mutate`,
      ZERO_NUM_SYNC_WORKERS: '1',
      ZERO_LOG_LEVEL: 'error',
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-4_000);
    });
  const ended = once(child, 'exit');
  const runs = () => child.exitCode === null && child.signalCode === null;
  // Its workers are processes in groups of their own: this signal, unlike a kill, makes it end them at once.
  const end = () => child.kill('SIGQUIT');
  process.once('exit', end);
  async function stop(): Promise<void> {
    process.off('exit', end);
    if (!runs()) return;
    end();
    await ended;
  }
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; ; waited += 200) {
    if (!runs() || waited > READY_MS) {
      await stop();
      throw new Error(`zero-cache did not start: ${said}`);
    }
    const answer = await fetch(`${url}/keepalive`).catch(() => null);
    if (answer?.ok === true) return { url, stop };
    await sleep(200);
  }
}
