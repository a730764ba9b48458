import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { PullPart, StoreFailure } from '../../src/core/ports/store-client.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { failureOfAnswer, failureOfError } from '../../src/platform-node/store-client/failures.ts';
import type { StoreErrorCode } from '../../src/protocol/sync/auth.ts';
import { docsOf } from './filled.ts';
import { entry, note, ticket, uid } from './fixtures.ts';
import { cert, key } from './untrusted-certificate.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
const clientOf = (url: string) => {
  const client = createStoreClient(url);
  closing.push(() => client.close());
  return client;
};
const serving = async (handler: Handler) => clientOf(`http://127.0.0.1:${await listen(createServer(handler))}`);
const snapshot = { protocol: 1, entity: 'ticket' as const, after: null, scopeVersion: 's', limit: 10 };
const pullRequest = { protocol: 1, epoch: uid('e', 1), cursor: 0, scopeVersion: 's', limit: 10 };
const up = (e: string, row: unknown) => JSON.stringify({ t: 'up', e, row });
const boundary = (seq: number) => JSON.stringify({ t: 'tx', seq });
const endLine = { t: 'end', cursor: 9, more: false, logHash: 'a'.repeat(64), seal: 'c'.repeat(64), scopeVersion: 's' };
const pin = { epoch: uid('e', 1), seq: 3, logHash: 'b'.repeat(64), seal: 'd'.repeat(64), total: 1 };
const mark = { epoch: uid('e', 1), seq: 4, hash: 'e'.repeat(64), seal: 'f'.repeat(64) };
const partsOf = async (parts: AsyncIterable<PullPart>) => {
  const all: PullPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
};

describe('snapshot', () => {
  const lines = [
    JSON.stringify({ t: 'pin', ...pin }),
    up('ticket', ticket(1, { subject: 'señal 网络' })),
    JSON.stringify({ t: 'end', after: null, rows: 1, mark }),
    '',
  ].join('\n');

  test('rows come with the exact text of the store, whatever way the bytes are cut', async () => {
    const client = await serving((_, response) => {
      const bytes = Buffer.from(lines);
      // Cut in the middle of a character too.
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
      response.end();
    });
    const page = await client.snapshot('token', snapshot);
    const row = ticket(1, { subject: 'señal 网络' });
    expect(page).toMatchObject({ ok: true, value: { pin, end: { after: null, rows: 1, mark } } });
    expect(page.ok ? docsOf(page.value.rows) : null).toEqual([JSON.stringify(row)]);
  });

  test('a row in another spelling, a row of another entity, a ticket that comes twice: the page comes row by row', async () => {
    const [first, second] = [ticket(1), ticket(2)];
    const spaced = JSON.stringify({ row: second, e: 'ticket', t: 'up' });
    const other = up('entry', entry(1, 1, note('a')));
    for (const odd of [spaced, other, up('ticket', first)]) {
      const text = [up('ticket', first), odd, JSON.stringify({ t: 'end', after: null, rows: 2, mark }), ''].join('\n');
      const client = await serving((_, response) => void response.end(text));
      const page = await client.snapshot('token', snapshot);
      expect(page).toMatchObject({ ok: true, value: { rows: { form: 'plain', rows: [{ row: first }, {}] } } });
    }
  });

  test.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
  ] as const)('a body packed as %s', async (coding, pack) => {
    const client = await serving((_, response) => {
      response.setHeader('content-encoding', coding);
      response.end(pack(lines));
    });
    expect((await client.snapshot('token', snapshot)).ok).toBe(true);
  });

  test.each([
    ['without its end', lines.slice(0, lines.lastIndexOf('{')), 'offline'],
    ['cut in a line', lines.slice(0, -20), 'offline'],
    ['with a pin that has no seal', lines.replace('"seal"', '"sea"'), 'broken'],
    ['with a line of no known kind', `{"t":"new"}\n${lines}`, 'broken'],
    ['with bytes that are no text', Buffer.from(lines.replace('señal', 'se\u00ffal'), 'latin1'), 'broken'],
    ['with a row that breaks its schema', lines.replace('"tier":1', '"tier":4'), 'broken'],
  ] as const)('a page %s is no page', async (_, text, kind) => {
    const client = await serving((_request, response) => void response.end(text));
    expect(await client.snapshot('token', snapshot)).toEqual({ ok: false, error: { kind } });
  });
});

