import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPortableHost, type PortableHost } from '../../src/portable/create-portable-host.ts';
import { controlRequest } from '../../src/portable/http/control.ts';
import { parsePortableOptions } from '../../src/portable/options.ts';
import { askRunning } from '../../src/portable/running-console.ts';
import { readRuntime, removeRuntime, writeRuntime } from '../../src/portable/runtime-file.ts';
import { ok } from '../../src/shared/result.ts';
import { createFakeTarget } from '../contract/fake-target.ts';

let dir: string;
let host: PortableHost | null = null;
const servers: Server[] = [];
const shown = vi.fn();

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'chasqui-second-'));
  shown.mockClear();
});
afterEach(async () => {
  await host?.close();
  host = null;
  for (const server of servers.splice(0)) server.close();
  await rm(dir, { recursive: true });
});

async function run() {
  await writeFile(join(dir, 'index.html'), 'console');
  const { target } = createFakeTarget(async () => ok({}));
  host = await createPortableHost({ target, rendererDir: dir, port: 0, onShow: shown, onBug: shown });
  const runtime = { pid: process.pid, port: host.port, id: host.id, secret: host.secret };
  await writeRuntime(dir, runtime);
  return { host, runtime };
}

/** A program that took the port, and what it was told. */
async function impostor(answer: (body: string) => string, port = 0) {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      told.push(JSON.stringify(request.headers) + body);
      response.end(answer(body));
    });
  });
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, told };
}

describe('a second start on the same folder', () => {
  test('finds the first and gets a one-time address of it', async () => {
    const { host: first } = await run();
    const found = await askRunning(dir, 'link');
    expect(found.kind).toBe('running');
    if (found.kind === 'running')
      expect(found.url).toMatch(new RegExp(`^http://${first.id}\\.localhost:${first.port}/launch#[\\w-]{43}$`));
    expect(shown).not.toHaveBeenCalled();
  });

  test('asks it for a window, on another address than the printed one', async () => {
    await run();
    const found = await askRunning(dir, 'show');
    expect(shown).toHaveBeenCalledTimes(1);
    expect(found).toMatchObject({ kind: 'running' });
    if (found.kind === 'running') expect(shown.mock.calls[0]?.[0]).not.toBe(found.url);
  });

  test('no runtime file, a broken one, and one of a console that ended: nobody runs', async () => {
    expect(await askRunning(dir, 'link')).toEqual({ kind: 'none' });
    for (const text of [
      '',
      '{',
      '{}',
      '{"pid":1,"port":"80","id":"x","secret":""}',
      '{"pid":1,"port":80,"id":"evil.com/","secret":"0123456789012345678901234567890123"}',
    ]) {
      await writeFile(join(dir, 'portable.json'), text);
      expect(await askRunning(dir, 'link'), text).toEqual({ kind: 'none' });
    }
    const { runtime } = await run();
    await host?.close();
    host = null;
    expect(await askRunning(dir, 'link')).toEqual({ kind: 'none' });
    await removeRuntime(dir, 'another-run');
    expect(await readRuntime(dir)).toEqual(runtime);
    await removeRuntime(dir, runtime.id);
    expect(await readRuntime(dir)).toBeNull();
  });

  test('threat 33: the runtime file is for its owner, whatever an older one allowed', async () => {
    await writeFile(join(dir, 'portable.json'), 'x');
    await chmod(join(dir, 'portable.json'), 0o666);
    await run();
    expect((await stat(join(dir, 'portable.json'))).mode & 0o777).toBe(0o600);
  });
});

