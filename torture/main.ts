import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { refusedFolder } from './folder.ts';
import { readOptions } from './options.ts';
import { words } from './run/report.ts';
import { torture } from './run/torture.ts';

// Consoles and stores start hundreds of times.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '..', 'node_modules', '.cache', 'chasqui-node');

const options = readOptions(process.argv.slice(2));
if (options === null) process.exit(2);

const { seed, minutes, json } = options;
const folder = options.folder === null ? mkdtempSync(join(tmpdir(), 'chasqui-torture-')) : resolve(options.folder);
const refused = options.folder === null ? null : refusedFolder(folder);
if (refused !== null) {
  process.stderr.write(`error: ${refused}\n`);
  process.exit(2);
}
const say = (text: string) => void process.stderr.write(`${text}\n`);
say(`Seed ${seed}, ${minutes} minutes; everything lies in ${folder}`);

/** The harness itself broke: nothing is proved, and what there is stays. */
process.on('uncaughtException', (error) => {
  const breach = { rule: 'HARNESS', words: error.stack ?? String(error) };
  say(`BREACH ${breach.rule} ${breach.words}\nEvidence: ${folder}; again with --seed ${seed}`);
  if (json)
    process.stdout.write(`${JSON.stringify({ seed, minutes, clean: false, evidence: folder, breaches: [breach] })}\n`);
  try {
    appendFileSync(join(folder, 'breach.txt'), `${breach.rule} ${breach.words}\n`);
  } finally {
    process.exit(1);
  }
});

const report = await torture({ ...options, folder, say });
if (report.clean) rmSync(folder, { recursive: true, force: true });
say(words(report));
if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(report.clean ? 0 : 1);
