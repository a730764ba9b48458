import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOB_OPEN, blobOpenResponseSchema } from '../../../src/protocol/sync/blobs.ts';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { createFaultProxy, type FaultProxy } from '../../../torture/link/fault-proxy.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import { createDeviceClient, type DeviceClient } from '../../support/device-client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { attachmentOf, fileOf, sha256Of, type TestFile } from './blob-rig.ts';
import { deliver } from './resuming-client.ts';

const main = fileURLToPath(new URL('../../../src/store/main.ts', import.meta.url));

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
}
let database: TestDatabase;
let desk: Desk;
let folder: string;
const served: Served[] = [];

async function serve(): Promise<Served> {
  const child = spawn(
    process.execPath,
    [
      main,
      'serve',
      '--port',
      '0',
      '--blobs-port',
      '0',
      '--blobs',
      folder,
      '--database-url',
      database.url,
      '--log-level',
      'silent',
      '--json',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`the store ended with ${code}`)));
  });
  const { store } = JSON.parse(line) as { store: { url: string }; blobs: { url: string } };
  const one = { child, url: store.url };
  served.push(one);
  return one;
}
const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()));
async function kill({ child }: Served): Promise<void> {
  child.kill('SIGKILL');
  await ended(child);
}
const clientOf = (url: () => string): Promise<DeviceClient> =>
  createDeviceClient(async ({ method = 'POST', path, body, token }) => {
    const answer = await fetch(`${url()}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) };
  }, desk.accounts.ana);

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await createFixtureDesk(database.db);
  folder = await mkdtemp(join(tmpdir(), 'fire-'));
});
afterAll(async () => {
  for (const { child } of served) {
    child.kill('SIGTERM');
    await ended(child);
  }
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const partsOf = async (sha256: string): Promise<number> => {
  const { rows } = await database.db.pool.query<{ n: number }>(
    'select count(*) as n from upload_parts p join uploads u on u.id = p.upload_id where u.sha256 = $1',
    [sha256],
  );
  return rows[0]?.n ?? 0;
};
/** Added to a ticket before it is sent, and read back by its address when the timeline says that it arrived. */
async function attach(who: DeviceClient, file: TestFile): Promise<() => Promise<string>> {
  const ticketId = v7();
  const attachment = attachmentOf(file, { name: 'video.mp4', mediaType: 'video/mp4' });
  await who.push(
    who.command('register', ticketId, registerPayload(desk)),
    who.command('addAttachment', ticketId, attachment),
  );
  return async () => {
    const body = { ticketId, attachmentId: attachment.attachmentId };
    const open = () => who.send({ path: BLOB_OPEN, token: who.tokens.accessToken, body });
    await expect.poll(async () => (await open()).status, { timeout: 10_000 }).toBe(200);
    const { url } = blobOpenResponseSchema.parse(JSON.parse((await open()).text));
    return sha256Of(Buffer.from(await (await fetch(url)).arrayBuffer()));
  };
}

describe('a file on a bad day', () => {
  it('a store killed again and again in the middle loses nothing that it had; another one goes on', async () => {
    const stores = await Promise.all([serve(), serve(), serve()]);
    let now = stores.shift() as Served;
    const who = await clientOf(() => now.url);
    const file = fileOf(randomBytes(16_000_000));
    const readBack = await attach(who, file);
    // So slow that both kills come in the middle, however busy the machine is; healed after them.
    const link = await createFaultProxy({
      target: () => ({ host: '127.0.0.1', port: Number(new URL(now.url).port) }),
      seed: 11,
      faults: { up: { bytesPerSecond: 1_000_000 } },
    });
    const killing = (async () => {
      for (const next of stores) {
        const before = await partsOf(file.sha256);
        await expect.poll(() => partsOf(file.sha256), { timeout: 30_000 }).toBeGreaterThan(before);
        const dying = now;
        now = next;
        await kill(dying);
      }
      link.set({});
    })();
    const delivered = await deliver(() => ({ token: who.tokens.accessToken, base: link.url }), file, 90_000);
    await killing;
    await link.close();
    expect(delivered.cuts).toBeGreaterThanOrEqual(2);
    expect(await readBack()).toBe(file.sha256);
    expect((await verifyDesk(database.db, desk.deskId, 'x')).faults).toEqual([]);
  });

  it('20 MB over a link that is cut every second arrive intact', async () => {
    const store = await serve();
    const who = await clientOf(() => store.url);
    const file = fileOf(randomBytes(20_000_000));
    const readBack = await attach(who, file);
    const link: FaultProxy = await createFaultProxy({
      target: { host: '127.0.0.1', port: Number(new URL(store.url).port) },
      seed: 7,
      faults: { up: { bytesPerSecond: 4_000_000, delayMs: [5, 30] }, cutEvery: { ms: [700, 1_300] } },
    });
    const delivered = await deliver(() => ({ token: who.tokens.accessToken, base: link.url }), file, 90_000);
    await link.close();
    expect(delivered.cuts).toBeGreaterThan(2);
    expect(await readBack()).toBe(file.sha256);
    const { rows } = await database.db.pool.query('select 1 from upload_parts');
    expect(rows).toEqual([]);
  });
});
