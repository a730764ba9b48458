import pg from 'pg';
import { changedKeys } from '../db/changed-keys.ts';
import { deskHeads } from '../db/desk-head.ts';
import type { Database } from '../db/pool.ts';
import { type DeskHead, isSamePlace } from './change-reads.ts';
import { type ChangedKeys, type Concerns, concernsAll, concernsOf } from './concerns.ts';
import type { OwnCommits } from './own-commits.ts';

/**
 * `concerns`: whether any of what changed since the last call is for whoever has a grant. `author`: the session that learns of all of it
 * by the answer to its push; null where nobody does.
 */
export type NewsListener = (head: DeskHead, concerns: Concerns, author: string | null) => void;
export interface NewsHub extends OwnCommits {
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

/** Process of the server behind a connection of the pool, as its notices name it; null where it is not known. */
const backendOf = (connection: object): number | null =>
  'processID' in connection && typeof connection.processID === 'number' ? connection.processID : null;

/**
 * One LISTEN connection a process, fanned out to whoever waits. Notices only wake: the head comes from the log. Of its own pushes the process knows
 * without the notice: what they read right behind their commits goes out at once.
 */
export function createNewsHub({ db, url, lookEveryMs, onTrouble }: NewsHubOptions): NewsHub {
  const listeners = new Map<string, Set<NewsListener>>();
  const heads = new Map<string, DeskHead>();
  const dirty = new Set<string>();
  /** Whose last commit is, or will be, told without its notice: as long as nothing else is asked of the connection. */
  const telling = new Set<number>();
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

  function tell(at: DeskHead, concerns: Concerns, author: string | null): void {
    const all = listeners.get(at.deskId);
    if (all === undefined) return;
    heads.set(at.deskId, at);
    for (const listener of [...all]) listener(at, concerns, author);
  }

  async function look(deskIds: string[]): Promise<void> {
    const before = new Map(heads);
    // Side by side: a console that may see the change waits for both.
    const [found, changes] = await Promise.all([deskHeads(db.pool, deskIds), Promise.all(deskIds.map(since))]);
    const changesOf = new Map(deskIds.map((deskId, n) => [deskId, changes[n] ?? null]));
    for (const at of found) {
      const told = heads.get(at.deskId);
      if (told !== undefined && isSamePlace(told, at)) continue;
      // Overtaken by a commit of this process: what was read here may be older than what is told.
      if (told !== before.get(at.deskId)) dirty.add(at.deskId);
      else tell(at, whomOf(told, at, changesOf.get(at.deskId) ?? null), null);
    }
  }

  /** What was read behind a commit of this process, from `after` on; more of it may have been told meanwhile. */
  function hear(at: DeskHead, after: number, changes: readonly ChangedKeys[], author: string): void {
    const told = heads.get(at.deskId);
    if (stopped || (told !== undefined && isSamePlace(told, at))) return;
    if (told === undefined) tell(at, concernsAll, author);
    else if (told.epoch !== at.epoch || told.head < after) again(at.deskId);
    else if (at.head > told.head) {
      const rest = changes.filter(({ seq }) => seq > told.head);
      tell(at, whomOf(told, at, rest), author);
    }
  }

  function again(deskId: string): void {
    dirty.add(deskId);
    void wake();
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
    const reopen = (error?: Error) => {
      if (client !== next) return;
      client = null;
      if (stopped) return;
      if (error) onTrouble(error);
      reconnect = setTimeout(listen, RECONNECT_MS);
    };
    client = next;
    next.on('error', reopen);
    next.on('end', () => reopen());
    next.on('notification', (notice) => {
      if (notice.payload === undefined || telling.has(notice.processId)) return;
      again(notice.payload);
    });
    next
      .connect()
      .then(() => next.query('listen chasqui_news'))
      .catch(reopen);
  }

  const asked = (connection: object) => {
    const backend = backendOf(connection);
    if (backend !== null) telling.delete(backend);
  };

  return {
    start() {
      stopped = false;
      db.pool.on('acquire', asked);
      listen();
      timer = setInterval(() => {
        for (const id of listeners.keys()) dirty.add(id);
        void wake();
      }, lookEveryMs);
    },
    async stop() {
      stopped = true;
      db.pool.off('acquire', asked);
      telling.clear();
      clearTimeout(reconnect);
      clearInterval(timer);
      const last = client;
      client = null;
      listeners.clear();
      await last?.end().catch(() => undefined);
    },
    of(deskId, sessionId, connection) {
      if (stopped || !listeners.has(deskId)) return null;
      // Where nothing was told yet, nothing is read: it is news to all.
      const after = heads.get(deskId)?.head ?? Number.MAX_SAFE_INTEGER;
      const backend = backendOf(connection);
      if (backend !== null) telling.add(backend);
      return {
        after,
        limit: LOOKED_INTO,
        tell: (at, changes) => hear(at, after, changes, sessionId),
        lost() {
          if (backend !== null) telling.delete(backend);
          if (!stopped) again(deskId);
        },
      };
    },
    subscribe(deskId, listener) {
      const set = listeners.get(deskId) ?? new Set();
      set.add(listener);
      listeners.set(deskId, set);
      return () => {
        // Said twice, it must not take away those who came since.
        if (set.delete(listener) && set.size === 0) {
          listeners.delete(deskId);
          heads.delete(deskId);
        }
      };
    },
  };
}
