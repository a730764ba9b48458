import { Gauge, type Registry } from 'prom-client';
import type { Passwords } from '../auth/passwords.ts';
import { deskHeads } from '../db/desk-head.ts';
import type { Database } from '../db/pool.ts';
import { type Lag, type LiveConsole, type LiveConsoles, lagOf } from './live-consoles.ts';

export interface StateSources {
  readonly db: Pick<Database, 'pool'>;
  readonly passwords: Pick<Passwords, 'load'>;
  readonly live: () => LiveConsoles;
  /** Why the database could not be asked. */
  onTrouble(error: unknown): void;
}

/** A scrape waits no longer for the database: the other figures matter most when it does not answer. */
const ASK_MS = 2_000;

/** The figures that are read at each scrape: who listens, what waits, how the database is. */
export function watchState(registry: Registry, { db, passwords, live, onTrouble }: StateSources): void {
  const registers = [registry];
  new Gauge({
    name: 'chasqui_live_consoles',
    help: 'Consoles that listen for news at this process: way="stream" an open event stream, way="longPoll" a request that waits.',
    labelNames: ['way'],
    registers,
    collect() {
      const { streams, longPolls } = live();
      this.set({ way: 'stream' }, streams.length);
      this.set({ way: 'longPoll' }, longPolls);
    },
  });
  new Gauge({
    name: 'chasqui_password_hashes',
    help: 'Sign-ins and changes of password in the hash function now: state="running", at most 2; state="waiting", at most 64, and the next one is answered 503.',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = passwords.load();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Gauge({
    name: 'chasqui_database_connections',
    help: 'Connections of the pool of this process: state="busy", "idle", and "waiting": requests that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      const { totalCount, idleCount, waitingCount } = db.pool;
      this.set({ state: 'busy' }, totalCount - idleCount);
      this.set({ state: 'idle' }, idleCount);
      this.set({ state: 'waiting' }, waitingCount);
    },
  });
  // Gauges of one scrape are gathered at the same moment: they share one question.
  let asked: Promise<DatabaseState | null> | null = null;
  const state = () => {
    asked ??= askDatabase(db, live().streams)
      .catch((error: unknown) => {
        onTrouble(error);
        return null;
      })
      .finally(() => {
        asked = null;
      });
    return asked;
  };
  new Gauge({
    name: 'chasqui_database_up',
    help: `1: the database answered the questions of this scrape within ${ASK_MS / 1_000} s. 0: it did not, and what is read from it is left out.`,
    registers,
    async collect() {
      this.set((await state()) === null ? 0 : 1);
    },
  });
  const fromDatabase = (name: string, help: string, read: (state: DatabaseState) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const now = await state();
        if (now === null) this.remove();
        else this.set(read(now));
      },
    });
  fromDatabase(
    'chasqui_change_log_lag',
    'Places between the head of the change log, as the database has it now, and the place that was last written to the stream of the live console furthest behind. 0: nobody is behind, or nobody listens. Who may not see what changed is told within a minute.',
    ({ lag }) => lag.slowest,
  );
  fromDatabase(
    'chasqui_change_log_untold_consoles',
    'Live consoles whose stream was last told another place than the head of their log: busy desks have some, whose people may not see what changed.',
    ({ lag }) => lag.untold,
  );
  fromDatabase(
    'chasqui_orphans',
    'Commands from before a restore that wait for a ticket which no console has brought back yet.',
    ({ orphans }) => orphans,
  );
  fromDatabase(
    'chasqui_attachments_waiting',
    'Attachments on timelines whose file has not come yet from the console that added them.',
    ({ waiting }) => waiting,
  );
  fromDatabase(
    'chasqui_uploads',
    'Files on their way: uploads that have begun and not ended.',
    ({ uploads }) => uploads,
  );
  fromDatabase('chasqui_files_held', 'Contents that desks hold, each counted once for its desk.', ({ files }) => files);
  fromDatabase('chasqui_files_held_bytes', 'Bytes of the contents that desks hold.', ({ fileBytes }) => fileBytes);
}

interface DatabaseState {
  readonly lag: Lag;
  readonly orphans: number;
  readonly waiting: number;
  readonly uploads: number;
  readonly files: number;
  readonly fileBytes: number;
}

async function askDatabase({ pool }: StateSources['db'], streams: readonly LiveConsole[]): Promise<DatabaseState> {
  const deskIds = [...new Set(streams.map(({ deskId }) => deskId))];
  const questions = Promise.all([
    deskHeads(pool, deskIds),
    pool.query<Omit<DatabaseState, 'lag'>>(
      `select (select count(*) from orphans where carried_at is null) as orphans,
         (select count(*) from attachments where added and arrived_at is null) as waiting,
         (select count(*) from uploads where finished_at is null) as uploads,
         (select count(*) from blobs) as files, (select coalesce(sum(size), 0)::bigint from blobs) as "fileBytes"`,
    ),
  ]);
  const [heads, { rows }] = await within(ASK_MS, questions);
  return { orphans: 0, waiting: 0, uploads: 0, files: 0, fileBytes: 0, ...rows[0], lag: lagOf(streams, heads) };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
