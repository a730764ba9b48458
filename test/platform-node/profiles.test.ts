import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { ProfileFiles } from '../../src/core/ports/profiles.ts';
import { createProfiles, profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { witnessOf } from '../../src/platform-node/sqlite/file-version.ts';
import { migrate } from '../../src/platform-node/sqlite/migrate.ts';
import { freshDir, identity, ticket, ticketRow, uid, writeNote } from './fixtures.ts';

const storeUrl = 'https://mesa.example';
const profilesIn = (dataDir: string) =>
  createProfiles({ dataDir, storeUrl, clock: { now: () => 42 }, log: { write: () => undefined } });
function opened(dataDir: string, user = 'ana'): ProfileFiles {
  const files = profilesIn(dataDir).open(user);
  if (!files.ok) throw new Error(files.error.code);
  return files.value;
}
const fill = ({ cache }: ProfileFiles) =>
  cache.transaction((tx) => {
    tx.beginFill();
    tx.upsert([ticketRow(ticket(1))]);
    tx.endFill();
  });

test('one profile a person and store; the same person in other capitals is the same profile', () => {
  const dataDir = freshDir();
  const profiles = profilesIn(dataDir);
  const ana = profiles.open('ana');
  expect(profiles.open('ANA ')).toEqual(ana);
  profiles.open('beto');
  expect(
    profiles
      .list()
      .map(({ user }) => user)
      .sort(),
  ).toEqual(['ana', 'beto']);
  const other = createProfiles({
    dataDir,
    storeUrl: 'https://otra.example',
    clock: { now: () => 1 },
    log: { write: () => undefined },
  });
  expect(other.list()).toEqual([]);
});

test('SY16 a trial store on another loopback port finds the profile of the last start, and its unsent work', () => {
  expect(profileId('http://127.0.0.1:4001', 'ana')).toBe(profileId('http://127.0.0.1:52077/', 'ana'));
  expect(profileId('https://mesa.example', 'ana')).toBe(profileId('https://mesa.example/', 'ana'));
  expect(profileId('https://mesa.example:8443', 'ana')).not.toBe(profileId('https://mesa.example', 'ana'));
  expect(profileId('http://127.0.0.1:4001', 'ana')).not.toBe(profileId('http://127.0.0.1:4001', 'beto'));
});

test('threat 31 two processes on one profile: the second is refused, until the first is gone however it ended', async () => {
  const dataDir = freshDir();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./profile-child.ts', import.meta.url)), dataDir, storeUrl],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(profilesIn(dataDir).open('ana')).toEqual({ ok: false, error: { code: 'profileInUse' } });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  opened(dataDir).close();
});

test('files are for this user alone', () => {
  const dataDir = freshDir();
  const files = opened(dataDir);
  expect(statSync(profilePaths(dataDir, files.id).folder).mode & 0o077).toBe(0);
});

test('threat 28 a damaged cache is made anew, and said; the outbox beside it keeps everything', () => {
  const dataDir = freshDir();
  const first = opened(dataDir);
  first.outbox.setIdentity(identity);
  writeNote(first.outbox, 'guardada');
  fill(first);
  expect(first.cacheRebuilt).toBe(false);
  const { cache, outbox } = profilePaths(dataDir, first.id);
  first.close();
  // As after a power cut: not closed, and with pages that are no pages.
  writeFileSync(`${cache}-open`, '');
  const bytes = readFileSync(cache);
  for (let at = 8192; at < bytes.length; at += 8192) bytes.fill(0xff, at, at + 64);
  writeFileSync(cache, bytes);
  const again = opened(dataDir);
  expect(again.cacheRebuilt).toBe(true);
  expect(again.cache.shown(uid('a', 1))).toBeNull();
  expect(again.outbox.unanswered(5)).toHaveLength(1);
  expect(existsSync(outbox)).toBe(true);
  again.close();
  const third = opened(dataDir);
  expect(third.cacheRebuilt).toBe(false);
});

test('threat 25 a cache of a newer app is refused, nothing is deleted, and the profile can be opened again later', () => {
  const dataDir = freshDir();
  const first = opened(dataDir);
  fill(first);
  const { cache } = profilePaths(dataDir, first.id);
  first.close();
  const db = new Database(cache);
  const version = Number(db.pragma('user_version', { simple: true }));
  db.pragma('user_version = 99');
  db.pragma(`application_id = ${witnessOf(99)}`);
  db.close();
  const before = readFileSync(cache);
  expect(profilesIn(dataDir).open('ana')).toEqual({ ok: false, error: { code: 'cacheTooNew' } });
  expect(readFileSync(cache)).toEqual(before);
  const newer = new Database(cache);
  newer.pragma(`user_version = ${version}`);
  newer.pragma(`application_id = ${witnessOf(version)}`);
  newer.close();
  expect(opened(dataDir).cache.shown(uid('a', 1))).not.toBeNull();
});

test('a cache whose tables are not those of its version is made anew; the outbox beside it stays', () => {
  const dataDir = freshDir();
  const first = opened(dataDir);
  fill(first);
  first.outbox.setIdentity(identity);
  writeNote(first.outbox, 'sin enviar');
  const { cache } = profilePaths(dataDir, first.id);
  first.close();
  const db = new Database(cache);
  db.pragma('user_version = 1');
  db.close();
  const again = opened(dataDir);
  expect(again.cacheRebuilt).toBe(true);
  expect(again.cache.shown(uid('a', 1))).toBeNull();
  expect(again.outbox.counts().unanswered).toBe(1);
});

test('erasing takes the folder', () => {
  const dataDir = freshDir();
  const profiles = profilesIn(dataDir);
  const files = profiles.open('ana');
  const id = files.ok ? files.value.id : '';
  expect(profiles.erase(id)).toEqual({ ok: true, value: null });
  expect(existsSync(profilePaths(dataDir, id).folder)).toBe(false);
});

test('migrations: steps in order, each whole or not at all, an old file brought on, a second run changes nothing', () => {
  const db = new Database(':memory:');
  const one = { version: 1, sql: 'create table a (x integer)' };
  const two = { version: 2, sql: "alter table a add column y text; insert into a values (1, 'ñ')" };
  expect(migrate(db, [one])).toEqual({ ok: true, value: { from: 0 } });
  db.exec('insert into a values (7)');
  const broken = { version: 3, sql: 'create table b (x integer); insert into nowhere values (1)' };
  expect(() => migrate(db, [one, two, broken])).toThrow();
  expect(db.pragma('user_version', { simple: true })).toBe(2);
  expect(db.prepare('select name from sqlite_schema').pluck().all()).toEqual(['a']);
  expect(migrate(db, [one, two])).toEqual({ ok: true, value: { from: 2 } });
  expect(db.prepare('select * from a').all()).toEqual([
    { x: 7, y: null },
    { x: 1, y: 'ñ' },
  ]);
  expect(migrate(db, [one])).toEqual({ ok: false, error: { code: 'cacheTooNew' } });
});
