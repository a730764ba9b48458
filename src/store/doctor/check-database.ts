import { bad, type Check, type Finding, good } from './finding.ts';

const OLDEST = 140_000;
const SLOW_MS = 20;
const FULL = 0.8;
const LONG_HOURS = 1;

interface Server {
  version: string;
  number: number;
  encoding: string;
  most: number;
  used: number;
  autovacuum: string;
  standby: boolean;
  longestHours: number | null;
}

/** What server this is, how fast it answers, and whether there is room for more connections. */
export const checkDatabase: Check = async ({ client }) => {
  const { rows } = await client.query<Server>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
       pg_encoding_to_char(encoding) as encoding, current_setting('max_connections')::int as most,
       (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
       current_setting('autovacuum') as autovacuum, pg_is_in_recovery() as standby,
       (select round((extract(epoch from max(now() - xact_start)) / 3600)::numeric, 1)::float from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()) as "longestHours"
     from pg_database where datname = current_database()`,
  );
  const [server] = rows;
  if (server === undefined) throw new Error('the server does not know its own database');
  const ms = await medianAnswerMs(() => client.query('select 1'));
  const { version, number, encoding, most, used, autovacuum, standby, longestHours } = server;
  const found: Finding[] = [];
  if (number < OLDEST)
    found.push(
      bad(
        'fault',
        'database',
        `PostgreSQL ${version} is older than 14`,
        'Move the database to a supported PostgreSQL.',
      ),
    );
  if (encoding !== 'UTF8')
    found.push(
      bad(
        'fault',
        'database',
        `the encoding of the database is ${encoding}`,
        'Make the database anew with encoding UTF8 and restore a backup into it: other encodings lose letters.',
      ),
    );
  if (standby)
    found.push(
      bad('fault', 'database', 'this server is a standby: it takes no writes', 'Point --database-url at the primary.'),
    );
  if (ms > SLOW_MS)
    found.push(
      bad(
        'warning',
        'database',
        `it takes ${ms.toFixed(1)} ms to answer an empty question`,
        'Each push asks several in a row: run the store near its database, on the same network.',
        { ms },
      ),
    );
  if (used > most * FULL)
    found.push(
      bad(
        'warning',
        'database',
        `${used} of ${most} connections are taken`,
        'Raise max_connections, run fewer store processes, or find out who else holds connections (pg_stat_activity).',
        { used, most },
      ),
    );
  if (autovacuum !== 'on')
    found.push(
      bad('warning', 'database', 'autovacuum is off', 'Set autovacuum = on: tables grow and plans age without it.'),
    );
  if (longestHours !== null && longestHours >= LONG_HOURS)
    found.push(
      bad(
        'warning',
        'database',
        `a transaction has been open for ${longestHours} hours`,
        'Find it in pg_stat_activity and end it: nothing that changed since can be cleaned up.',
        { hours: longestHours },
      ),
    );
  if (found.length > 0) return found;
  return [
    good('database', `PostgreSQL ${version}, answers in ${ms.toFixed(1)} ms`, {
      version,
      ms: Number(ms.toFixed(2)),
      used,
      most,
    }),
  ];
};

async function medianAnswerMs(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[2] ?? 0;
}
