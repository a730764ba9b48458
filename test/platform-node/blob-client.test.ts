import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createScope } from '../../src/core/sync/signal.ts';
import { createBlobClient } from '../../src/platform-node/store-client/create-blob-client.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A store that takes every piece, or (`hangs`) answers none, or what `refuses` says to every request. */
async function clientOf({
  hangs = false,
  refuses,
}: {
  hangs?: boolean;
  refuses?: readonly [number, object | null];
} = {}) {
  let heard = 0;
  const server = createServer((request, response) => {
    heard += 1;
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    request.on('end', () => {
      if (hangs) return;
      if (refuses !== undefined) {
        const [status, body] = refuses;
        response.writeHead(status, { 'retry-after': '30', 'tus-resumable': '1.0.0' }).end(JSON.stringify(body));
        return;
      }
      response.writeHead(204, { 'upload-offset': Number(request.headers['upload-offset']) + bytes }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = createBlobClient(`http://127.0.0.1:${address.port}`);
  closing.push(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, heard: () => heard };
}

/** A contact of which is known how many still wait for its end. */
function countedScope() {
  const scope = createScope();
  const waiting = new Set<() => void>();
  return {
    close: scope.close,
    waiting,
    onClose(hook: () => void) {
      waiting.add(hook);
      const unhook = scope.onClose(hook);
      return () => {
        waiting.delete(hook);
        unhook();
      };
    },
  };
}

test('C137: of a piece that was answered nothing stays behind, however long the contact is', async () => {
  const { client } = await clientOf();
  const contact = countedScope();
  for (let offset = 0; offset < 20_000; offset += 1_000)
    expect(await client.send('token', '/blobs/v1/uploads/1', offset, new Uint8Array(1_000), contact)).toEqual({
      ok: true,
      value: { offset: offset + 1_000 },
    });
  expect(contact.waiting.size).toBe(0);
});

test('C137: whoever ends the contact gives a piece up that is on its way, and nothing of it stays', async () => {
  const { client, heard } = await clientOf({ hangs: true });
  const contact = countedScope();
  const sent = client.send('token', '/blobs/v1/uploads/1', 0, new Uint8Array(1_000), contact);
  await expect.poll(heard).toBe(1);
  contact.close();
  expect(await sent).toEqual({ ok: false, error: { kind: 'offline' } });
  expect(contact.waiting.size).toBe(0);
});

describe('C132: what concerns one file is told apart from what concerns the whole store', () => {
  const said = (code: string) => ({ error: { code, message: code } });
  const file = { ticketId: 't', attachmentId: 'a', sha256: 'a'.repeat(64), size: 9 };
  const answers: readonly (readonly [status: number, body: object | null, why: string | undefined])[] = [
    [507, said('deskFull'), 'deskFull'],
    [507, said('storageFull'), 'storageFull'],
    [507, null, 'storageFull'],
    [429, said('tooManyUploads'), 'tooManyUploads'],
    [429, null, undefined],
    [503, said('busy'), undefined],
    [503, said('unavailable'), undefined],
    [503, null, undefined],
  ];
  for (const [status, body, why] of answers)
    test(`${status} ${body === null ? 'of something on the way' : JSON.stringify(body)}`, async () => {
      const { client } = await clientOf({ refuses: [status, body] });
      const answer = await client.create('token', file);
      if (answer.ok || answer.error.kind !== 'retryAfter') throw new Error(JSON.stringify(answer));
      expect([answer.error.ms, answer.error.why]).toEqual([30_000, why]);
    });

  test('423 and 409 at a piece: another request is at that upload', async () => {
    for (const status of [409, 423]) {
      const { client } = await clientOf({ refuses: [status, null] });
      expect(await client.send('token', '/blobs/v1/uploads/1', 0, new Uint8Array(9), createScope())).toMatchObject({
        error: { kind: 'retryAfter', ms: 30_000, why: 'uploadBusy' },
      });
    }
  });
});
