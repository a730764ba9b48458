import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Plant } from './plants.ts';
import { type FromWriter, fromWriterSchema, type ToWriter } from './words.ts';

const program = fileURLToPath(new URL('./writer.ts', import.meta.url));

/** How one life went. */
export interface Life {
  readonly said: readonly FromWriter[];
  /** Exit code or signal of a writer that ended before it was killed; null: the kill ended it. */
  readonly endedItself: string | null;
}
/** It did not say what was waited for. */
export class WriterSilent extends Error {
  readonly what: 'ended' | 'hung';
  constructor(what: 'ended' | 'hung', kind: string) {
    super(what === 'ended' ? `the writer ended before it said ${kind}` : `the writer did not say ${kind} in time`);
    this.what = what;
  }
}
export interface Writer {
  readonly pid: number;
  /** Everything that it said so far. */
  said(): readonly FromWriter[];
  send(message: ToWriter): void;
  /** Resolves with the first message of this kind; rejects with `WriterSilent` when the process ends before it, or lets itself be waited for too long. */
  heard<K extends FromWriter['kind']>(kind: K): Promise<Extract<FromWriter, { kind: K }>>;
  /** SIGKILL. */
  kill(): Promise<Life>;
}
export interface WriterOptions {
  readonly dataDir: string;
  readonly storeUrl: string;
  readonly plant: Plant | null;
  /** Put before the program, to run it where its disk is. */
  readonly enter?: readonly string[];
  /** Where Node keeps what it compiled: a process that is killed cannot, so the next start would be twice the work. */
  readonly compiled: string;
  /** File descriptor for what it logs. */
  readonly stderr: number | 'inherit' | 'ignore';
  /** Longest wait for one message. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;

export function startWriter(options: WriterOptions): Writer {
  const { dataDir, storeUrl, plant, enter = [], stderr, compiled, patienceMs = PATIENCE_MS } = options;
  const command = [...enter, process.execPath, program, dataDir, storeUrl, ...(plant === null ? [] : [plant])];
  const [file = '', ...args] = command;
  const child: ChildProcess = spawn(file, args, {
    stdio: ['pipe', 'pipe', stderr],
    env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: compiled },
  });
  const said: FromWriter[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  let killed = false;
  let endedItself: string | null = null;
  child.once('exit', (code, signal) => {
    if (!killed || signal !== 'SIGKILL') endedItself = String(code ?? signal);
  });
  const look = () => {
    for (const one of [...waiting]) one();
  };
  child.stdin?.on('error', () => undefined);
  if (child.stdout === null) throw new Error('a writer says what it does');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const message = parsed(line);
    if (message !== null) said.push(message);
    look();
  });
  const ended = Promise.all([
    new Promise((resolve) => child.once('close', resolve)),
    new Promise((resolve) => lines.once('close', resolve)),
  ]).then(() => {
    over = true;
    look();
  });
  return {
    pid: child.pid ?? 0,
    said: () => said,
    send: (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
    heard: (kind) =>
      new Promise((resolve, reject) => {
        const isIt = (message: FromWriter): message is Extract<FromWriter, { kind: typeof kind }> =>
          message.kind === kind;
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new WriterSilent('hung', kind));
        }, patienceMs);
        const check = () => {
          const found = said.find(isIt);
          if (found === undefined && !over) return;
          waiting.delete(check);
          clearTimeout(timer);
          if (found === undefined) reject(new WriterSilent('ended', kind));
          else resolve(found);
        };
        waiting.add(check);
        check();
      }),
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      await ended;
      return { said, endedItself };
    },
  };
}

/** A line that the kill cut in two says nothing. */
function parsed(line: string): FromWriter | null {
  try {
    return fromWriterSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
