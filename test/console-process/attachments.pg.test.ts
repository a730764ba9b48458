import { createHash, randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PIECE_BYTES } from '../../src/protocol/console/attachment-methods.ts';
import { createFaultProxy, type FaultProxy } from '../../torture/link/fault-proxy.ts';
import { type BlobRig, startBlobRig } from '../store/blobs/blob-rig.ts';
import { callInput } from './call-input.ts';
import { freshDataDir, type Spawned, spawnTestConsole } from './spawn.ts';

// Real engines on real files, a real store on PostgreSQL, and what stands between them.
let rig: BlobRig;
let proxy: FaultProxy;
const open: Spawned[] = [];
const closing: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  rig = await startBlobRig();
  proxy = await createFaultProxy({ target: { host: '127.0.0.1', port: Number(new URL(rig.first.url).port) }, seed: 7 });
});
afterAll(async () => {
  await Promise.all(open.map(({ console }) => console.stop()));
  for (const close of closing) await close();
  await proxy.close();
  await rig.close();
});

async function start(url: string, name: 'ana' | 'dora', dataDir = freshDataDir()): Promise<Spawned> {
  const spawned = await spawnTestConsole(url, dataDir);
  open.push(spawned);
  const { user, password } = rig.desk.accounts[name];
  if ((await spawned.call('session.get', {})).session === null)
    await spawned.call('session.signIn', { user, password });
  await spawned.until('connection.get', {}, ({ state }) => state === 'online');
  return spawned;
}

async function register(at: Spawned): Promise<string> {
  const { desk } = rig;
  const done = await at.call('acts.register', callInput(desk, 'Impresora quemada', false));
  if (!done.ok) throw new Error(done.refusal.code);
  return done.ticketId;
}

async function stage(at: Spawned, ticketId: string, bytes: Buffer, name: string) {
  const of = { draftKey: `note:${ticketId}`, ticketId, name, mediaType: 'image/jpeg', size: bytes.length };
  const begun = await at.call('attachments.begin', of);
  if (!begun.ok) throw new Error(begun.refusal.code);
  const { attachmentId } = begun.file;
  for (let offset = 0; offset < bytes.length; ) {
    const base64 = bytes.subarray(offset, offset + PIECE_BYTES).toString('base64');
    offset = (await at.call('attachments.append', { attachmentId, offset, base64 })).received;
  }
  const done = await at.call('attachments.finish', { attachmentId, thumbnail: null });
  if (!done.ok || done.file.sha256 === null) throw new Error('the file is not whole');
  return { ...done.file, sha256: done.file.sha256 };
}
async function attach(at: Spawned, ticketId: string, bytes: Buffer, name = 'quemada.jpg'): Promise<string> {
  const { attachmentId, mediaType, size, sha256 } = await stage(at, ticketId, bytes, name);
  const payload = { attachmentId, name, mediaType, size, sha256, visibility: 'internal', thumbnail: null };
  const acts = [{ ticketId, type: 'addAttachment' as const, payload }];
  const { results } = await at.call('acts.submit', { requestId: randomUUID(), atomic: true, acts, clearDraft: null });
  expect(results).toMatchObject([{ ok: true }]);
  return attachmentId;
}
async function read(at: Spawned, ticketId: string, attachmentId: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let offset = 0; ; ) {
    const { base64, size } = await at.call('attachments.read', { ticketId, attachmentId, offset });
    pieces.push(Buffer.from(base64, 'base64'));
    offset += pieces.at(-1)?.length ?? 0;
    if (offset >= size) return Buffer.concat(pieces);
  }
}
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const here = (at: Spawned, ticketId: string, attachmentId: string) =>
  at.until('attachments.states', { ticketId }, ({ states }) =>
    states.some((state) => state.attachmentId === attachmentId && state.here),
  );

