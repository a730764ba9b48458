import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { PlantName } from '../../../torture/plants/index.ts';

const main = fileURLToPath(new URL('../../../torture/main.ts', import.meta.url));
const reportSchema = z.object({
  clean: z.boolean(),
  evidence: z.string().nullable(),
  breaches: z.array(z.object({ rule: z.string() })),
});

/** A short run of a product with that bug: its exit code, its report. Its evidence lies in `folder`. */
async function runWith(folder: string, plant: PlantName, seed: number, minutes: number) {
  const much = ['--minutes', String(minutes), '--consoles', '3', '--patience', '10'];
  const args = [...much, '--seed', String(seed), '--json', '--plant', plant];
  const child = spawn(process.execPath, [main, ...args, '--folder', join(folder, `${plant}-${seed}`)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, report: reportSchema.parse(JSON.parse(text)) };
}

/** Has the bug found out by one of `rules`, with exit code 1 and the evidence kept. */
export async function isFoundOut(plant: PlantName, rules: readonly string[], minutes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-plants-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // What a kill meets is a matter of timing: a few seconds of a busy machine may miss it, three times in a row they do not.
  let found = await runWith(folder, plant, 7, minutes);
  const isFound = () => found.report.breaches.some(({ rule }) => rules.includes(rule));
  for (const seed of [8, 9]) if (!isFound()) found = await runWith(folder, plant, seed, minutes);
  const { code, report } = found;
  expect(report.breaches.filter(({ rule }) => rules.includes(rule))).not.toEqual([]);
  expect([code, report.clean]).toEqual([1, false]);
  expect(readdirSync(report.evidence ?? '')).toEqual(
    expect.arrayContaining(['breach.txt', 'events.txt', 'ledger.ndjson', 'logs', 'plan.json', 'report.json']),
  );
}
