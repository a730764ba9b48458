import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createScope } from '../../src/core/sync/signal.ts';
import { createBlobClient } from '../../src/platform-node/store-client/create-blob-client.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A store that takes every piece, or (`hangs`) answers none. */
async function clientOf({ hangs = false } = {}) {
  let heard = 0;
  const server = createServer((request, response) => {
    heard += 1;
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    request.on('end', () => {
      if (hangs) return;
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
