import { mkdirSync, realpathSync } from 'node:fs';
import { z } from 'zod';
import type { ElectronChoice } from './electron.ts';
import type { StartOptions } from './options.ts';
import { isPortFree } from './ports.ts';
import type { Programs } from './programs.ts';
import { readRunning, type TrialStore } from './running.ts';
import { Sentence } from './sentence.ts';
import { type Service, startService } from './service.ts';
import { type OpenedStore, openTrialStore } from './store.ts';

export type StartDeps = {
  /** Absolute path of the data folder. */
  dir: string;
  programs: Programs;
  chooseElectron: () => Promise<ElectronChoice>;
  /** For people: stdout, or stderr where stdout carries JSON. */
  say: (line: string) => void;
  print: (line: string) => void;
  /** Aborted when we are told to end. */
  signal: AbortSignal;
};

const consoleLineSchema = z.object({ console: z.object({ url: z.string() }) });

type Opened = { service: Service; url: string | null };

/** @returns its real path, for it names the lock: two names of one folder must not start two stores. */
function makeDir(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return realpathSync(dir);
  } catch (error) {
    throw new Sentence(
      `The data folder ${dir} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Before anything is started, while it is cheap; a console of ours on that folder brings itself forward instead. */
async function refuseTakenPort(options: StartOptions, dir: string): Promise<void> {
  const { port } = options;
  if (port === null || port === 0 || readRunning(dir) !== null || (await isPortFree(port))) return;
  throw new Sentence(`Port ${port} is taken by another program. Choose another with --port, or leave it out.`);
}

async function build({ dir, programs, say }: StartDeps): Promise<Service> {
  const service = startService('The build', 'build', dir, programs.build());
  service.ready.then(
    () => say('Building the console (its sources changed)…'),
    () => undefined,
  );
  return service;
}

async function buildEnds(service: Service, dir: string): Promise<void> {
  const code = await service.ended;
  if (code !== 0) throw new Sentence(`The console could not be built (${code}); ${dir}/logs/build.log says why.`);
}

async function openStore(options: StartOptions, deps: StartDeps): Promise<OpenedStore> {
  if (options.store === null) return openTrialStore(deps);
  return { store: { url: options.store }, accounts: [], service: null, close: async () => undefined };
}

async function openConsole(options: StartOptions, deps: StartDeps, store: TrialStore): Promise<Opened> {
  const { dir, programs, say } = deps;
  const url = store.store.url;
  if (!options.portable) {
    const choice = await deps.chooseElectron();
    if ('binary' in choice) {
      const program = programs.electron({ dir, store: url, binary: choice.binary });
      return { service: startService('The console', 'console', dir, program), url: null };
    }
    say(`Portable console: ${choice.why}.`);
  }
  const program = programs.portable({ dir, store: url, port: options.port ?? 0, open: options.open });
  const service = startService('The console', 'console', dir, program);
  const abandon = () => void service.stop();
  deps.signal.addEventListener('abort', abandon, { once: true });
  try {
    const line = consoleLineSchema.parse(JSON.parse(await service.ready));
    return { service, url: line.console.url };
  } catch (error) {
    await service.stop();
    throw error;
  } finally {
    deps.signal.removeEventListener('abort', abandon);
  }
}

function announce(options: StartOptions, deps: StartDeps, opened: Opened, store: TrialStore): void {
  if (options.json) {
    deps.print(JSON.stringify({ console: { url: opened.url }, store: store.store, accounts: store.accounts }));
    return;
  }
  deps.say(`Ticket store: ${store.store.url}`);
  if (opened.url !== null) deps.say(`Console: ${opened.url}`);
  for (const { user, password, role, tier, site } of store.accounts.slice(0, 8)) {
    deps.say(`  ${user} / ${password}  ${role}${tier === null ? '' : ` ${tier}`}${site === null ? '' : `, ${site}`}`);
  }
  deps.say('Ctrl-C ends it.');
}

const aborted = (signal: AbortSignal) =>
  new Promise<'told'>((resolve) => {
    if (signal.aborted) resolve('told');
    else signal.addEventListener('abort', () => resolve('told'), { once: true });
  });

async function runUntilEnd(deps: StartDeps, opened: Opened, store: OpenedStore): Promise<number> {
  // The console goes on without its store: that is what it is for.
  store.service?.ended.then(() => {
    if (!deps.signal.aborted) deps.say('The ticket store ended; the console works on without it. See logs/store.log.');
  });
  const end = await Promise.race([opened.service.ended, aborted(deps.signal)]);
  if (end === 'told' || end === 0) return 0;
  deps.say(`The console ended (${end ?? 'killed'}). See logs/console.log.`);
  return 1;
}

/**
 * Brings up store and console and stays until the console ends or we are told to.
 * Order: the build and the store side by side, then the console; on the way out the console first, so that its last
 * acts can still reach the store.
 * @returns the exit code
 * @throws {Sentence} when something cannot be started
 */
export async function start(options: StartOptions, given: StartDeps): Promise<number> {
  const deps = { ...given, dir: makeDir(given.dir) };
  await refuseTakenPort(options, deps.dir);
  const builder = await build(deps);
  const built = buildEnds(builder, deps.dir);
  built.catch(() => undefined);
  let store: OpenedStore | null = null;
  let opened: Opened | null = null;
  try {
    store = await openStore(options, deps);
    await Promise.race([built, aborted(deps.signal)]);
    deps.signal.throwIfAborted();
    opened = await openConsole(options, deps, store);
    announce(options, deps, opened, store);
    return await runUntilEnd(deps, opened, store);
  } finally {
    await builder.stop();
    await opened?.service.stop();
    await store?.close();
  }
}