describe('pull', () => {
  test('SY6 a transaction comes whole at its boundary; one that is cut never comes', async () => {
    const text = [
      up('ticket', ticket(1)),
      up('entry', entry(1, 1, note('a'))),
      boundary(5),
      up('ticket', ticket(2)),
    ].join('\n');
    const client = await serving((_, response) => {
      response.write(`${text}\n`);
      setTimeout(() => response.destroy(), 20);
    });
    const parts = await partsOf(client.pull('token', pullRequest));
    expect(parts.map(({ kind }) => kind)).toEqual(['transaction', 'failed']);
    expect(parts[0]).toMatchObject({ seq: 5, changes: [{ up: { entity: 'ticket' } }, { up: { entity: 'entry' } }] });
    expect(parts[1]).toEqual({ kind: 'failed', failure: { kind: 'offline' } });
  });

  test('removals, end, and rows that follow the last boundary', async () => {
    const rm = JSON.stringify({ t: 'rm', e: 'ticket', id: uid('a', 1), why: 'scope' });
    const good = await serving(
      (_, response) => void response.end(`${rm}\n${boundary(1)}\n${JSON.stringify(endLine)}\n`),
    );
    expect(await partsOf(good.pull('token', pullRequest))).toEqual([
      { kind: 'transaction', seq: 1, changes: [{ rm: { id: uid('a', 1), why: 'scope' } }] },
      { kind: 'end', cursor: 9, more: false, logHash: 'a'.repeat(64), seal: 'c'.repeat(64), scopeVersion: 's' },
    ]);
    const loose = await serving((_, response) => void response.end(`${rm}\n${JSON.stringify(endLine)}\n`));
    expect(await partsOf(loose.pull('token', pullRequest))).toEqual([{ kind: 'failed', failure: { kind: 'broken' } }]);
  });

  test('stopping early ends the request', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const client = await serving((_, response) => {
      response.on('close', resolve);
      response.write(`${boundary(1)}\n`);
    });
    for await (const part of client.pull('token', pullRequest)) {
      expect(part.kind).toBe('transaction');
      break;
    }
    await promise;
  });
});

describe('poke', () => {
  test('news of either version, and beats, then the end once; nothing after close', async () => {
    const epoch = uid('e', 1);
    const news = `event: news\ndata: {"head":5,"hash":"abc","epoch":"${epoch}"}\n\n`;
    const client = await serving((_, response) => {
      response.write(`retry: 3000\n\nevent: news\ndata: {"head":4}\n\n${news}event: beat\ndata: {"head":4}\n\n`);
      setTimeout(() => response.end(), 30);
    });
    const said: string[] = [];
    await new Promise<void>((resolve) => {
      client.poke('token', {
        onOpen: () => said.push('open'),
        onNews: ({ head, hash, epoch }) => said.push(`news ${head} ${hash} ${epoch}`),
        onBeat: () => said.push('beat'),
        onClosed: (failure) => {
          said.push(`closed ${failure?.kind ?? 'by the store'}`);
          resolve();
        },
      });
    });
    expect(said).toEqual(['open', 'news 4 undefined undefined', `news 5 abc ${epoch}`, 'beat', 'closed by the store']);
  });
});

describe('a store that asks for patience', () => {
  const hello = { protocol: 1, schema: 1, incarnation: uid('1c', 1), lastN: 0, cursor: null, logHash: null, marks: [] };
  test.each([
    ['7', 7_000],
    ['Mon, 23 Nov 2026 09:01:30 GMT', 90_000],
  ])('503 with Retry-After %s, of the store and of a gateway before it', async (header, ms) => {
    for (const body of ['{"error":{"code":"busy","message":"later"}}', '<h1>Service Unavailable</h1>']) {
      const client = await serving((_, response) => {
        response.sendDate = false;
        response.writeHead(503, { 'retry-after': header, date: 'Mon, 23 Nov 2026 09:00:00 GMT' });
        response.end(body);
      });
      const failure = { kind: 'retryAfter', ms, attempts: false };
      expect(await client.hello('token', hello)).toEqual({ ok: false, error: failure });
    }
  });
});

