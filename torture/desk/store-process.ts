import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Longer it does not take to answer, nor to end when it is asked to. */
  readonly patienceMs: number;
  /** What it did that no store does: it ended by itself (BUG), or did not answer or end in time (HANG). In words. */
  onFault(rule: 'BUG' | 'HANG', words: string): void;
}
/** One process of `serve`, kept running as a service manager would: started anew a moment after it ended. */
export interface StoreProcess {
  readonly number: number;
  readonly port: number;
  /** Keeps it running from now on. Resolves when it answers, or with false when that takes too long: accused, and tried on. */
  start(): Promise<boolean>;
  /** kill -9; started again by `start`. */
  kill(): Promise<void>;
  /** Asks it to end, as an operator does before a restore; kills it when it does not. */
  stop(): Promise<void>;
  /**
   * Its hook ends it around the commit of its next push, and it stays down for `downMs`. False: it was not pushed to until `patience` ended, or ended
   * otherwise.
   */
  dieAround(at: 'before' | 'after', downMs: number, patience: Promise<void>): Promise<boolean>;
}

const AGAIN_MS = 300;

export function createStoreProcess(options: StoreOptions): StoreProcess {
  const { number, port, databaseUrl, logFile, armFile, patienceMs } = options;
  const seconds = Math.round(patienceMs / 1000);
  let lastEnd = 'it never ended';
  let wanted = false;
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  /** Its end is ours: not a fault of the store. */
  let expected = false;
  /** Its hook may end it, or may have been told so and not to. */
  let armed = false;
  let againMs = AGAIN_MS;
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
    armed = false;
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
      lastEnd = `it ended with ${code ?? signal} last`;
      const isOurs = expected || (armed && signal === 'SIGKILL');
      if (ready && !isOurs) options.onFault('BUG', `ended by itself with ${code ?? signal}`);
      // Refused by a database that is not there yet: again, a moment later.
      if (wanted) setTimeout(launch, againMs);
      againMs = AGAIN_MS;
    });
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    wanted = false;
    expected = true;
    child?.kill(signal);
    if (await within(ended.then(() => true))) return;
    options.onFault('HANG', `did not end within ${seconds} s of ${signal}`);
    child?.kill('SIGKILL');
    await ended;
  };
  /** @returns false when it takes too long */
  async function within(work: Promise<true>): Promise<boolean> {
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), patienceMs);
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    number,
    port,
    async start() {
      wanted = true;
      launch();
      const answered = await within(answers.promise.then(() => true));
      if (!answered && wanted) options.onFault('HANG', `did not answer within ${seconds} s; ${lastEnd}`);
      return answered;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async dieAround(at, downMs, patience) {
      const file = `${armFile}.${at}`;
      if (child === null) return false;
      armed = true;
      againMs = Math.max(AGAIN_MS, downMs);
      writeFileSync(file, '');
      const over = await Promise.race([ended.then(() => true), patience.then(() => false)]);
      // The hook takes it away before it kills: who ended otherwise leaves it.
      const byHook = over && !existsSync(file);
      rmSync(file, { force: true });
      if (!over) againMs = AGAIN_MS;
      return byHook;
    },
  };
}
