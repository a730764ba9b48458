import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createDamageWatch } from '../../src/platform-node/damage-watch.ts';

const failing = (code: string) => ({
  read(): number {
    throw new Database.SqliteError('as the library says it', code);
  },
});

test.each([
  ['SQLITE_CORRUPT', true],
  ['SQLITE_CORRUPT_VTAB', true],
  ['SQLITE_NOTADB', true],
  ['SQLITE_BUSY', false],
  ['SQLITE_IOERR_READ', false],
])('threat 28: a read that ends with %s still throws, and damage is %s', (code, damaged) => {
  const watch = createDamageWatch();
  expect(watch.over({ read: () => 7 }).read()).toBe(7);
  expect(() => watch.over(failing(code)).read()).toThrow(Database.SqliteError);
  expect(watch.found()).toBe(damaged);
  watch.mended();
  expect(watch.found()).toBe(false);
});
