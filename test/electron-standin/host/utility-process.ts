import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { app } from './app.ts';
import { lifecycle } from './lifecycle.ts';
import { FarPorts, takeEnds } from './ports.ts';
import { record } from './recorder.ts';
import { notImplemented, StandinEvent, StrictEmitter, strict } from './unimplemented.ts';
import type { FromUtility, UtilityWire } from './utility-wire.ts';

type ForkOptions = {
  env?: NodeJS.ProcessEnv;
  execArgv?: string[];
  cwd?: string;
  stdio?: 'pipe' | 'ignore' | 'inherit' | Array<'pipe' | 'ignore' | 'inherit'>;
  serviceName?: string;
  [key: string]: unknown;
};

const register = fileURLToPath(new URL('./utility-register.ts', import.meta.url));
const knownOptions = new Set([
  'env',
  'execArgv',
  'cwd',
  'stdio',
  'serviceName',
  'allowLoadingUnsignedLibraries',
  'respondToAuthRequestsFromMainProcess',
]);

/** A Node child of main with `process.parentPort`. It ends when main does, as in Electron. */
class UtilityProcess extends StrictEmitter {
  pid: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  #child: ChildProcess;
  #ports: FarPorts;

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super('utilityProcess', ['spawn', 'exit', 'message', 'error'], []);
    for (const key of Object.keys(options))
      if (!knownOptions.has(key)) notImplemented(`utilityProcess.fork option ${key}`);
    const stdio = [options.stdio ?? 'inherit'].flat();
    const [, out = stdio[0] ?? 'inherit', err = out] =
      stdio.length === 1 ? ['ignore' as const, stdio[0], stdio[0]] : stdio;
    const child = fork(modulePath, args, {
      execPath: process.execPath,
      execArgv: ['--import', register, ...(options.execArgv ?? [])],
      cwd: options.cwd ?? process.cwd(),
      env: options.env ?? process.env,
      serialization: 'advanced',
      stdio: ['ignore', out, err, 'ipc'],
    });
    this.#child = child;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    const send = (message: UtilityWire): void => {
      if (child.connected) child.send(message, undefined, undefined, () => {});
    };
    this.#ports = new FarPorts(
      'h',
      (port, data, ports) => send({ t: 'port', port, data, ports }),
      (port) => send({ t: 'port-close', port }),
    );
    this.postMessage = (message, transfer = []) => {
      const ports = takeEnds(transfer).map((end) => this.#ports.give(end));
      send({ t: 'message', data: message, ports });
    };
    const name = options.serviceName ?? 'Node Utility Process';
    child.on('spawn', () => {
      this.pid = child.pid;
      record('utility.spawn', { name, modulePath, pid: child.pid });
      this.emit('spawn');
    });
    child.on('message', (message) => this.#receive(message as FromUtility));
    child.on('error', (error) => record('utility.error', { name, error }));
    child.on('exit', (code, signal) => {
      this.pid = undefined;
      this.#ports.closeAll();
      record('utility.exit', { name, code, signal });
      this.emit('exit', code ?? 1);
      if (code !== 0) {
        const details = {
          type: 'Utility',
          reason: signal === null ? 'abnormal-exit' : 'killed',
          exitCode: code ?? 1,
          name,
          serviceName: 'node.mojom.NodeService',
        };
        app.emit('child-process-gone', new StandinEvent(), details);
      }
    });
  }

  postMessage: (message: unknown, transfer?: readonly object[]) => void;

  kill(): boolean {
    return this.#child.kill();
  }

  #receive(message: FromUtility): void {
    if ('type' in message) record(`utility:${message.record.kind}`, message.record.data);
    else if (message.t === 'message') this.emit('message', message.data);
    else if (message.t === 'port') this.#ports.fromFar(message.port, message.data, message.ports);
    else this.#ports.closedByFar(message.port);
  }
}

export const utilityProcess = strict('utilityProcess (module)', {
  fork: (modulePath: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess => {
    if (!lifecycle.ready) throw new Error('utilityProcess cannot be created before app is ready.');
    return strict('utilityProcess', new UtilityProcess(modulePath, args, options));
  },
});
