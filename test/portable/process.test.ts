import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { socketTransport } from '../../src/portable/http/socket-transport.ts';
import { createPortClient } from '../../src/protocol/console/port-client.ts';

const root = join(import.meta.dirname, '../..');
const isBuilt = existsSync(join(root, 'out/renderer/index.html'));
let dir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'chasqui-portable-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** The portable host as the launcher runs it: stdin is a pipe that closes when the launcher goes. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'src/portable/main.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = async () => {
    await vi.waitFor(() => expect(said.out, said.err).toMatch(/\n/), { timeout: 45_000 });
    return JSON.parse(said.out.split('\n')[0] ?? '').console.url as string;
  };
  return { child, said, ended, url };
}
const consoleArgs = () => ['--store', 'http://127.0.0.1:9', '--data', dir, '--json', '--no-open'];

/** Goes in as the launch page does and opens the console's socket. */
async function enter(url: string) {
  const { host, origin, port, hash } = new URL(url);
  // A name below localhost is loopback for browsers; the resolver of this PC need not know it.
  const { request } = await import('node:http');
  const cookie = await new Promise<string>((resolve, reject) => {
    const call = request({
      host: '127.0.0.1',
      port,
      path: '/launch',
      method: 'POST',
      headers: { host, origin, 'content-type': 'application/json' },
    });
    call.on('response', (response) => {
      response.resume();
      resolve(String(response.headers['set-cookie']?.[0]).split(';')[0] ?? '');
    });
    call.on('error', reject);
    call.end(JSON.stringify({ token: hash.slice(1) }));
  });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/console`, { headers: { host, origin, cookie } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return createPortClient(socketTransport(socket));
}

describe.skipIf(!isBuilt)(
  `the portable host as a process${isBuilt ? '' : ' (skipped: the console page is not built)'}`,
  () => {
    test('prints one JSON line, serves its console, and ends clean on SIGTERM', async () => {
      const host = start(...consoleArgs());
      const url = await host.url();
      const client = await enter(url);
      expect(await client.call('host.info', {})).toMatchObject({ ok: true, value: { host: 'portable' } });
      expect(await client.call('session.get', {})).toMatchObject({
        ok: true,
        value: { session: null, storeUrl: 'http://127.0.0.1:9' },
      });
      expect(await client.call('host.openExternal', { url: 'file:///etc/passwd' })).toEqual({
        ok: true,
        value: { opened: false },
      });
      expect((await stat(join(dir, 'console'))).mode & 0o777).toBe(0o700);
      expect((await stat(join(dir, 'console/portable.json'))).mode & 0o777).toBe(0o600);
      host.child.kill('SIGTERM');
      expect(await host.ended).toBe(0);
      expect(host.said.out.trim().split('\n')).toHaveLength(1);
      expect(host.said.err).not.toContain(new URL(url).hash.slice(1));
      expect(await client.call('host.info', {})).toMatchObject({ ok: false, error: { code: 'hostGone' } });
      expect(await readdir(join(dir, 'console'))).not.toContain('portable.json');
    });

    test('ends when the launcher goes away: its end of stdin closes', async () => {
      const host = start(...consoleArgs());
      await host.url();
      host.child.stdin.end();
      expect(await host.ended).toBe(0);
    });

    test('threat 31: a second start on the folder shows the first, owns nothing and ends alone', async () => {
      const first = start(...consoleArgs());
      const one = await first.url();
      const second = start(...consoleArgs());
      const two = await second.url();
      expect(new URL(two).origin).toBe(new URL(one).origin);
      expect(new URL(two).hash).not.toBe(new URL(one).hash);
      second.child.kill('SIGTERM');
      expect(await second.ended).toBe(0);
      const link = start('link', '--data', dir);
      expect(await link.ended).toBe(0);
      expect(link.said.out.trim()).toMatch(new RegExp(`^${new URL(one).origin}/launch#`));
      for (const url of [one, two, link.said.out.trim()]) {
        const client = await enter(url);
        expect(await client.call('host.info', {}), url).toMatchObject({ ok: true });
        client.close();
      }
      first.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      const late = start('link', '--data', dir);
      expect(await late.ended).toBe(1);
      expect(late.said.err).toContain('no console runs');
    });

    test('after a kill -9 the next start works, on another port and name', async () => {
      const first = start(...consoleArgs());
      const one = await first.url();
      first.child.kill('SIGKILL');
      await first.ended;
      const two = await start(...consoleArgs()).url();
      expect(new URL(two).host).not.toBe(new URL(one).host);
      await enter(two);
    });

    test('threat 34: an impostor on the recorded port is told nothing; a taken --port is one sentence', async () => {
      const first = start(...consoleArgs());
      const { port } = new URL(await first.url());
      const { secret } = JSON.parse(await readFile(join(dir, 'console/portable.json'), 'utf8'));
      first.child.kill('SIGKILL');
      await first.ended;
      const told: string[] = [];
      const impostor = createServer((request, response) => {
        request.on('data', (chunk) => told.push(String(chunk)));
        request.on('end', () => response.end('{"url":"http://evil.com/","proof":"x"}'));
      });
      await new Promise<void>((resolve) => impostor.listen(Number(port), '127.0.0.1', resolve));
      try {
        const fixed = start(...consoleArgs(), '--port', port);
        expect(await fixed.ended).toBe(1);
        expect(fixed.said.out).toBe('');
        expect(fixed.said.err).toContain('is not it');
        const free = start(...consoleArgs());
        expect(new URL(await free.url()).port).not.toBe(port);
        expect(told.join()).not.toContain(secret);
        const other = await mkdtemp(join(tmpdir(), 'chasqui-other-'));
        const taken = start(
          '--store',
          'http://127.0.0.1:9',
          '--data',
          other,
          '--json',
          '--no-open',
          '--port',
          String((impostor.address() as AddressInfo).port),
        );
        expect(await taken.ended).toBe(1);
        expect(taken.said.err.trim().split('\n')).toHaveLength(1);
        expect(taken.said.err).toContain(`port ${port} is taken`);
        await rm(other, { recursive: true, force: true });
      } finally {
        impostor.close();
      }
    });

    test('threat 33: opens the window with no token in any argument', async () => {
      const browser = join(dir, 'browser.sh');
      await writeFile(browser, `#!/bin/sh\nprintf '%s\\n' "$@" >> "${dir}/argv"\n`);
      await chmod(browser, 0o700);
      const host = start('--store', 'http://127.0.0.1:9', '--data', dir, '--json', '--browser', browser);
      const token = new URL(await host.url()).hash.slice(1);
      const argv = await vi.waitFor(() => readFile(join(dir, 'argv'), 'utf8'), { timeout: 20_000 });
      const page = /--app=file:\/\/(\S+)/.exec(argv)?.[1] ?? '';
      const inPage = /launch#([\w-]+)/.exec(await readFile(page, 'utf8'))?.[1] ?? '';
      expect(inPage).toHaveLength(43);
      expect(inPage).not.toBe(token);
      expect(argv).not.toContain(inPage);
      expect(argv).not.toContain(token);
      // Another start asks for another window.
      const second = start('--store', 'http://127.0.0.1:9', '--data', dir, '--browser', browser);
      expect(await second.ended).toBe(0);
      await vi.waitFor(
        async () => expect((await readFile(join(dir, 'argv'), 'utf8')).match(/--app=/g)).toHaveLength(2),
        { timeout: 20_000 },
      );
    });

    test('bad settings are one sentence', async () => {
      const host = start('--data', dir, '--store', 'nowhere');
      expect(await host.ended).toBe(2);
      expect(host.said.err).toBe('chasqui: --store must be the http or https address of a ticket store\n');
    });
  },
);
