import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { everStarted, fixture, run, type Started, stillRunning, tempDir, until } from './support.ts';

const JSON_FLAGS = ['--portable', '--no-open', '--json', '--port', '0'];
const start = (dir: string, env: Record<string, string> = {}) =>
  run(fixture('start.ts'), [...JSON_FLAGS, '--data', dir], env);

const isReady = ({ stdout }: Started) => stdout().includes('\n');
const ready = (started: Started) => until(() => isReady(started), `a line on stdout; stderr: ${started.stderr()}`);
const gone = (dir: string) => until(() => stillRunning(dir).length === 0, `an end of ${stillRunning(dir)}`);

describe('the line that other programs read', () => {
  test('is the only one on stdout and carries console, store and accounts', async () => {
    const dir = tempDir();
    const started = start(dir);
    await ready(started);
    expect(JSON.parse(started.stdout())).toEqual({
      console: { url: 'http://x.localhost:1/launch#token' },
      store: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
      accounts: [{ user: 'ana', password: 'secret', role: 'technician', tier: 1, site: 'LIM' }],
    });
    started.child.kill('SIGTERM');
    expect(await started.exit).toBe(0);
    expect(started.stdout().trim().split('\n')).toHaveLength(1);
  });

  test('with --store: that store, no accounts, and no store of our own', async () => {
    const dir = tempDir();
    const started = run(fixture('start.ts'), [...JSON_FLAGS, '--data', dir, '--store', 'http://desk.example:8000']);
    await ready(started);
    expect(JSON.parse(started.stdout())).toMatchObject({ store: { url: 'http://desk.example:8000' }, accounts: [] });
    expect(everStarted(dir).map((entry) => entry.split('-')[0])).toEqual(['portable']);
    started.child.kill('SIGTERM');
    await gone(dir);
  });

  test('the store keeps its address from one start to the next', async () => {
    const dir = tempDir();
    const urls: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const started = start(dir);
      await ready(started);
      urls.push(JSON.parse(started.stdout()).store.url);
      started.child.kill('SIGTERM');
      await started.exit;
    }
    expect(urls[1]).toBe(urls[0]);
  });
});

describe('the end leaves nothing', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('after %s', async (signal) => {
    const dir = tempDir();
    const started = start(dir);
    await ready(started);
    expect(stillRunning(dir)).toHaveLength(2);
    started.child.kill(signal);
    await started.exit;
    await gone(dir);
  });

  test('when npm, which tells nobody, is killed above a shell', async () => {
    const dir = tempDir();
    const npm = run(fixture('npm-like.js'), [...JSON_FLAGS, '--data', dir]);
    await ready(npm);
    expect(stillRunning(dir)).toHaveLength(2);
    npm.child.kill('SIGKILL');
    await gone(dir);
    // Its pipes close only when the shell, the bootstrap and the start have ended too.
    await npm.exit;
  });

  test('when the bootstrap itself is killed', async () => {
    const dir = tempDir();
    const bootstrap = run(fixture('hand-over.js'), [...JSON_FLAGS, '--data', dir]);
    await ready(bootstrap);
    bootstrap.child.kill('SIGKILL');
    await gone(dir);
    await bootstrap.exit;
  });

  test('when told to end while the store is still coming up, and the next start works', async () => {
    const dir = tempDir();
    const started = start(dir, { FIXTURE_STORE: 'hanging' });
    await until(() => everStarted(dir).length === 1, 'a store');
    started.child.kill('SIGINT');
    expect(await started.exit).toBe(0);
    await gone(dir);
    expect(started.stderr().trim().split('\n')).toEqual([expect.stringMatching(/^Starting the ticket store/)]);
    const next = start(dir);
    await ready(next);
    next.child.kill('SIGTERM');
    await next.exit;
  });
});

describe('two starts on one folder', () => {
  test('share one store, one after the other', async () => {
    const dir = tempDir();
    const first = start(dir);
    await ready(first);
    const second = start(dir, { FIXTURE_PORTABLE: 'brief' });
    expect(await second.exit).toBe(0);
    expect(JSON.parse(second.stdout()).store).toEqual(JSON.parse(first.stdout()).store);
    expect(everStarted(dir).filter((entry) => entry.startsWith('store'))).toHaveLength(1);
    expect(stillRunning(dir)).toHaveLength(2);
    first.child.kill('SIGTERM');
    await gone(dir);
  });

  test('share one store, at the same moment', async () => {
    const dir = tempDir();
    const both = [start(dir, { FIXTURE_STORE_MS: '500' }), start(dir, { FIXTURE_STORE_MS: '500' })];
    for (const started of both) await ready(started);
    expect(everStarted(dir).filter((entry) => entry.startsWith('store'))).toHaveLength(1);
    for (const started of both) started.child.kill('SIGTERM');
    await gone(dir);
  });

  test('the file that tells of the store, with its passwords, is its owner’s alone', async () => {
    const dir = tempDir();
    const started = start(dir);
    await ready(started);
    expect(statSync(join(dir, 'launcher', 'running-store.json')).mode & 0o777).toBe(0o600);
    started.child.kill('SIGTERM');
    await started.exit;
    expect(statSync(join(dir, 'launcher', 'running-store.json'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('what goes wrong is said in a sentence', () => {
  test('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await until(() => server.listening, 'a listening server');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const dir = tempDir();
    const started = run(fixture('start.ts'), ['--portable', '--no-open', '--port', String(port), '--data', dir]);
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toBe(
      `Port ${port} is taken by another program. Choose another with --port, or leave it out.\n`,
    );
    expect(everStarted(dir)).toEqual([]);
  });

  test('a store that does not come up: its last words, and nothing left', async () => {
    const dir = tempDir();
    const started = start(dir, { FIXTURE_STORE: 'broken' });
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toContain('The ticket store ended before it was ready (3).');
    expect(started.stderr()).toContain('the cluster is not readable');
    expect(started.stderr()).not.toMatch(/^\s+at /m);
    await gone(dir);
  });

  test('a build that fails', async () => {
    const dir = tempDir();
    const started = start(dir, { FIXTURE_BUILD: 'process.exit(4)' });
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toContain('The console could not be built (4)');
    await gone(dir);
  });

  test('a flag that is none', async () => {
    const started = run(fixture('start.ts'), ['--prot', '1']);
    expect(await started.exit).toBe(1);
    expect(started.stderr()).toMatch(/^Unknown option '--prot'/);
  });
});

test('link prints what the console prints, for the folder that was asked for', async () => {
  const dir = tempDir();
  const started = run(fixture('start.ts'), ['link', '--data', dir]);
  expect(await started.exit).toBe(0);
  expect(started.stdout()).toBe(`link for ${dir}\n`);
});
