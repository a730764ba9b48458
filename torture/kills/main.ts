import { Command } from 'commander';
import { isPlant, plants } from './plants.ts';
import { type KillReport, runKills } from './run.ts';

const REOPEN_P95_MS = 500;

interface Flags {
  readonly kills: string;
  readonly seed: string;
  readonly plant?: string;
  readonly json?: boolean;
}

const flags = new Command('torture:kills')
  .description(
    'SIGKILL of a console that is writing, again and again. Exit 1: something that was saved was lost or doubled',
  )
  .option('--kills <number>', 'how many', '1000')
  .option(
    '--seed <number>',
    'what the moments of the kills, the link and the flipped bytes are drawn from',
    String(Date.now() % 1_000_000),
  )
  .option('--plant <name>', `a fault to be found: ${plants.join(', ')}`)
  .option('--json', 'print one JSON line')
  .parse()
  .opts<Flags>();

const plant = flags.plant ?? null;
if (plant !== null && !isPlant(plant)) {
  console.error(`torture:kills: no such plant: ${plant}`);
  process.exit(2);
}
const report = await runKills({
  kills: Number(flags.kills),
  seed: Number(flags.seed),
  plant,
  onProgress(done) {
    if (done % 50 === 0) console.error(`${done} kills`);
  },
});
const fast = report.reopen.p95 < REOPEN_P95_MS;
if (flags.json) console.log(JSON.stringify(report));
else show(report);
process.exitCode = report.ok && fast ? 0 : 1;

function show({ kills, requests, reopen, ready, store, flips, breaches, evidence, seed, seconds }: KillReport): void {
  console.log(
    `seed ${seed}: ${kills.all} kills in ${seconds} s: ${kills.writing} in a write, ${kills.opening} while opening`,
  );
  console.log(
    `${requests.saved} requests saved; ${requests.unanswered} unanswered, ${requests.unansweredButKept} of them kept`,
  );
  console.log(`the store has ${store.commands} commands, ${store.effects} effects`);
  console.log(
    `reopened in p50 ${reopen.p50}, p95 ${reopen.p95}, at most ${reopen.max} ms (wanted: p95 < ${REOPEN_P95_MS})`,
  );
  console.log(`ready since the process began: p50 ${ready.p50}, p95 ${ready.p95} ms`);
  console.log(
    `${flips.tried} copies with flipped bytes: ${flips.salvaged} salvaged, ${flips.reported} commands reported`,
  );
  for (const line of evidence) console.log(`BROKEN ${line}`);
  if (evidence.length > 0) console.log(JSON.stringify(breaches));
}
