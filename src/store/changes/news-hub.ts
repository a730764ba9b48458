import pg from 'pg';
import type { Database } from '../db/pool.ts';

export interface NewsHub {
  start(): void;
  stop(): Promise<void>;
  /** Calls back with the head after every commit to the desk, by whatever store process. */
  subscribe(deskId: string, listener: (head: number) => void): () => void;
}
export interface NewsHubOptions {
  readonly db: Database;
  readonly url: string;
  /** How often the heads are looked at besides: poolers swallow LISTEN without a word. */
  readonly lookEveryMs: number;
  onTrouble(error: Error): void;
}

const RECONNECT_MS = 1_000;

/** One LISTEN connection a process, fanned out to whoever waits. Notices only wake: the head comes from the log. */
export function createNewsHub({ db, url, lookEveryMs, onTrouble }: NewsHubOptions): NewsHub {
  const listeners = new Map<string, Set<(head: number) => void>>();
  const heads = new Map<string, number>();
  const dirty = new Set<string>();
  let looking = false;
  let stopped = true;
  let client: pg.Client | null = null;
  let reconnect: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function look(deskIds: string[]): Promise<void> {
    const { rows } = await db.pool.query<{ id: string; head: number }>(
      `select d.id, coalesce((select max(l.seq) from change_log l where l.desk_id = d.id), 0) as head
       from unnest($1::uuid[]) as d(id)`,
      [deskIds],
    );
    for (const { id, head } of rows) {
      if (head <= (heads.get(id) ?? 0)) continue;
      heads.set(id, head);
      for (const listener of [...(listeners.get(id) ?? [])]) listener(head);
    }
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
