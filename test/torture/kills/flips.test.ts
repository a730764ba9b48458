import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createChance } from '../../../simulator/time/chance.ts';
import { createOutbox } from '../../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../../src/platform-node/outbox-file.ts';
import { flipBytes, noFlips } from '../../../torture/kills/flips.ts';
import { freshDir, identity, uid, writeNote } from '../../platform-node/fixtures.ts';

test('threat 28 bits flipped anywhere in an outbox: each command is there unaltered or reported, and whatever opens can be used', () => {
  const folder = freshDir();
  const path = join(folder, 'outbox.db');
  const opened = openOutboxFile(path, 1);
  if (!opened.ok) throw new Error(opened.error.code);
  const { db } = opened.value;
  db.pragma('synchronous = off');
  const outbox = createOutbox(db);
  outbox.setIdentity(identity);
  for (let n = 0; n < 400; n += 1) writeNote(outbox, `acto ${n} nota`, uid('a', n % 20));
  db.close();

  const chance = createChance(5);
  const flips = noFlips();
  const breaches = Array.from({ length: 120 }, () => flipBytes(path, join(folder, 'copy'), chance, flips)).flat();
  expect(breaches).toEqual([]);
  expect(flips.salvaged).toBeGreaterThan(10);
  expect(flips.reported).toBeGreaterThan(10);
}, 300_000);
