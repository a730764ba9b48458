import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

const messageSchema = z.union([
  z.object({ id: z.int(), value: z.unknown() }),
  z.object({ id: z.int(), failed: z.string() }),
  z.object({ event: z.string(), value: z.unknown() }),
]);

/** A process of a peer that does what it is asked by name. */
export interface PeerProcess {
  readonly pid: number;
  call(method: string, params?: unknown): Promise<unknown>;
  on(event: string, hear: (value: unknown) => void): void;
  /** SIGKILL: nothing is closed, nothing is flushed. */
  kill(): Promise<void>;
  /** Lets it close its files, then ends it. */
  stop(): Promise<void>;
}

const STOP_MS = 10_000;

/** Starts a module of this folder as a process of its own. Calls under way when it ends are rejected. */
export function startPeerProcess(
  module: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): PeerProcess {
  const child: ChildProcess = fork(module, args, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const hearers = new Map<string, (value: unknown) => void>();
  let next = 0;
  child.on('message', (raw) => {
    const message = messageSchema.parse(raw);
    if ('event' in message) return hearers.get(message.event)?.(message.value);
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failed' in message) call?.reject(new Error(message.failed));
    else call?.resolve(message.value);
  });
  child.once('exit', (code, signal) => {
    for (const call of waiting.values()) call.reject(new Error(`${module} ended (${code ?? signal})`));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    call(method, params = null) {
      const call = Promise.withResolvers<unknown>();
      const id = next++;
      waiting.set(id, call);
      child.send({ id, method, params }, (error) => {
        if (error !== null) call.reject(error);
      });
      return call.promise;
    },
    on(event, hear) {
      hearers.set(event, hear);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(timer);
    },
  };
}
