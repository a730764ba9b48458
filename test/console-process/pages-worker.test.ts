import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createPagesWorker } from '../../src/console-process/pages-worker.ts';
import { pageText } from '../platform-node/filled.ts';
import { entry, entryRow, note, ticket, ticketRow } from '../platform-node/fixtures.ts';

const ENTRY = new URL('../../src/console-process/pages-entry.ts', import.meta.url);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function workerOver(answer: (response: ServerResponse, token: string | undefined) => void) {
  const server = createServer((request, response) => {
    request.resume();
    answer(response, request.headers.authorization);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const pages = createPagesWorker(ENTRY, { storeUrl: `http://127.0.0.1:${address.port}` });
  closing.push(
    () => pages.end(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return pages;
}
const request = { protocol: 3, entity: 'entry' as const, after: null, scopeVersion: 's', limit: 160 };
const rows = Array.from({ length: 160 }, (_, at) =>
  entryRow(entry(1 + Math.floor(at / 40), 1 + (at % 40), note(`${at}`))),
);

test('pages come packed from the worker, one after the other, with the token of each request', async () => {
  const tokens: unknown[] = [];
  const pages = await workerOver((response, token) => {
    tokens.push(token);
    response.end(pageText(rows));
  });
  for (const token of ['first', 'second', 'third']) {
    const page = await pages.snapshot(token, request);
    expect(page).toMatchObject({
      ok: true,
      value: { end: { rows: 160 }, rows: { form: 'packed', data: { count: 160 } } },
    });
    if (page.ok && page.value.rows.form === 'packed')
      expect(page.value.rows.touching(new Set([ticket(2).id, ticket(9).id]))).toEqual([ticket(2).id]);
  }
  expect(tokens).toEqual(['Bearer first', 'Bearer second', 'Bearer third']);
});

test('what the store refuses comes back as the failure that it is', async () => {
  const pages = await workerOver((response) => {
    response.statusCode = 409;
    response.end(JSON.stringify({ error: { code: 'SCOPE', message: '' } }));
  });
  expect(await pages.snapshot('token', request)).toEqual({ ok: false, error: { kind: 'scope' } });
});

test('SY10 a worker that ends in the middle of a page is a link that was cut, and the next page has another one', async () => {
  const asked = Promise.withResolvers<void>();
  let answers = false;
  const pages = await workerOver((response) => {
    if (answers) response.end(pageText([ticketRow(ticket(1))]));
    else asked.resolve();
  });
  const cut = pages.snapshot('token', request);
  await asked.promise;
  await pages.end();
  expect(await cut).toEqual({ ok: false, error: { kind: 'offline' } });
  answers = true;
  expect(await pages.snapshot('token', { ...request, entity: 'ticket' })).toMatchObject({ ok: true });
});
