import { tryLock } from '../boot/exclusive.js';
import { hasStarted, rememberedPort, rememberPort } from './ports.ts';
import type { Programs } from './programs.ts';
import { clearRunning, isHealthy, readRunning, storeLineSchema, type TrialStore, writeRunning } from './running.ts';
import { type Service, startService } from './service.ts';

const RETRY_MS = 200;

/** A store to open a console against; `service` is null where somebody else runs it. */
export type OpenedStore = TrialStore & { service: Service | null; close: () => Promise<void> };

type Around = { dir: string; programs: Programs; say: (line: string) => void; signal: AbortSignal };

async function reuse(dir: string): Promise<OpenedStore | null> {
  const running = readRunning(dir);
  if (running === null || !(await isHealthy(running.store.url))) return null;
  return { store: running.store, accounts: running.accounts, service: null, close: async () => undefined };
}

async function launch({ dir, programs, say, signal }: Around, release: () => Promise<void>): Promise<OpenedStore> {
  clearRunning(dir);
  const first = !hasStarted(dir);
  say(first ? 'Starting the ticket store and making its trial organisation…' : 'Starting the ticket store…');
  const service = startService(
    'The ticket store',
    'store',
    dir,
    programs.store({ dir, port: await rememberedPort(dir) }),
  );
  const close = async () => {
    clearRunning(dir);
    await service.stop();
    await release();
  };
  // Told to end in the middle: the store must not outlive the wait for it.
  const abandon = () => void close();
  signal.addEventListener('abort', abandon, { once: true });
  try {
    const line = storeLineSchema.parse(JSON.parse(await service.ready));
    writeRunning(dir, { ...line, pid: service.pid });
    rememberPort(dir, line.store.url);
    return { ...line, service, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}

/**
 * The trial store on this data folder: the one that another start runs, or one of our own. The lock is held for as long
 * as our store runs, so that two starts never bring up two PostgreSQL on one folder.
 */
export async function openTrialStore(around: Around): Promise<OpenedStore> {
  for (let told = false; ; told = true) {
    around.signal.throwIfAborted();
    const held = await tryLock(`trial:${around.dir}`);
    if (held !== null) return await launch(around, held.release);
    const theirs = await reuse(around.dir);
    if (theirs !== null) return theirs;
    if (!told) around.say('Another start is bringing the ticket store up; waiting for it…');
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
