import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { cleanText } from '../../src/domain/text.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

const noteSchema = z.object({ event: z.object({ text: z.string() }) });

let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

it('SY1 any Unicode comes back as it was shown: what the domain cleans is what PostgreSQL holds and the pull brings', async () => {
  const ana = await store.signIn(desk.accounts.ana);
  const ticketId = v7();
  await ana.push(ana.command('register', ticketId, registerPayload(desk)));
  let cursor = (await ana.pull(0)).at(-1)?.['cursor'] as number;
  const text = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    )
    .map((part) => `x${part}`);
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
      const commands = texts.map((value) => ana.command('addNote', ticketId, { visibility: 'internal', text: value }));
      await ana.push(...commands);
      const lines = await ana.pull(cursor);
      cursor = lines.at(-1)?.['cursor'] as number;
      const entries = lines.filter((line) => line.e === 'entry');
      const back = entries.map((line) => noteSchema.parse(line.row).event.text);
      expect(back).toEqual(texts.map(cleanText));
    }),
    { numRuns: 40 },
  );
});
