import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePortableOptions, portableHelp } from './options.ts';

const options = parsePortableOptions(process.argv.slice(2));
if (!options.ok) {
  process.stderr.write(`chasqui: ${options.error}\n`);
  process.exitCode = 2;
} else if (options.value.command === 'help') {
  process.stdout.write(portableHelp);
} else {
  // Runtime file, pages and keys of this console: for its owner only.
  const dir = join(options.value.dataDir, 'console');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { printLink, runPortable } = await import('./run.ts');
  process.exitCode =
    options.value.command === 'link' ? await printLink(options.value, dir) : await runPortable(options.value, dir);
}
