import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleError } from '../../src/protocol/console/client.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../src/protocol/console/methods.ts';
import type { Result } from '../../src/shared/result.ts';
import type { PlantName } from '../plants/index.ts';
import { type Arm, type Files, type FromConsole, FULL_FROM_THE_START, type ToConsole } from './wire.ts';

/** Exit code of a console that would not start, as it had said before. */
const REFUSED = 3;
const program = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Answer<M extends ConsoleMethod> {
  readonly result: Result<ConsoleResult<M>, ConsoleError>;
  readonly written: readonly string[];
}
export type Start = 'ready' | 'died' | { readonly refused: string };
/** How the process of a console ended. */
export type End =
  /** By the harness. */
  | { readonly kind: 'killed' }
  /** It would not start, and had said so. */
  | { readonly kind: 'refused' }
  /** By the hook that it had been armed with. `takenBack`: after that was taken back, which it had not heard of yet. */
  | { readonly kind: 'armed'; readonly at: Arm['at']; readonly takenBack: boolean }
  /** By the harness, for it did not answer. */
  | { readonly kind: 'hung'; readonly what: string }
  /** `how`: an exit code or a signal. */
  | { readonly kind: 'itself'; readonly how: string };

export interface MachineOptions {
  readonly number: number;
  readonly user: string;
  /** As the process of the console sees it. */
  readonly dataDir: string;
  /** The same folder as the harness sees it. */
  readonly outside: string;
  /** What is put before the program, to run it where its disk is. */
  readonly enter: readonly string[];
  readonly storeUrl: string;
  readonly plant: PlantName | null;
  readonly logFile: string;
  /** An answer and a start that take longer are those of a process that hangs: it is killed. */
  readonly patienceMs: number;
  onEnd(machine: Machine, end: End): void;
}
/** One console: a process that comes and goes, on a disk that stays. */
export interface Machine extends Omit<MachineOptions, 'onEnd'> {
  start(): Promise<Start>;
  up(): boolean;
  /** Resolves when the process that runs now has ended; at once where none runs, with the end of the last one. */
  ended(): Promise<End>;
  /** Null: the process died before it answered, or was killed because it did not. */
  call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<Answer<M> | null>;
  /** From its files, as they lie there. Null: it is not running. */
  read<What extends keyof Files>(what: What): Promise<Files[What] | null>;
  /** `after` 0: not any more. */
  arm(arm: Arm): void;
  /** Injected, where it has no disk of its own that could be filled: said to its process, and to those that are started while it lasts. */
  fill(full: boolean): void;
  kill(): Promise<void>;
}

export function createMachine(options: MachineOptions): Machine {
  let child: ChildProcess | null = null;
  let ready = false;
  let asked = 0;
  let ended: Promise<End> = Promise.resolve({ kind: 'killed' });
  let killed = false;
  /** As it was told last; `after` 0: not to, and it may not have heard of it yet. Null: it never was. */
  let armed: Arm | null = null;
  let hung: string | null = null;
  let full = false;
  const waiting = new Map<number, (answer: unknown) => void>();

  function start(): Promise<Start> {
    if (child !== null) return Promise.resolve(ready ? 'ready' : 'died');
    killed = false;
    armed = null;
    hung = null;
    const log = openSync(options.logFile, 'a');
    const command = [
      ...options.enter,
      process.execPath,
      program,
      options.dataDir,
      options.storeUrl,
      options.plant ?? '',
    ];
    const [file = '', ...args] = command;
    const running = spawn(file, args, {
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...(full ? { [FULL_FROM_THE_START]: '1' } : {}) },
    });
    closeSync(log);
    child = running;
    const over = Promise.withResolvers<End>();
    ended = over.promise;
    const begun = Promise.withResolvers<Start>();
    const late = setTimeout(() => hang('did not start'), options.patienceMs);
    running.on('message', (message: FromConsole) => {
      if (message.kind === 'answer' || message.kind === 'files') {
        waiting.get(message.id)?.(message.kind === 'files' ? message.value : message);
        waiting.delete(message.id);
      } else if (message.kind === 'ready') {
        ready = true;
        clearTimeout(late);
        begun.resolve('ready');
      } else begun.resolve({ refused: message.code });
    });
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      if (child !== running) return;
      child = null;
      ready = false;
      for (const settle of waiting.values()) settle(null);
      waiting.clear();
      clearTimeout(late);
      begun.resolve('died');
      const how = endOf(code, signal);
      over.resolve(how);
      options.onEnd(machine, how);
    };
    running.on('exit', end);
    running.on('error', () => end(-1, null));
    return begun.promise;
  }

  function endOf(code: number | null, signal: NodeJS.Signals | null): End {
    if (hung !== null) return { kind: 'hung', what: hung };
    if (killed) return { kind: 'killed' };
    if (code === REFUSED) return { kind: 'refused' };
    if (armed !== null && signal === 'SIGKILL') return { kind: 'armed', at: armed.at, takenBack: armed.after === 0 };
    return { kind: 'itself', how: String(code ?? signal) };
  }
  /** A process that hangs would hang whoever asked it. */
  function hang(what: string): void {
    hung = `${what} within ${Math.round(options.patienceMs / 1000)} s`;
    child?.kill('SIGKILL');
  }
  const send = (message: ToConsole) => void child?.send(message, () => undefined);
  /** The console process has checked what it says against the contract of the method; its files are read by our own code. */
  function ask<T>(what: string, message: (id: number) => ToConsole): Promise<T | null> {
    if (child === null || !ready) return Promise.resolve(null);
    asked += 1;
    const id = asked;
    return new Promise((resolve) => {
      const late = setTimeout(() => hang(`did not answer ${what}`), options.patienceMs);
      waiting.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer as T | null);
      });
      send(message(id));
    });
  }
  const machine: Machine = {
    ...options,
    start,
    up: () => ready,
    ended: () => ended,
    call: (method, params) => ask(method, (id) => ({ kind: 'call', id, method, params })),
    read: (what) => ask(`a look at its ${what}`, (id) => ({ kind: 'read', id, what })),
    arm(arm) {
      armed = arm;
      send({ kind: 'arm', arm });
    },
    fill(isFull) {
      full = isFull;
      send({ kind: 'fill', full });
    },
    async kill() {
      killed = true;
      child?.kill('SIGKILL');
      await ended;
    },
  };
  return machine;
}

export const machineLog = (folder: string, number: number): string => join(folder, `console-${number}.log`);
