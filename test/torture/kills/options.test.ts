import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../../torture/kills/main.ts', import.meta.url));

test.each(['abc', '-5', '0', '2.5', ''])(
  '--kills %j is refused in words: it would prove nothing',
  (kills) => {
    const { status, stderr } = spawnSync(process.execPath, [main, `--kills=${kills}`], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringContaining('a whole number from 1 to')]);
  },
  60_000,
);
