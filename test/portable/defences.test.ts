import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createPortableHost, type PortableHost } from '../../src/portable/create-portable-host.ts';
import { ok } from '../../src/shared/result.ts';
import { createFakeTarget } from '../contract/fake-target.ts';

let dir: string;
let host: PortableHost;
const fake = createFakeTarget(async () => ok({ accounts: [] }));
const bugs = vi.fn();
const shown = vi.fn();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'chasqui-renderer-'));
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>console</title>');
  await writeFile(join(dir, 'app.js'), 'export {}');
  await writeFile(join(dir, 'notes.exe'), 'MZ');
  await writeFile(`${dir}-secret.html`, 'secret of a sibling');
  await symlink(`${dir}-secret.html`, join(dir, 'link.html'));
  host = await createPortableHost({ target: fake.target, rendererDir: dir, port: 0, onShow: shown, onBug: bugs });
});
afterAll(async () => {
  await host.close();
  await rm(dir, { recursive: true });
  await rm(`${dir}-secret.html`);
});

type Headers = Record<string, string | undefined>;
interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
const hostName = () => `${host.id}.localhost:${host.port}`;
const origin = () => `http://${hostName()}`;
const tokenOf = (link: string) => link.split('#')[1] ?? '';

/** Exactly the headers given, Host included: `undefined` leaves it out. */
function send(method: string, path: string, headers: Headers, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: host.port, method, path, setHost: false, agent: false });
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) call.setHeader(name, value);
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** 101, or the status with which the upgrade was refused. */
function upgrade(headers: Headers): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/console`, {
      headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_call, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', (error) => {
      if (!error.message.includes('closed before')) reject(error);
    });
  });
}

const sameOrigin = (): Headers => ({
  host: hostName(),
  origin: origin(),
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
});
const json = { 'content-type': 'application/json' };

async function signIn(): Promise<string> {
  const body = JSON.stringify({ token: tokenOf(host.link()) });
  const answer = await send('POST', '/launch', { ...sameOrigin(), ...json }, body);
  expect(answer.status).toBe(204);
  return String(answer.headers['set-cookie']?.[0]).split(';')[0] ?? '';
}

/** Every route of the host; `open` are those that need no session. */
const routes = [
  { name: 'GET /', method: 'GET', path: '/', open: false },
  { name: 'GET /app.js', method: 'GET', path: '/app.js', open: false },
  { name: 'GET what is not there', method: 'GET', path: '/nothing', open: false },
  { name: 'POST what is not there', method: 'POST', path: '/nothing', open: false },
  { name: 'DELETE /', method: 'DELETE', path: '/', open: false },
  { name: 'GET /launch', method: 'GET', path: '/launch', open: true },
  { name: 'GET /launch.js', method: 'GET', path: '/launch.js', open: true },
  { name: 'GET /launch.css', method: 'GET', path: '/launch.css', open: true },
  { name: 'POST /launch', method: 'POST', path: '/launch', open: true },
  { name: 'POST /control', method: 'POST', path: '/control', open: true },
  { name: 'WebSocket /console', method: 'WS', path: '/console', open: false },
] as const;
type Route = (typeof routes)[number];

const attempt = async (route: Route, headers: Headers): Promise<number> => {
  if (route.method === 'WS') return upgrade(headers);
  const body = route.method === 'POST' ? '{"token":"x"}' : undefined;
  return (await send(route.method, route.path, body === undefined ? headers : { ...headers, ...json }, body)).status;
};

describe('threat 32: every route and the WebSocket', () => {
  const hosts = () => ({
    'evil.com': 'evil.com',
    '127.0.0.1.evil.com': `127.0.0.1.evil.com:${host.port}`,
    '0.0.0.0': `0.0.0.0:${host.port}`,
    '127.0.0.1': `127.0.0.1:${host.port}`,
    localhost: `localhost:${host.port}`,
    'another id': `aaaaaaaaaaaaaaaa.localhost:${host.port}`,
    'our name below a foreign one': `${host.id}.localhost.evil.com:${host.port}`,
    'our name, another port': `${host.id}.localhost:1`,
    empty: '',
  });
  for (const route of routes) {
    test(`${route.name} refuses every Host but its own`, async () => {
      const cookie = await signIn();
      for (const [name, value] of Object.entries(hosts())) {
        expect(await attempt(route, { ...sameOrigin(), cookie, host: value }), name).toBe(403);
      }
    });

    test(`${route.name} refuses foreign origins and cross-site requests, session or not`, async () => {
      const cookie = await signIn();
      const foreign = [
        'http://evil.com',
        'null',
        'file://',
        `http://localhost:${host.port}`,
        `https://${hostName()}`,
        `${origin()}.evil.com`,
        '',
      ];
      for (const value of foreign) {
        expect(await attempt(route, { host: hostName(), cookie, origin: value }), `Origin ${value}`).toBe(403);
      }
      for (const site of ['cross-site', 'same-site', 'none', 'odd']) {
        const headers = { ...sameOrigin(), cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
        expect(await attempt(route, headers), site).toBe(403);
      }
    });

    test(`${route.name} without a session or with a wrong one`, async () => {
      const cookie = await signIn();
      const [name] = cookie.split('=');
      for (const wrong of [undefined, `${name}=`, `${name}=wrong`, 'chasqui=x', `${name}=${tokenOf(host.link())}`]) {
        const status = await attempt(route, { ...sameOrigin(), cookie: wrong });
        if (!route.open) expect(status, String(wrong)).toBe(401);
        else expect(status).toBe(route.path === '/control' ? 403 : route.method === 'POST' ? 401 : 200);
      }
    });
  }

  test('a POST or an upgrade that names no origin is refused', async () => {
    const cookie = await signIn();
    expect(await upgrade({ host: hostName(), cookie })).toBe(403);
    const body = JSON.stringify({ token: tokenOf(host.link()) });
    expect((await send('POST', '/launch', { host: hostName(), ...json }, body)).status).toBe(403);
  });

  test('of all routes only the launch page opens from another site, and only as a navigation', async () => {
    const cookie = await signIn();
    const navigation = { host: hostName(), cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const opened = [];
    for (const route of routes) {
      if (route.method !== 'WS' && (await attempt(route, navigation)) === 200) opened.push(route.name);
    }
    expect(opened).toEqual(['GET /launch']);
  });

  test('a request without a Host is no request', async () => {
    expect((await send('GET', '/launch', {})).status).toBe(400);
  });
});

