import pg from 'pg';
import { changedKeys } from '../db/changed-keys.ts';
import { deskHeads } from '../db/desk-head.ts';
import type { Database } from '../db/pool.ts';
import { type DeskHead, isSamePlace } from './change-reads.ts';
import { type ChangedKeys, type Concerns, concernsAll, concernsOf } from './concerns.ts';

/** `concerns`: whether any of what changed since the last call is for whoever has a grant. */
export type NewsListener = (head: DeskHead, concerns: Concerns) => void;
export interface NewsHub {
  start(): void;
  stop(): Promise<void>;
  /** Calls back with where the log ends whenever it is another place than before, by whatever store process: restores go back. */
  subscribe(deskId: string, listener: NewsListener): () => void;
}
export interface NewsHubOptions {
  readonly db: Database;
  readonly url: string;
  /** How often the heads are looked at besides: poolers swallow LISTEN without a word. */
  readonly lookEveryMs: number;
  onTrouble(error: Error): void;
}

const RECONNECT_MS = 1_000;
/** More places than these at once are told to everybody: an import, or a notice that was missed. */
const LOOKED_INTO = 200;

/** One LISTEN connection a process, fanned out to whoever waits. Notices only wake: the head comes from the log. */
export function createNewsHub({ db, url, lookEveryMs, onTrouble }: NewsHubOptions): NewsHub {
  const listeners = new Map<string, Set<NewsListener>>();
  const heads = new Map<string, DeskHead>();
  const dirty = new Set<string>();
  let looking = false;
  let stopped = true;
  let client: pg.Client | null = null;
  let reconnect: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** What came since the last look; null where there was none. */
  async function since(deskId: string): Promise<readonly ChangedKeys[] | null> {
    const told = heads.get(deskId);
    return told === undefined ? null : changedKeys(db.pool, deskId, { after: told.head, limit: LOOKED_INTO });
  }

  async function look(deskIds: string[]): Promise<void> {
    // Side by side: a console that may see the change waits for both.
    const [found, changes] = await Promise.all([deskHeads(db.pool, deskIds), Promise.all(deskIds.map(since))]);
    const changesOf = new Map(deskIds.map((deskId, n) => [deskId, changes[n] ?? null]));
    for (const at of found) {
      const told = heads.get(at.deskId);
      if (told !== undefined && isSamePlace(told, at)) continue;
      const concerns = whomOf(told, at, changesOf.get(at.deskId) ?? null);
      heads.set(at.deskId, at);
      for (const listener of [...(listeners.get(at.deskId) ?? [])]) listener(at, concerns);
    }
  }

  /** A log that went back, or is of another epoch, concerns everybody; so does what was not read to its end. */
  function whomOf(told: DeskHead | undefined, at: DeskHead, changes: readonly ChangedKeys[] | null): Concerns {
    const last = changes?.at(-1)?.seq ?? 0;
    const whole = changes !== null && changes.length <= LOOKED_INTO && last >= at.head;
    return whole && told?.epoch === at.epoch && told.head < at.head ? concernsOf(changes) : concernsAll;
  }

  /** One look at a time; notices that come meanwhile share the next one. */
  async function wake(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      while (dirty.size > 0 && !stopped) {
        const ids = [...dirty].filter((id) => listeners.has(id));
        dirty.clear();
        if (ids.length > 0) await look(ids);
      }
    } catch (error) {
      if (!stopped) onTrouble(error instanceof Error ? error : new Error(String(error)));
    } finally {
      looking = false;
    }
  }

  function listen(): void {
    if (stopped) return;
    const next = new pg.Client({ connectionString: url, application_name: 'chasqui-news' });
    const again = (error?: Error) => {
      if (client !== next) return;
      client = null;
      if (stopped) return;
      if (error) onTrouble(error);
      reconnect = setTimeout(listen, RECONNECT_MS);
    };
    client = next;
    next.on('error', again);
    next.on('end', () => again());
    next.on('notification', (notice) => {
      if (notice.payload === undefined) return;
      dirty.add(notice.payload);
      void wake();
    });
    next
      .connect()
      .then(() => next.query('listen chasqui_news'))
      .catch(again);
  }

  return {
    start() {
      stopped = false;
      listen();
      timer = setInterval(() => {
        for (const id of listeners.keys()) dirty.add(id);
        void wake();
      }, lookEveryMs);
    },
    async stop() {
      stopped = true;
      clearTimeout(reconnect);
      clearInterval(timer);
      const last = client;
      client = null;
      listeners.clear();
      await last?.end().catch(() => undefined);
    },
    subscribe(deskId, listener) {
      const set = listeners.get(deskId) ?? new Set();
      set.add(listener);
      listeners.set(deskId, set);
      return () => {
        set.delete(listener);
        if (set.size === 0) {
          listeners.delete(deskId);
          heads.delete(deskId);
        }
      };
    },
  };
}
