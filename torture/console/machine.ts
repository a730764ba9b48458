import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleError } from '../../src/protocol/console/client.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../src/protocol/console/methods.ts';
import type { Result } from '../../src/shared/result.ts';
import type { PlantName } from '../plants/index.ts';
import type { Arm, Files, FromConsole, ToConsole } from './wire.ts';

/** Exit code of a console that would not start, as it had said before. */
const REFUSED = 3;
const program = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Answer<M extends ConsoleMethod> {
  readonly result: Result<ConsoleResult<M>, ConsoleError>;
  readonly written: readonly string[];
}
export type Start = 'ready' | 'died' | { readonly refused: string };

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
  /**
   * The process ended and nobody had killed it. `code`: how, as an exit code or a signal; null: by the hook that it had been armed with, after that was
   * taken back.
   */
  onEnd(machine: Machine, code: string | null): void;
}
/** One console: a process that comes and goes, on a disk that stays. */
export interface Machine extends Omit<MachineOptions, 'onEnd'> {
  /** Not to be started before: a disk that is being damaged or copied. */
  held: boolean;
  start(): Promise<Start>;
  up(): boolean;
  /** Resolves when the process that runs now has ended; at once where none runs. */
  ended(): Promise<void>;
  /** Null: the process died before it answered. */
  call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<Answer<M> | null>;
  /** From its files, as they lie there. Null: it is not running. */
  read<What extends keyof Files>(what: What): Promise<Files[What] | null>;
  /** `after` 0: not any more. */
  arm(arm: Arm): void;
  /** Injected, where it has no disk of its own that could be filled. */
  fill(full: boolean): void;
  kill(): Promise<void>;
}

export function createMachine(options: MachineOptions): Machine {
  let child: ChildProcess | null = null;
  let ready = false;
  let asked = 0;
  let ended: Promise<void> = Promise.resolve();
  let killed = false;
  /** Writes until it dies, as it was told last; 0: it was told not to, and may not have heard of it yet. Null: it never was. */
  let armed: number | null = null;
  const waiting = new Map<number, (answer: unknown) => void>();

  function start(): Promise<Start> {
    if (child !== null) return Promise.resolve(ready ? 'ready' : 'died');
    killed = false;
    armed = null;
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
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    closeSync(log);
    child = running;
    const over = Promise.withResolvers<void>();
    ended = over.promise;
    const begun = Promise.withResolvers<Start>();
    running.on('message', (message: FromConsole) => {
      if (message.kind === 'answer' || message.kind === 'files') {
        waiting.get(message.id)?.(message.kind === 'files' ? message.value : message);
        waiting.delete(message.id);
      } else if (message.kind === 'ready') {
        ready = true;
        begun.resolve('ready');
      } else begun.resolve({ refused: message.code });
    });
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      if (child !== running) return;
      child = null;
      ready = false;
      for (const settle of waiting.values()) settle(null);
      waiting.clear();
      begun.resolve('died');
      over.resolve();
      const asArmed = armed !== null && signal === 'SIGKILL';
      if (killed || code === REFUSED || (asArmed && armed !== 0)) return;
      options.onEnd(machine, asArmed ? null : String(code ?? signal));
    };
    running.on('exit', end);
    running.on('error', () => end(-1, null));
    return begun.promise;
  }

  const send = (message: ToConsole) => void child?.send(message, () => undefined);
  /** The console process has checked what it says against the contract of the method; its files are read by our own code. */
  function ask<T>(message: (id: number) => ToConsole): Promise<T | null> {
    if (child === null || !ready) return Promise.resolve(null);
    asked += 1;
    const id = asked;
    return new Promise((resolve) => {
      waiting.set(id, (answer) => resolve(answer as T | null));
      send(message(id));
    });
  }
  const machine: Machine = {
    ...options,
    held: false,
    start,
    up: () => ready,
    ended: () => ended,
    call: (method, params) => ask((id) => ({ kind: 'call', id, method, params })),
    read: (what) => ask((id) => ({ kind: 'read', id, what })),
    arm(arm) {
      armed = arm.after;
      send({ kind: 'arm', arm });
    },
    fill: (full) => send({ kind: 'fill', full }),
    async kill() {
      killed = true;
      child?.kill('SIGKILL');
      await ended;
    },
  };
  return machine;
}

export const machineLog = (folder: string, number: number): string => join(folder, `console-${number}.log`);
