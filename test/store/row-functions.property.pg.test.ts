import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { searchWords } from '../../src/store/changes/search-words.ts';
import { rowDigest } from '../../src/store/db/row-digest.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(2);
});
afterAll(() => test.drop());

/** What people write at a desk: Spanish and Quechua letters, codes, signs, emoji, other alphabets in lower case. */
const symbol = fc.constantFrom(
  ...'aAñÑáÁüÜéíóúçøßkʼ019 -_.:;"\'\\/()[]{}&|!*%$#@<>=+¿¡«»“”…–—·°ºª€☕😀\n\tжяβδ漢字'.split(''),
);
const text = fc.array(symbol, { maxLength: 60 }).map((letters) => letters.join(''));

it('SY7 the words of a closed ticket and those of a question are made alike', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (source) => {
      const { rows } = await test.db.pool.query<{ words: string[] }>('select search_words($1) as words', [source]);
      expect([...(rows[0]?.words ?? [])].sort()).toEqual(searchWords(source).sort());
    }),
    { numRuns: 300 },
  );
});

it('SY4 a row’s digest is the same whoever counts it', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (source) => {
      const { rows } = await test.db.pool.query<{ digest: string }>('select row_digest($1)::text as digest', [source]);
      expect(rows[0]?.digest).toBe(String(rowDigest(source)));
    }),
    { numRuns: 100 },
  );
});