describe('threat 34: an impostor on the port', () => {
  const id = 'a'.repeat(24);
  const secret = 's'.repeat(43);
  const evil = (port: number) => `http://${id}.localhost:${port}/launch#evil`;

  test.each([
    ['says nothing', () => ''],
    ['answers without a proof', (port: number) => JSON.stringify({ url: evil(port) })],
    ['makes up a proof', (port: number) => JSON.stringify({ url: evil(port), proof: 'x'.repeat(43) })],
    [
      'sends our own proof back',
      (port: number, body: string) => JSON.stringify({ url: evil(port), proof: JSON.parse(body).proof }),
    ],
    [
      'proves with an empty secret',
      (port: number, body: string) => {
        const text = `answer\n${JSON.parse(body).nonce}\n${evil(port)}`;
        return JSON.stringify({ url: evil(port), proof: createHmac('sha256', '').update(text).digest('base64url') });
      },
    ],
    ['floods', () => `"${'x'.repeat(1_000_000)}"`],
  ])('that %s is not believed and learns no secret', async (_name, answer) => {
    let port = 0;
    const fake = await impostor((body) => answer(port, body));
    port = fake.port;
    await writeRuntime(dir, { pid: process.pid, port, id, secret });
    expect(await askRunning(dir, 'show')).toEqual({ kind: 'impostor', port });
    expect(fake.told).toHaveLength(1);
    expect(fake.told[0]).not.toContain(secret);
  });

  test('what it was told opens nothing at the true console, nor does a second saying', async () => {
    const { host: first, runtime } = await run();
    const post = async (body: object, headers: Record<string, string> = {}) => {
      const { request } = await import('node:http');
      return new Promise<number>((resolve) => {
        const call = request({
          host: '127.0.0.1',
          port: first.port,
          path: '/control',
          method: 'POST',
          headers: { host: `${first.id}.localhost:${first.port}`, 'content-type': 'application/json', ...headers },
        });
        call.on('response', (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        call.end(JSON.stringify(body));
      });
    };
    const asked = controlRequest(runtime.secret, 'n'.repeat(32), 'link');
    expect(await post({ ...asked, act: 'show' })).toBe(403);
    expect(await post({ ...asked, nonce: 'm'.repeat(32) })).toBe(403);
    expect(await post(controlRequest('another secret', 'n'.repeat(32), 'link'))).toBe(403);
    expect(await post(asked, { origin: `http://${first.id}.localhost:${first.port}` })).toBe(403);
    expect(await post(asked, { 'sec-fetch-site': 'same-origin' })).toBe(403);
    expect(await post(asked)).toBe(200);
    expect(await post(asked)).toBe(403);
    expect(shown).not.toHaveBeenCalled();
  });

  test('a port that is taken stops the start', async () => {
    const fake = await impostor(() => '');
    await writeFile(join(dir, 'index.html'), 'console');
    const { target } = createFakeTarget(async () => ok({}));
    const taken = createPortableHost({ target, rendererDir: dir, port: fake.port, onShow: shown, onBug: shown });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('command line', () => {
  test('run and link', () => {
    expect(parsePortableOptions(['--store', 'http://127.0.0.1:8080/', '--data', '/d', '--no-open', '--json'])).toEqual({
      ok: true,
      value: {
        command: 'run',
        storeUrl: 'http://127.0.0.1:8080',
        dataDir: '/d',
        port: 0,
        open: false,
        json: true,
        browser: null,
        launcher: null,
      },
    });
    expect(parsePortableOptions(['link', '--data', '/d'])).toEqual({
      ok: true,
      value: { command: 'link', dataDir: '/d', json: false },
    });
    expect(parsePortableOptions(['--help'])).toEqual({ ok: true, value: { command: 'help' } });
  });

  test.each([
    [[], '--data'],
    [['--data', ''], '--data'],
    [['--data', '/d'], '--store'],
    [['--data', '/d', '--store', 'ftp://x'], '--store'],
    [['--data', '/d', '--store', 'mesa'], '--store'],
    [['--data', '/d', '--store', 'http://x', '--port', '70000'], '--port'],
    [['--data', '/d', '--store', 'http://x', '--port', '-1'], '--port'],
    [['--data', '/d', '--store', 'http://x', '--port', '0x50'], '--port'],
    [['--data', '/d', '--store', 'http://x', 'start'], 'start'],
    [['--data', '/d', '--odd'], '--odd'],
  ])('%j is one sentence about %s', (argv, word) => {
    const parsed = parsePortableOptions(argv);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).toContain(word);
  });
});
