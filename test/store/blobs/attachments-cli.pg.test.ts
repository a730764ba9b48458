import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../support/postgres.ts';

const main = fileURLToPath(new URL('../../../src/store/main.ts', import.meta.url));

/** Runs a command of the store to its end. */
function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

it('13.16 a database that finds the place of another says so, deletes nothing, and takes it by its mark alone', async () => {
  const [one, two] = [await createTestDatabase(), await createTestDatabase()];
  const folder = await mkdtemp(join(tmpdir(), 'claim-'));
  const attachments = (url: string, ...more: string[]) =>
    run('attachments', '--database-url', url, '--blobs', folder, ...more);
  expect(await attachments(one.url)).toMatchObject({ code: 0, out: expect.stringContaining('works') });
  const mark = /another database \(([0-9a-f-]{36})\)/;
  const stranger = await attachments(two.url, '--collect');
  expect(stranger).toMatchObject({ code: 1, out: expect.stringMatching(mark) });
  expect(stranger.out).not.toContain('Taken away');
  expect(await run('verify', '--database-url', two.url, '--blobs', folder)).toMatchObject({ code: 0 });
  const doctor = await run('doctor', '--database-url', two.url, '--blobs', folder);
  expect(doctor).toMatchObject({ code: 1, out: expect.stringMatching(/FAULT +files +.*another database/) });
  const refused = await attachments(two.url, '--claim');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was changed') });
  const [, id = ''] = mark.exec(refused.err) ?? [];
  expect(await attachments(two.url, '--claim', id)).toMatchObject({ code: 0, out: expect.stringContaining('works') });
  expect(await attachments(one.url)).toMatchObject({ code: 1, out: expect.stringMatching(mark) });
  expect((await attachments(two.url, '--collect')).out).toContain('Taken away');
  expect(await readdir(folder)).toContain('chasqui-place');
  await one.drop();
  await two.drop();
  await rm(folder, { recursive: true });
});