test('C132 C134: a photo taken offline is at a colleague’s console, byte for byte, after the link comes back cut again and again', async () => {
  const ana = await start(proxy.url, 'ana');
  const ticketId = await register(ana);
  await ana.until('connection.get', {}, ({ state, pendingActs }) => state === 'online' && pendingActs === 0);
  proxy.set({ outage: 'refused' });
  await ana.until('connection.get', {}, ({ state }) => state === 'offline');
  const bytes = randomBytes(12_345_678);
  const attachmentId = await attach(ana, ticketId, bytes);
  expect(await ana.call('connection.get', {})).toMatchObject({
    pendingActs: 1,
    uploads: { waiting: 1, bytes: bytes.length },
  });
  expect(hashOf(await read(ana, ticketId, attachmentId))).toBe(hashOf(bytes));

  proxy.set({ cut: { afterBytes: [500_000, 4_000_000] } });
  await ana.call('connection.retryNow', {});
  await ana.until('connection.get', {}, ({ uploads }) => uploads.waiting === 0);
  proxy.set({});
  expect(proxy.counts.cutRst + proxy.counts.cutFin).toBeGreaterThan(2);
  expect(await rig.arrived(ticketId)).toHaveLength(1);

  const dora = await start(rig.first.url, 'dora');
  await dora.until('ticket.get', { ticketId }, (view) => view?.ticket.attachments?.waiting === 0);
  await dora.call('attachments.fetch', { ticketId, attachmentId });
  await here(dora, ticketId, attachmentId);
  expect(hashOf(await read(dora, ticketId, attachmentId))).toBe(hashOf(bytes));
  const named = {
    view: 'all',
    status: 'any',
    siteId: null,
    teamId: null,
    assigneeId: null,
    kind: null,
    tier: null,
  } as const;
  const found = await dora.call('queue.window', {
    ...named,
    text: 'quemada.jpg',
    sort: { by: 'priority', dir: 'desc' },
    offset: 0,
    limit: 10,
  });
  expect(found.rows.map(({ id }) => id)).toContain(ticketId);
}, 120_000);

test('C136: a proxy that lets no PATCH through is met with the method override', async () => {
  const methods: string[] = [];
  const barrier = http.createServer((request, response) => {
    methods.push(request.method ?? '');
    if (request.method === 'PATCH') {
      request.resume();
      response.writeHead(405, { connection: 'close' }).end('<h1>Method Not Allowed</h1>');
      return;
    }
    const { method, headers, url } = request;
    const onward = http.request(new URL(url ?? '/', rig.first.url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => barrier.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    barrier.closeAllConnections();
    barrier.close();
  });
  const { port } = barrier.address() as AddressInfo;
  const ana = await start(`http://127.0.0.1:${port}`, 'ana');
  const ticketId = await register(ana);
  const bytes = randomBytes(1_500_000);
  await attach(ana, ticketId, bytes);
  await ana.until('connection.get', {}, ({ uploads, pendingActs }) => uploads.waiting === 0 && pendingActs === 0);
  expect(await rig.arrived(ticketId)).toHaveLength(1);
  // Once is enough: what got through is what is used from then on.
  expect(methods.filter((method) => method === 'PATCH')).toHaveLength(1);
}, 60_000);

test('C137: while a file is hashed, sent and read the engine answers at once', async () => {
  const ana = await start(rig.first.url, 'ana');
  const ticketId = await register(ana);
  const bytes = randomBytes(40_000_000);
  let slowest = 0;
  const began = performance.now();
  let running = true;
  const watch = (async () => {
    while (running) {
      const from = performance.now();
      await ana.call('attachments.staged', { draftKey: 'none' });
      slowest = Math.max(slowest, performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const attachmentId = await attach(ana, ticketId, bytes);
  await ana.until('connection.get', {}, ({ uploads }) => uploads.waiting === 0);
  await read(ana, ticketId, attachmentId);
  running = false;
  await watch;
  // Of the time that it all took here and now: what blocked for the length of a file would take most of it.
  expect(slowest).toBeLessThan((performance.now() - began) / 2);
}, 120_000);
