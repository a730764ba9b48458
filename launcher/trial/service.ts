import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Sentence } from './sentence.ts';

const LOG_LIMIT = 5_000_000;
const GRACE_MS = 15_000;
/** Generous, for slow disks: it is there so that a start never waits for ever. */
const READY_MS = 5 * 60 * 1000;

export type Program = { file: string; args: string[]; env?: Record<string, string> };

export type Service = {
  pid: number;
  /** The first stdout line that begins with `{`, once the service is ready. Rejects with a Sentence if it ends before. */
  ready: Promise<string>;
  /** Settles when the process is gone, with its exit code (null for a signal). */
  ended: Promise<number | null>;
  /** Tells it to end, and ends it and its group after a while. */
  stop: () => Promise<void>;
};

function openLog(dir: string, name: string): { file: string; fd: number } {
  const logs = join(dir, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const file = join(logs, `${name}.log`);
  const large = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT;
  return { file, fd: openSync(file, large ? 'w' : 'a', 0o600) };
}

function lastWords(file: string, from: number): string {
  const said = readFileSync(file, 'utf8').slice(from).trim().split('\n').slice(-6).join('\n');
  return said === '' ? 'It said nothing.' : said;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // gone already
  }
}

/**
 * Starts a long-running program in a process group of its own, so that the terminal's Ctrl-C reaches it only through us
 * and in order. It holds the end of a pipe as its stdin: our death, however sudden, closes it, and the program ends.
 * @param title names it in messages
 * @param dir the data folder; what the program says goes to a log in it
 */
export function startService(title: string, name: string, dir: string, program: Program): Service {
  const { file: logFile, fd } = openLog(dir, name);
  const before = readFileSync(logFile, 'utf8').length;
  const child = spawn(program.file, program.args, {
    stdio: ['pipe', 'pipe', fd],
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...process.env, ...program.env, CHASQUI_PARENT: String(process.pid) },
  });
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
  const ready = new Promise<string>((resolve, reject) => {
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('{') && resolve(line));
    }
    setTimeout(
      () => reject(new Sentence(`${title} is not ready after five minutes; ${logFile} says more.`)),
      READY_MS,
    ).unref();
    child.once('error', (error) => reject(new Sentence(`${title} could not be started: ${error.message}`)));
    // 'close' and not 'exit': a last line may still be on its way when the process is gone.
    child.once('close', (code, signal) =>
      reject(
        new Sentence(
          `${title} ended before it was ready (${signal ?? code}). Its last words:\n${lastWords(logFile, before)}\nAll of them: ${logFile}`,
        ),
      ),
    );
  });
  // A service that ends while nobody waits for it to be ready is reported by `ended`.
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    ready,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin?.end();
      child.kill('SIGTERM');
      const force = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
