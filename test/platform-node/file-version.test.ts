import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import { cacheMigrations } from '../../src/platform-node/cache-migrations/index.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { outboxMigrations } from '../../src/platform-node/outbox-migrations/index.ts';
import { fileVersion, witnessOf } from '../../src/platform-node/sqlite/file-version.ts';
import { migrate } from '../../src/platform-node/sqlite/migrate.ts';
import { isTooNew } from '../../src/platform-node/too-new.ts';
import { freshDir, identity, writeNote } from './fixtures.ts';

const NEWEST = outboxMigrations.at(-1)?.version ?? 0;
/** Where the two fields stand in the header of a file, big-endian (SQLite's file format, 1.3). */
const USER_VERSION = 60;
const APPLICATION_ID = 68;
const BITS = Array.from({ length: 32 }, (_, bit) => bit);

/** An outbox with two notes, closed. */
function written(): { readonly path: string; readonly ids: readonly string[] } {
  const path = join(freshDir(), 'outbox.db');
  const opened = openOutboxFile(path, 1);
  if (!opened.ok) throw new Error(opened.error.code);
  const outbox = createOutbox(opened.value.db);
  outbox.setIdentity(identity);
  const ids = ['uno', 'dos'].map((text) => writeNote(outbox, text).id);
  outbox.saveDraft({ key: 'k', ticketId: null, content: 'a medias', updatedAt: 1, version: 1, requestId: null });
  opened.value.db.close();
  return { path, ids };
}
const inHeader = (path: string, at: number): number => readFileSync(path).readInt32BE(at);
function setHeader(path: string, at: number, value: number): void {
  const bytes = readFileSync(path);
  bytes.writeInt32BE(value | 0, at);
  writeFileSync(path, bytes);
}
const flip = (path: string, at: number, bit: number) => setHeader(path, at, inHeader(path, at) ^ (1 << bit));
/** As an app of before the witness left it. */
const unwitnessed = (path: string) => setHeader(path, APPLICATION_ID, 0);
const copied = (path: string): string => {
  const copy = join(freshDir(), 'outbox.db');
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
  return copy;
};
const tooNew = (outbox: string) => isTooNew({ outbox, cache: `${outbox}-none` });
const besides = (path: string) => readdirSync(dirname(path)).filter((name) => name.includes('.damaged-'));

function expectAllThere(path: string, ids: readonly string[], salvaged: boolean): void {
  expect(tooNew(path)).toBe(false);
  const before = readFileSync(path);
  const opened = openOutboxFile(path, 7);
  if (!opened.ok) throw new Error(opened.error.code);
  const outbox = createOutbox(opened.value.db);
  expect(outbox.unanswered(9).flatMap((row) => (row.kind === 'command' ? [row.wire.id] : []))).toEqual(ids);
  expect(outbox.drafts()).toMatchObject([{ key: 'k', content: 'a medias' }]);
  expect(opened.value.salvaged !== null).toBe(salvaged);
  opened.value.db.close();
  // The damaged file itself is kept, to the byte.
  const aside = `${path}.damaged-7`;
  expect(existsSync(aside)).toBe(salvaged);
  if (salvaged) expect(readFileSync(aside).equals(before)).toBe(true);
  expect([inHeader(path, USER_VERSION), inHeader(path, APPLICATION_ID)]).toEqual([NEWEST, witnessOf(NEWEST)]);
}

describe('SY1 threat 28 a flipped bit in the version of an outbox leads to its salvage', () => {
  const { path, ids } = written();

  test.each(BITS)('bit %i of the number', (bit) => {
    const copy = copied(path);
    flip(copy, USER_VERSION, bit);
    expectAllThere(copy, ids, true);
  });

  test.each(BITS)('bit %i of the number, in a file that has no witness yet', (bit) => {
    const copy = copied(path);
    unwitnessed(copy);
    flip(copy, USER_VERSION, bit);
    expectAllThere(copy, ids, true);
  });

  test.each(BITS)('bit %i of the witness costs nothing: it is written anew', (bit) => {
    const copy = copied(path);
    flip(copy, APPLICATION_ID, bit);
    expectAllThere(copy, ids, false);
  });

  test('a file of before the witness gets it at its next opening, and is not taken for damaged', () => {
    const copy = copied(path);
    unwitnessed(copy);
    expectAllThere(copy, ids, false);
  });

  test('a file of before attachments is brought on and witnessed', () => {
    const old = join(freshDir(), 'outbox.db');
    const db = new Database(old);
    expect(migrate(db, outboxMigrations.slice(0, 2))).toEqual({ ok: true, value: { from: 0 } });
    db.pragma('application_id = 0');
    expect(migrate(db, outboxMigrations)).toEqual({ ok: true, value: { from: 2 } });
    expect(fileVersion(db, outboxMigrations)).toEqual({ kind: 'known', version: NEWEST, witnessed: true });
    db.close();
  });
});

/** What an app of a later version leaves: another table, the number, the witness. `sql` empty: only its rows changed. */
function ofNewerApp(path: string, { version = NEWEST + 1, sql = 'create table of_tomorrow (x integer)' } = {}): void {
  const db = new Database(path);
  db.exec(sql);
  db.pragma(`user_version = ${version}`);
  db.pragma(`application_id = ${witnessOf(version)}`);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}
function expectLeft(path: string): void {
  const before = readFileSync(path);
  expect(tooNew(path)).toBe(true);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(openOutboxFile(path, 7)).toEqual({ ok: false, error: { code: 'cacheTooNew' } });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(besides(path)).toEqual([]);
}

describe('threat 25 a file of a newer app is refused and left to the byte', () => {
  const { path } = written();

  test.each([NEWEST + 1, NEWEST + 2, 99, 255])('version %i', (version) => {
    const copy = copied(path);
    ofNewerApp(copy, { version });
    expectLeft(copy);
  });

  test('one whose tables are still these: its witness says so', () => {
    const copy = copied(path);
    ofNewerApp(copy, { sql: `insert into settings (key, value) values ('tomorrow', '1')` });
    expectLeft(copy);
  });

  test.each(BITS)('whose number lost bit %i, for its witness says so', (bit) => {
    const copy = copied(path);
    ofNewerApp(copy);
    flip(copy, USER_VERSION, bit);
    expectLeft(copy);
  });

  test.each(BITS)('whose witness lost bit %i, for nobody here knows its tables', (bit) => {
    const copy = copied(path);
    ofNewerApp(copy);
    flip(copy, APPLICATION_ID, bit);
    expectLeft(copy);
  });
});

test.each(BITS)('bit %i of the version of a cache has it made anew, and stops no start', (bit) => {
  const path = join(freshDir(), 'cache.db');
  const first = openCacheFile(path);
  if (!first.ok) throw new Error(first.error.code);
  first.value.close();
  flip(path, USER_VERSION, bit);
  expect(isTooNew({ outbox: `${path}-none`, cache: path })).toBe(false);
  const again = openCacheFile(path);
  expect(again.ok && again.value.replaced).toBe(true);
  if (again.ok) again.value.close();
  expect(inHeader(path, USER_VERSION)).toBe(cacheMigrations.at(-1)?.version);
});

test('a witness holds one version, and no other number reads as one', () => {
  expect(new Set(Array.from({ length: 256 }, (_, version) => witnessOf(version))).size).toBe(256);
  expect(() => witnessOf(256)).toThrow(RangeError);
});
