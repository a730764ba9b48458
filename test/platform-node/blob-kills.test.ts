import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createPlacing } from '../../src/core/files/placing.ts';
import { createFileShelf } from '../../src/core/files/shelf.ts';
import { createNewsHub } from '../../src/core/news-hub.ts';
import { createSignal } from '../../src/core/sync/signal.ts';
import { createBlobFiles } from '../../src/platform-node/blob-files.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { nodeTimers } from '../../src/platform-node/timers.ts';
import { createMemoryCache, emptyCacheDisk } from '../support/console/memory-cache.ts';
import { freshDir, identity, uid } from './fixtures.ts';

const SIZE = 170_000;
const contentOf = (n: number): Buffer => createHash('shake256', { outputLength: SIZE }).update(`${n}`).digest();

test('threat 26, SY1 C130 SIGKILL in the middle of taking files, 15 times: what was said to be on the disk is there, byte for byte', async () => {
  const folder = freshDir();
  const child = fileURLToPath(new URL('./stage-child.ts', import.meta.url));
  let whole = 0;
  let halves = 0;
  for (let round = 0, from = 0; round < 15; round++) {
    const running = spawn(process.execPath, [child, folder, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    running.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.length > 60 + round * 37) running.kill('SIGKILL');
    });
    await new Promise((resolve) => running.on('close', resolve));

    const opened = openOutboxFile(join(folder, 'outbox.db'), 42);
    if (!opened.ok) throw new Error(opened.error.code);
    const outbox = createOutbox(opened.value.db);
    if (outbox.identity() === null) outbox.setIdentity(identity);
    const blobs = createBlobFiles(join(folder, 'blobs'));
    const cache = createMemoryCache(emptyCacheDisk(), () => null);
    const parts = { clock: { now: Date.now, monotonicMs: () => 0, bootId: () => 'b' }, log: { write: () => {} } };
    const transfers = { changed: () => {} };
    await createPlacing({ outbox, blobs }, createNewsHub(parts.log), transfers, createSignal(nodeTimers)).finishAll();
    await createFileShelf(parts, { outbox, cache, blobs }, transfers).tidy();

    const lines = said.split('\n').slice(0, -1);
    for (const line of lines) {
      const [what, n = '', value = ''] = line.split(' ');
      const row = outbox.stagedFile(uid('f', Number(n)));
      if (what === 'whole') {
        whole += 1;
        expect(row).toMatchObject({ sha256: value, size: SIZE });
        expect(blobs.sizeOf(value)).toBe(SIZE);
        expect(await blobs.verify(value)).toEqual({ ok: true, value: null });
      } else if (row?.sha256 === null) {
        halves += 1;
        const held = readFileSync(join(folder, 'blobs', 'staging', `${uid('f', Number(n))}.part`));
        expect(held.length).toBeGreaterThanOrEqual(Number(value));
        expect(held.equals(contentOf(Number(n)).subarray(0, held.length))).toBe(true);
      }
    }
    // Whatever has a hash is there under it, said or not.
    for (const row of outbox.staged(null)) if (row.sha256 !== null) expect(blobs.sizeOf(row.sha256)).toBe(SIZE);
    from = 1 + Math.max(0, ...outbox.staged(null).map((row) => Number.parseInt(row.attachmentId.slice(-12), 16)));
    opened.value.db.close();
  }
  expect(whole).toBeGreaterThan(15);
  expect(halves).toBeGreaterThan(0);
}, 120_000);
