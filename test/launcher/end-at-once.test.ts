import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { PRELOADS } from '../../launcher/boot/node24.js';
import { fixture, run } from './support.ts';

it('a program whose work is done ends at once, with all of its output and its exit code', async () => {
  const boot = join(import.meta.dirname, '..', '..', 'launcher', 'boot');
  const preloads = PRELOADS.flatMap((file) => ['--import', pathToFileURL(join(boot, file)).href]);
  const [first = '', ...rest] = [...preloads, fixture('done.ts')];
  const program = run(first, rest);
  expect(await program.exit).toBe(3);
  expect(program.stdout()).toHaveLength(2_000_000);
});
