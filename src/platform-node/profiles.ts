import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { ClockPort } from '../core/ports/clock.ts';
import type { LogPort } from '../core/ports/log.ts';
import type { Farewell, OpenFailure, ProfileFiles, ProfileRecord, ProfilesPort } from '../core/ports/profiles.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { createBlobFiles } from './blob-files.ts';
import { openCacheFile } from './cache-file.ts';
import { sha256Hex } from './hasher.ts';
import { createOutbox } from './outbox.ts';
import { openOutboxFile } from './outbox-file.ts';
import { settleFile } from './outbox-writer.ts';
import { attempt } from './sqlite/storage-failure.ts';
import { isTooNew } from './too-new.ts';

const recordSchema = z.object({ storeUrl: z.string().refine((url) => URL.canParse(url)), user: z.string() });
export interface ProfilesOptions {
  readonly dataDir: string;
  readonly storeUrl: string;
  readonly clock: Pick<ClockPort, 'now'>;
  readonly log: LogPort;
}
/**
 * What a store is known by in this data folder. A trial's store takes another loopback port at each start, so there the port
 * says nothing: were it part of the profile's name, every restart would strand the outbox of the last (SY16).
 */
export function storeKey(storeUrl: string): string {
  const { protocol, hostname, host, pathname } = new URL(storeUrl);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return loopback ? 'loopback' : `${protocol}//${host}${pathname.replace(/\/+$/u, '')}`;
}
export const profileId = (storeUrl: string, user: string): string =>
  sha256Hex(`${storeKey(storeUrl)}\n${user.trim().toLowerCase()}`).slice(0, 16);
export const profilePaths = (dataDir: string, id: string) => {
  const folder = join(dataDir, 'console', 'profiles', id);
  return {
    folder,
    outbox: join(folder, 'outbox.db'),
    cache: join(folder, 'cache.db'),
    lock: join(folder, 'lock.db'),
    record: join(folder, 'profile.json'),
    blobs: join(folder, 'blobs'),
  };
};

/** Beside the profiles, not in one: what it tells outlives the profile that it tells of. */
const farewellPath = (dataDir: string, profileId: string) => join(dataDir, 'console', 'farewells', `${profileId}.json`);
const farewellSchema: z.ZodType<Farewell> = z.object({
  profileId: z.string().regex(/^[0-9a-f]{16}$/u),
  user: z.string(),
  handedIn: z.int(),
  left: z.int(),
  at: z.int(),
  erased: z.boolean(),
  confirmed: z.boolean(),
  sealedRefresh: z.string().nullable(),
  shown: z.boolean(),
});

/** Profiles of one store under a data folder. */
export function createProfiles({ dataDir, storeUrl, clock, log }: ProfilesOptions): ProfilesPort {
  const open = new Map<string, ProfileFiles>();

  function openFiles(id: string, user: string): Result<ProfileFiles, OpenFailure> {
    const paths = profilePaths(dataDir, id);
    const made = attempt(() => {
      mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
      if (!existsSync(paths.record)) writeWhole(paths.record, JSON.stringify({ storeUrl, user }));
    });
    if (!made.ok) return made;
    const lock = takeLock(paths.lock);
    if (!lock.ok) return lock;
    if (isTooNew(paths)) {
      lock.value.close();
      return err({ code: 'cacheTooNew' });
    }
    const hadOutbox = existsSync(paths.outbox);
    const hadCache = existsSync(paths.cache);
    const outbox = openOutboxFile(paths.outbox, clock.now());
    if (!outbox.ok) {
      lock.value.close();
      return outbox;
    }
    if (outbox.value.salvaged !== null) {
      const { commands, drafts, lost } = outbox.value.salvaged;
      log.write('error', 'outbox.salvaged', { commands, drafts, lost });
    }
    const cache = openCacheFile(paths.cache);
    if (!cache.ok) {
      outbox.value.db.close();
      lock.value.close();
      return cache;
    }
    return ok({
      id,
      outbox: createOutbox(outbox.value.db),
      cache: cache.value.port,
      blobs: createBlobFiles(paths.blobs),
      cacheRebuilt: cache.value.replaced || (hadOutbox && !hadCache),
      close() {
        if (!open.delete(id)) return;
        cache.value.close();
        settleFile(outbox.value.db);
        outbox.value.db.close();
        lock.value.close();
      },
    });
  }

  const farewells = (): Farewell[] => {
    const folder = join(dataDir, 'console', 'farewells');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    const read = names.map((name) => farewellSchema.safeParse(jsonIn(join(folder, name))));
    return read.flatMap((parsed) => (parsed.success ? [parsed.data] : [])).sort((a, b) => a.at - b.at);
  };

  return {
    farewells,
    keepFarewell: (farewell) =>
      attempt(() => {
        mkdirSync(join(dataDir, 'console', 'farewells'), { recursive: true, mode: 0o700 });
        writeDurably(farewellPath(dataDir, farewell.profileId), JSON.stringify(farewell));
        return null;
      }),
    dropFarewell: (id) =>
      attempt(() => {
        rmSync(farewellPath(dataDir, id), { force: true });
        return null;
      }),
    list: () => listRecords(dataDir, storeUrl),
    open(user) {
      const id = profileId(storeUrl, user);
      const held = open.get(id);
      if (held !== undefined) return ok(held);
      const files = openFiles(id, user);
      if (files.ok) open.set(id, files.value);
      return files;
    },
    erase(id) {
      open.get(id)?.close();
      return attempt(() => {
        // Windows refuses while a reader still has a file open: it is closing just now.
        rmSync(profilePaths(dataDir, id).folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
        return null;
      });
    },
  };
}

/** An exclusive transaction that is never ended: it goes with the process, however that ends (threat 31). */
function takeLock(path: string): Result<Database.Database, OpenFailure> {
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('begin exclusive');
    return ok(db);
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      return err({ code: 'profileInUse' });
    }
    return attempt<Database.Database>(() => {
      throw error;
    });
  }
}

function listRecords(dataDir: string, storeUrl: string): ProfileRecord[] {
  const folder = join(dataDir, 'console', 'profiles');
  if (!existsSync(folder)) return [];
  const records: ProfileRecord[] = [];
  for (const id of readdirSync(folder).sort()) {
    const { record } = profilePaths(dataDir, id);
    if (!existsSync(record)) continue;
    const parsed = recordSchema.safeParse(jsonIn(record));
    if (parsed.success && storeKey(parsed.data.storeUrl) === storeKey(storeUrl))
      records.push({ id, user: parsed.data.user });
  }
  return records;
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** On the disk before it returns: an erasing begins behind it. */
function writeDurably(path: string, text: string): void {
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
