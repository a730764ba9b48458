import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { readRows } from '../../src/platform-node/store-client/rows.ts';
import { entry, note, ticket, uid } from './fixtures.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
/** A store that answers every request with this text, and what it was asked. */
async function answering(answer: string, status = 200) {
  const asked: { path: string | undefined; body: unknown; bearer: string | undefined }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = await text(request);
    asked.push({ path: request.url, body: JSON.parse(body), bearer: request.headers.authorization });
    response.statusCode = status;
    response.end(answer);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { client: createStoreClient(`http://127.0.0.1:${port}`), asked };
}
const standing = { protocol: 2, epoch: uid('e', 1), cursor: 7, scopeVersion: 's' };
const x = '0123456789abcdef';

describe('SY4 digests', () => {
  const answer = {
    buckets: [{ b: 3, n: 1, x }],
    moving: [255],
    directory: [{ e: 'site', n: 1, x }],
    movingDirectory: [],
  };

  test('a digest is asked for with the standing of the cache and comes checked', async () => {
    const { client, asked } = await answering(JSON.stringify(answer));
    expect(await client.digest('t', standing)).toEqual({ ok: true, value: answer });
    expect(asked).toEqual([{ path: '/sync/v1/digest', body: standing, bearer: 'Bearer t' }]);
  });

  test.each([
    ['a bucket beyond the last', JSON.stringify(answer).replace('255', '256')],
    ['a digest of another length', JSON.stringify(answer).replaceAll(x, x.slice(1))],
    ['no JSON', '<html>'],
  ])('%s is no answer', async (_, body) => {
    const { client } = await answering(body);
    expect(await client.digest('t', standing)).toEqual({ ok: false, error: { kind: 'broken' } });
  });

  test('the rows of a bucket one by one', async () => {
    const rows = { rows: [{ e: 'ticket', id: uid('a', 1), x }], moving: [], movingDirectory: ['person'] };
    const { client, asked } = await answering(JSON.stringify(rows));
    const request = { ...standing, buckets: [1], directory: ['site' as const] };
    expect(await client.digestRows('t', request)).toEqual({ ok: true, value: rows });
    expect(asked[0]).toMatchObject({ path: '/sync/v1/digest/rows', body: request });
  });

  test.each([
    ['EPOCH', 'epoch'],
    ['SCOPE', 'scope'],
  ])('409 %s is the failure %s', async (code, kind) => {
    const { client } = await answering(JSON.stringify({ error: { code, message: 'x' } }), 409);
    expect(await client.digest('t', standing)).toEqual({ ok: false, error: { kind } });
    const rows = [{ e: 'ticket' as const, id: uid('a', 1) }];
    expect(await client.rows('t', { ...standing, rows })).toEqual({ ok: false, error: { kind } });
  });
});

describe('SY4 rows by key', () => {
  const row = ticket(1, { subject: 'señal 网络' });
  const note1 = entry(1, 1, note('uno'));
  const lines = [
    JSON.stringify({ t: 'up', e: 'ticket', row }),
    JSON.stringify({ t: 'up', e: 'entry', row: note1 }),
    JSON.stringify({ t: 'end', rows: 2 }),
    '',
  ].join('\n');
  const request = { ...standing, rows: [{ e: 'ticket' as const, id: row.id }] };

  test('come with the exact text of the store', async () => {
    const { client, asked } = await answering(lines);
    expect(await client.rows('t', request)).toEqual({
      ok: true,
      value: [
        { entity: 'ticket', row, doc: JSON.stringify(row) },
        { entity: 'entry', row: note1, doc: JSON.stringify(note1) },
      ],
    });
    expect(asked[0]).toMatchObject({ path: '/sync/v1/rows', body: request });
  });

  test.each([
    ['without its end', lines.split('\n').slice(0, 2).join('\n'), 'offline'],
    ['cut in its end', lines.slice(0, -3), 'offline'],
    ['that lacks a row', lines.split('\n').slice(1).join('\n'), 'broken'],
    ['with a row that breaks its schema', lines.replace('"tier":1', '"tier":4'), 'broken'],
    ['with a line of no known kind', `{"t":"new"}\n${lines}`, 'broken'],
  ])('an answer %s gives no row at all', async (_, body, kind) => {
    const { client } = await answering(body);
    expect(await client.rows('t', request)).toEqual({ ok: false, error: { kind } });
  });

  test('more text than fits in the memory set aside for it is refused while it comes', async () => {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 1;
          yield Buffer.from(`${JSON.stringify({ t: 'up', e: 'ticket', row })}\n`);
        }
      })(),
    );
    expect(await readRows(endless, 10_000)).toEqual({ ok: false, error: { kind: 'tooLarge' } });
    expect(given).toBeLessThan(100);
  });
});

test('SY7 a search at the store gives tickets, and their window', async () => {
  const found = { tickets: [ticket(1)], more: false, closedWindowDays: 90 };
  const { client, asked } = await answering(JSON.stringify(found));
  const request = { protocol: 2, text: 'correo', limit: 50 };
  expect(await client.search('t', request)).toEqual({ ok: true, value: found });
  expect(asked[0]).toMatchObject({ path: '/sync/v1/search', body: request });
});

test('a wipe is confirmed with what was handed in', async () => {
  const { client, asked } = await answering('{}');
  expect(await client.wiped('hand', { protocol: 2, handedIn: 3, left: 1 })).toEqual({ ok: true, value: null });
  expect(asked).toEqual([
    { path: '/sync/v1/wiped', body: { protocol: 2, handedIn: 3, left: 1 }, bearer: 'Bearer hand' },
  ]);
});