describe('failures are told apart by codes', () => {
  const body = (code: StoreErrorCode, details?: unknown) => ({ error: { code, message: 'timeout 400', details } });
  test.each<[number, unknown, StoreFailure]>([
    [401, body('unauthenticated'), { kind: 'unauthenticated' }],
    [401, body('sessionRevoked'), { kind: 'sessionRevoked' }],
    [403, body('deviceRevoked'), { kind: 'deviceRevoked' }],
    [401, body('deviceRevoked', { accessToken: 'a', accessExpiresAt: 5 }), { kind: 'deviceRevoked', handIn: 'a' }],
    [401, body('badCredentials'), { kind: 'badCredentials' }],
    [429, body('tooManyAttempts'), { kind: 'retryAfter', ms: 7_000, attempts: true }],
    [503, body('busy'), { kind: 'retryAfter', ms: 7_000, attempts: false }],
    [409, body('FORK', { lastN: 3, lastHash: 'h' }), { kind: 'fork', lastN: 3, lastHash: 'h' }],
    [409, body('FORK', {}), { kind: 'broken' }],
    [409, body('EPOCH'), { kind: 'epoch' }],
    [409, body('SCOPE'), { kind: 'scope' }],
    [426, body('protocolTooOld'), { kind: 'consoleTooOld' }],
    [413, body('tooLarge'), { kind: 'tooLarge', byStore: true }],
    [400, body('badRequest'), { kind: 'rejected', code: 'badRequest' }],
    [500, body('internal'), { kind: 'broken' }],
    [407, undefined, { kind: 'proxyAuthRequired' }],
    [404, undefined, { kind: 'storeTooOld' }],
    // A gateway that asks for patience is heard like the store.
    [502, undefined, { kind: 'retryAfter', ms: 7_000, attempts: false }],
    [500, undefined, { kind: 'broken' }],
    [418, undefined, { kind: 'rejected', code: '418' }],
  ])('%i %j', (status, answer, failure) => expect(failureOfAnswer(status, 7_000, answer)).toEqual(failure));
  test.each([502, 503, 504])('%i of a gateway that says nothing more: offline', (status) =>
    expect(failureOfAnswer(status, null, undefined)).toEqual({ kind: 'offline' }),
  );

  test('the words of an error decide nothing', () => {
    const error = Object.assign(new Error('self signed certificate 407'), { code: 'ECONNRESET' });
    expect(failureOfError(error)).toEqual({ kind: 'offline' });
  });

  test('nobody listens: offline', async () => {
    const probe = createTcpServer();
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    probe.close();
    await once(probe, 'close');
    const port = address !== null && typeof address === 'object' ? address.port : 1;
    const answer = await clientOf(`http://127.0.0.1:${port}`).trialAccounts();
    expect(answer).toEqual({ ok: false, error: { kind: 'offline' } });
  });

  test('an answer that breaks its schema: broken', async () => {
    const client = await serving((_, response) => void response.end('{"accounts":1}'));
    expect(await client.trialAccounts()).toEqual({ ok: false, error: { kind: 'broken' } });
  });

  test('a certificate that nobody vouches for has a name of its own', async () => {
    const port = await listen(createTlsServer({ key, cert }, (_, response) => void response.end('{"accounts":[]}')));
    const answer = await clientOf(`https://127.0.0.1:${port}`).trialAccounts();
    expect(answer).toEqual({ ok: false, error: { kind: 'certificateUntrusted' } });
  });

  test('a proxy that asks for a password, on a tunnel', async () => {
    const proxy = createServer();
    proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const port = await listen(proxy);
    const before = process.env['HTTPS_PROXY'];
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${port}`;
    try {
      const answer = await clientOf('https://mesa.example').trialAccounts();
      expect(answer).toEqual({ ok: false, error: { kind: 'proxyAuthRequired' } });
    } finally {
      if (before === undefined) delete process.env['HTTPS_PROXY'];
      else process.env['HTTPS_PROXY'] = before;
    }
  });

  test('a kept connection that the store had closed meanwhile costs no failure', async () => {
    let calls = 0;
    const client = await serving((request, response) => {
      calls += 1;
      response.end('{"accounts":[]}');
      // Closed on its side right after the answer, as a store that restarts does.
      response.on('finish', () => setTimeout(() => request.socket.destroy(), 5));
    });
    for (let i = 0; i < 3; i++) {
      expect((await client.trialAccounts()).ok).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect(calls).toBe(3);
  });
});
