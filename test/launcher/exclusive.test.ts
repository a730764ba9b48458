import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lock, tryLock } from '../../launcher/boot/exclusive.js';
import { fixture, run, tempDir, until } from './support.ts';

describe('the lock of a folder', () => {
  test('has one holder, and is free again when released', async () => {
    const name = tempDir();
    const held = await tryLock(name);
    expect(await tryLock(name)).toBeNull();
    const other = await tryLock(`${name}/other`);
    expect(other).not.toBeNull();
    await other?.release();
    await held?.release();
    const again = await tryLock(name);
    expect(again).not.toBeNull();
    await again?.release();
  });

  test('is freed by the death of its holder, and whoever waits gets it', async () => {
    const dir = tempDir();
    const file = join(dir, 'hold.mjs');
    const lib = JSON.stringify(fixture('../../../launcher/boot/exclusive.js'));
    writeFileSync(
      file,
      `import { tryLock } from ${lib}; console.log(await tryLock(${JSON.stringify(dir)}) !== null);
      setInterval(() => undefined, 1000);`,
    );
    const holder = run(file, []);
    await until(() => holder.stdout() === 'true\n', 'a holder');
    let waits = 0;
    const waiting = lock(dir, () => {
      waits += 1;
      holder.child.kill('SIGKILL');
    });
    const held = await waiting;
    expect(waits).toBe(1);
    await held.release();
  });
});
