import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { trialAccountSchema } from '../../src/protocol/sync/auth.ts';
import { runtimeSchema } from '../../src/store/cli/runtime-file.ts';
import { isAlive } from '../../src/store/embedded/stale.ts';
import { createFixtureDesk } from '../support/desk-fixture.ts';
import { createTestDatabase } from '../support/postgres.ts';

const main = fileURLToPath(new URL('../../src/store/main.ts', import.meta.url));
const readySchema = z.strictObject({
  store: z.strictObject({ url: z.url() }),
  accounts: z.array(trialAccountSchema.omit({ name: true }).strict()),
});
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Runs the command line to its end. */
function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { CHASQUI_DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}
const line = (child: ChildProcess) =>
  new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

describe('command line', () => {
  it.each([
    [['--help']],
    [['serve', '--help']],
    [['migrate', '--help']],
    [['account', 'add', '--help']],
    [['verify', '--help']],
    [['trial', '--help']],
  ])('%j explains itself', async (args) => {
    const { code, out } = await run(...args);
    expect([code, out]).toEqual([0, expect.stringContaining('Usage:')]);
  });

  it('SY14 restore says who has to sign in after it, and where: a profile at rest hands in only then', async () => {
    const { out } = await run('restore', '--help');
    expect(out).toContain('sign in once on every machine that they used since the backup');
  });

  it.each([
    [['serve'], '--database-url'],
    [['serve', '--database-url', 'mysql://x'], '--database-url'],
    [['serve', '--database-url', 'postgres://u:p@127.0.0.1:1/x'], '--database-url'],
    [['serve', '--database-url', 'postgres://u:p@127.0.0.1:1/x', '--port', '70000'], '--port'],
    [['serve', '--database-url', 'postgres://u:p@127.0.0.1:1/x', '--log-level', 'loud'], '--log-level'],
    [['trial'], '--data'],
  ])('%j ends with 2 and one sentence that names the setting', async (args, setting) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(setting);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('account add gives a first password; verify is content', async () => {
    const database = await createTestDatabase();
    await createFixtureDesk(database.db);
    const added = await run(
      'account',
      'add',
      '--database-url',
      database.url,
      '--user',
      'rosa',
      '--email',
      'rosa.quispe@desk.example',
      '--site',
      'LIM',
    );
    expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^rosa: first password \S{16}/)]);
    const again = await run(
      'account',
      'add',
      '--database-url',
      database.url,
      '--user',
      'ROSA',
      '--email',
      'rosa.quispe@desk.example',
    );
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('taken')]);
    const verified = await run('verify', '--json', '--database-url', database.url);
    expect([verified.code, JSON.parse(verified.out)]).toEqual([0, expect.objectContaining({ faults: [], tickets: 0 })]);
    await database.drop();
  });

  it('trial says where it is on one line, lends itself to a second start, and leaves nothing running', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chasqui-trial-'));
    folders.push(folder);
    const args = [main, 'trial', '--data', folder, '--json'];
    const first = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let trouble = '';
    first.stderr.on('data', (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    const ready = readySchema.parse(JSON.parse(await line(first)));
    expect(ready.accounts.length).toBeGreaterThan(20);
    expect((await fetch(`${ready.store.url}/readyz`)).status).toBe(200);
    const file = join(folder, 'store.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(runtimeSchema.parse(JSON.parse(await readFile(file, 'utf8')))).toMatchObject({
      pid: first.pid,
      url: ready.store.url,
    });

    const second = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    expect(JSON.parse(await line(second))).toEqual(ready);
    const secondEnd = ended(second);
    second.stdin.end();
    expect(await secondEnd).toBe(0);
    expect((await fetch(`${ready.store.url}/healthz`)).status).toBe(200);

    const pid = Number((await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const firstEnd = ended(first);
    first.kill('SIGTERM');
    expect(await firstEnd).toBe(0);
    expect(isAlive(pid)).toBe(false);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(trouble).not.toContain('"level"');
  }, 180_000);
});