describe('the launch token', () => {
  test('opens one session; its second use is 401', async () => {
    const body = JSON.stringify({ token: tokenOf(host.link()) });
    const first = await send('POST', '/launch', { ...sameOrigin(), ...json }, body);
    expect(first.status).toBe(204);
    const cookie = String(first.headers['set-cookie']?.[0]);
    expect(cookie).toMatch(/; HttpOnly(;|$)/);
    expect(cookie).toMatch(/; SameSite=Strict(;|$)/);
    expect(cookie.split('=')[0]).toBe(`chasqui-${host.id}-${host.port}`);
    expect((await send('POST', '/launch', { ...sameOrigin(), ...json }, body)).status).toBe(401);
    const session = cookie.split(';')[0];
    const page = await send('GET', '/', { host: hostName(), cookie: session, 'sec-fetch-site': 'same-origin' });
    expect([page.status, page.body]).toEqual([200, '<!doctype html><title>console</title>']);
    expect(await upgrade({ host: hostName(), origin: origin(), cookie: session })).toBe(101);
  });

  test('wrong, empty, odd and oversized ones are 401 or 4xx', async () => {
    for (const body of [
      '{"token":"wrong"}',
      '{"token":""}',
      '{"token":null}',
      '{"token":["x"]}',
      '{}',
      '[]',
      'null',
      `{"token":"${'x'.repeat(300)}"}`,
    ]) {
      expect((await send('POST', '/launch', { ...sameOrigin(), ...json }, body)).status, body).toBe(401);
    }
    const huge = await send('POST', '/launch', { ...sameOrigin(), ...json }, `{"token":"${'x'.repeat(20_000)}"}`);
    expect(huge.status).toBe(413);
    expect((await send('POST', '/launch', { ...sameOrigin(), ...json }, '{')).status).toBe(400);
    expect(bugs).not.toHaveBeenCalled();
  });

  test('stays in the fragment: no page, script, header or answer holds it', async () => {
    const token = tokenOf(host.link());
    for (const path of ['/launch', '/launch.js', '/', '/nothing']) {
      const answer = await send('GET', path, { host: hostName() });
      expect(JSON.stringify(answer)).not.toContain(token);
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });
});

describe('what is served', () => {
  test('every answer, refusals too, carries the page policy', async () => {
    const cookie = await signIn();
    const answers = [
      await send('GET', '/', { host: hostName(), cookie }),
      await send('GET', '/launch', { host: hostName() }),
      await send('GET', '/', { host: 'evil.com' }),
      await send('GET', '/nothing', { host: hostName(), cookie }),
      await send('POST', '/launch', { ...sameOrigin(), ...json }, '{}'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 403, 404, 401]);
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`connect-src 'self' ws://${hostName()};`);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('only files of the build, by exact name', async () => {
    const cookie = await signIn();
    const get = async (path: string) => (await send('GET', path, { host: hostName(), cookie })).status;
    expect(await get('/app.js')).toBe(200);
    expect(await get('/index.html?v=1')).toBe(200);
    const sibling = `${dir.split('/').at(-1)}-secret.html`;
    for (const path of [
      `/../${sibling}`,
      `/%2e%2e/${sibling}`,
      `/..%2f${sibling}`,
      `/..%5c${sibling}`,
      `/..\\${sibling}`,
      `//${sibling}`,
      '/app.js%00.html',
      '/link.html',
      '/notes.exe',
      '/etc/passwd',
      '//etc/passwd',
      '/./app.js/../app.js',
    ]) {
      expect([400, 404], path).toContain(await get(path));
    }
  });
});
