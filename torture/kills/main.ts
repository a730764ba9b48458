import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKillFlags } from './options.ts';
import type { KillReport } from './report.ts';
import { runKills } from './run.ts';

const REOPEN_P95_MS = 500;

const flags = readKillFlags(process.argv.slice(2));
if (flags === null) process.exit(2);
const folder = mkdtempSync(join(tmpdir(), 'chasqui-kills-'));
console.error(`Seed ${flags.seed}, ${flags.kills} kills; outbox and logs lie in ${folder}`);
const report = await runKills({
  ...flags,
  folder,
  onProgress(done) {
    if (done % 50 === 0) console.error(`${done} kills`);
  },
});
const fast = report.reopen.p95 < REOPEN_P95_MS;
if (report.ok) rmSync(folder, { recursive: true, force: true });
if (flags.json) console.log(JSON.stringify(report));
else show(report);
process.exitCode = report.ok && fast ? 0 : 1;

function show({ kills, requests, reopen, ready, store, flips, breaches, evidence, ...rest }: KillReport): void {
  const { seed, seconds } = rest;
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
  if (rest.folder !== null) console.log(`Evidence: ${rest.folder}; again with --seed ${seed}`);
}
