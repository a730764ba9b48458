import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Plant } from './plants.ts';
import { type FromWriter, fromWriterSchema, type ToWriter } from './words.ts';

const program = fileURLToPath(new URL('./writer.ts', import.meta.url));

export interface Writer {
  readonly pid: number;
  /** Everything that it said so far. */
  said(): readonly FromWriter[];
  send(message: ToWriter): void;
  /** Resolves with the first message of this kind; rejects when the process ends before it. */
  heard<K extends FromWriter['kind']>(kind: K): Promise<Extract<FromWriter, { kind: K }>>;
  /** SIGKILL. @returns everything that it said in its life */
  kill(): Promise<readonly FromWriter[]>;
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
}

export function startWriter({ dataDir, storeUrl, plant, enter = [], stderr, compiled }: WriterOptions): Writer {
  const command = [...enter, process.execPath, program, dataDir, storeUrl, ...(plant === null ? [] : [plant])];
  const [file = '', ...args] = command;
  const child: ChildProcess = spawn(file, args, {
    stdio: ['pipe', 'pipe', stderr],
    env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: compiled },
  });
  const said: FromWriter[] = [];
  const waiting = new Set<() => void>();
  let over = false;
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
        const check = () => {
          const found = said.find(isIt);
          if (found === undefined && !over) return;
          waiting.delete(check);
          if (found === undefined) reject(new Error(`the writer ended before it said ${kind}`));
          else resolve(found);
        };
        waiting.add(check);
        check();
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
      return said;
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
