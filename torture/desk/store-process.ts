import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const main = source('../../src/store/main.ts');
const dieWithParent = source('../../launcher/boot/die-with-parent.js');

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

export interface StoreOptions {
  readonly number: number;
  readonly port: number;
  readonly databaseUrl: string;
  readonly logFile: string;
  /** Name of the file that arms its hook, without the end that says when. */
  readonly armFile: string;
  /** Modules loaded before it, besides the hook. */
  readonly preload: readonly string[];
  /** It answered already, and ended though nobody had killed it. */
  onEnd(code: number | null): void;
}
/** One process of `serve`, kept running as a service manager would: started anew a moment after it ended. */
export interface StoreProcess {
  readonly number: number;
  readonly port: number;
  /** Keeps it running from now on. Resolves when it answers. */
  start(): Promise<void>;
  /** kill -9; started again by `start`. */
  kill(): Promise<void>;
  /** Asks it to end, as an operator does before a restore. */
  stop(): Promise<void>;
  /** It dies around the commit of its next push. False: it was not pushed to until `patience` ended. */
  dieAround(at: 'before' | 'after', patience: Promise<void>): Promise<boolean>;
}

export function createStoreProcess(options: StoreOptions): StoreProcess {
  const { number, port, databaseUrl, logFile, armFile } = options;
  let wanted = false;
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  /** Its end is ours: not a fault of the store. */
  let expected = false;
  let answers = Promise.withResolvers<void>();

  function launch(): void {
    if (!wanted || child !== null) return;
    const log = openSync(logFile, 'a');
    const preload = [dieWithParent, source('./store-hook.ts'), ...options.preload].flatMap((path) => [
      '--import',
      path,
    ]);
    const serve = ['serve', '--database-url', databaseUrl, '--port', String(port), '--json', '--log-level', 'warn'];
    const running = spawn(process.execPath, [...preload, main, ...serve], {
      stdio: ['ignore', 'pipe', log],
      env: { ...process.env, TORTURE_ARM: armFile, CHASQUI_PARENT: String(process.pid) },
    });
    closeSync(log);
    child = running;
    expected = false;
    let ready = false;
    running.stdout?.on('data', (text: Buffer) => {
      if (!text.includes('"store"')) return;
      ready = true;
      answers.resolve();
    });
    const over = Promise.withResolvers<void>();
    ended = over.promise;
    running.on('exit', (code, signal) => {
      child = null;
      if (ready) answers = Promise.withResolvers();
      over.resolve();
      // Its own hook kills it by the same signal.
      if (ready && !expected && signal !== 'SIGKILL') options.onEnd(code);
      // Refused by a database that is not there yet: again, a moment later.
      if (wanted) setTimeout(launch, 300);
    });
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    wanted = false;
    expected = true;
    child?.kill(signal);
    await ended;
  };
  return {
    number,
    port,
    start() {
      wanted = true;
      launch();
      return answers.promise;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async dieAround(at, patience) {
      const file = `${armFile}.${at}`;
      const dying = child;
      if (dying === null) return false;
      writeFileSync(file, '');
      const died = await Promise.race([ended.then(() => true), patience.then(() => false)]);
      rmSync(file, { force: true });
      return died;
    },
  };
}
