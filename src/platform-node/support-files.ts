import { readdirSync, statfsSync, statSync } from 'node:fs';
import { arch, cpus, freemem, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import type { SupportFiles } from '../protocol/console/support-methods.ts';
import { faultOf } from '../shared/fault.ts';
import { readLogs } from './support-logs.ts';

type Profile = SupportFiles['profiles'][number];
type DatabaseFacts = Profile['outbox'];

/** Names of a profile's folder that say nothing of anybody. */
const OWN_FILES = new Set(
  ['outbox.db', 'cache.db', 'lock.db'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`, `${name}-journal`]),
);
const MS = 1e6;

/** Reads the half of a report that files and machine tell. Nothing here needs a profile to be open, sound, or of anybody. */
export function createSupportFiles(dataDir: string): () => SupportFiles {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const root = join(dataDir, 'console', 'profiles');
  return () => ({
    at: Date.now(),
    platform: {
      os: process.platform,
      release: word(release()),
      arch: arch(),
      node: process.version,
      sqlite: sqliteVersion(),
      processors: cpus().length,
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      timeZone: word(Intl.DateTimeFormat().resolvedOptions().timeZone),
    },
    process: {
      uptimeMs: Math.round(process.uptime() * 1_000),
      memoryBytes: process.memoryUsage.rss(),
      loopDelay: delaysOf(delay),
    },
    disk: part(() => {
      const { bavail, blocks, bsize } = statfsSync(dataDir);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    }),
    profiles: foldersIn(root).map((name) => profileIn(join(root, name), name)),
    logs: readLogs(dataDir),
  });
}

function part<T extends object>(
  read: () => T,
): (T & { ok: true }) | { ok: false; fault: { name: string; code: string | null; at: string[] } } {
  try {
    return { ...read(), ok: true };
  } catch (error) {
    const { name, code, at } = faultOf(error);
    return { ok: false, fault: { name, code, at: [...at] } };
  }
}

/** Kernels and zones are named by others. */
const word = (text: string): string => text.replaceAll(/[^\w.:+()/-]/gu, '_').slice(0, 120) || 'unknown';

const delaysOf = (delay: ReturnType<typeof monitorEventLoopDelay>) => {
  const ms = (value: number) => (Number.isFinite(value) ? Math.round((value / MS) * 10) / 10 : 0);
  return { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
};

function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return word(String(db.prepare('select sqlite_version()').pluck().get()));
  } finally {
    db.close();
  }
}

const foldersIn = (root: string): string[] => {
  try {
    return readdirSync(root)
      .filter((name) => /^[0-9a-f]{16}$/u.test(name))
      .sort();
  } catch {
    return [];
  }
};

const profileIn = (folder: string, name: string): Profile => ({
  profile: name.slice(0, 4),
  files: filesIn(folder),
  outbox: databaseFacts(join(folder, 'outbox.db'), true),
  cache: databaseFacts(join(folder, 'cache.db'), false),
});

/** The program's own files by name; all others, at whatever depth, together: their names may say something. */
function filesIn(folder: string): Profile['files'] {
  const found = new Map<string, Profile['files'][number]>();
  for (const entry of readdirSafely(folder)) {
    const stat = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) continue;
    const name = entry.parentPath === folder && OWN_FILES.has(entry.name) ? entry.name : 'other';
    const before = found.get(name) ?? { name, files: 0, bytes: 0, changedAt: 0 };
    found.set(name, {
      name,
      files: before.files + 1,
      bytes: before.bytes + stat.size,
      changedAt: Math.max(before.changedAt, Math.round(stat.mtimeMs)),
    });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readdirSafely(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

/** What a database says of itself, opened for reading alone. `check`: whether its structure is whole, which takes long on a large one. */
function databaseFacts(path: string, check: boolean): DatabaseFacts {
  const began = performance.now();
  return part(() => {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 2_000 });
    try {
      const migration = Number(db.pragma('user_version', { simple: true }));
      const rows = Object.fromEntries(tablesOf(db).map((table) => [table, count(db, table)]));
      const sound = check ? db.pragma('quick_check(1)', { simple: true }) === 'ok' : null;
      const ms = Math.round((performance.now() - began) * 10) / 10;
      return { migration, rows: { ...rows, ...statesOf(db, rows) }, sound, ms };
    } finally {
      db.close();
    }
  });
}

/** Tables of this program; those that full text search keeps for itself are left out. */
const tablesOf = (db: Database.Database): string[] =>
  db
    .prepare<[], string>(
      "select name from sqlite_schema where type = 'table' and sql not like 'create virtual%' order by name",
    )
    .pluck()
    .all()
    .filter((name) => /^[a-z][a-z_]{0,40}$/u.test(name) && !/_(data|idx|content|docsize|config)$/u.test(name));

const count = (db: Database.Database, table: string): number =>
  db.prepare<[], number>(`select count(*) from "${table}"`).pluck().get() ?? 0;

function statesOf(db: Database.Database, rows: { readonly [table: string]: number }): Record<string, number> {
  if (rows['commands'] === undefined) return {};
  const states = db
    .prepare<[], { state: string; n: number }>(
      'select state, count(*) as n from commands group by state order by state',
    )
    .all();
  return Object.fromEntries(states.map(({ state, n }) => [`commands:${state}`, n]));
}
