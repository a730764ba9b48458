import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOB_OPEN, BLOB_UPLOADS, CHECKSUM_MISMATCH } from '../../../src/protocol/sync/blobs.ts';
import { revokeAccount } from '../../../src/store/admin/accounts.ts';
import { blobLimits } from '../../../src/store/blobs/blob-limits.ts';
import { type BlobStore, BlobsUnavailable, newObjectName } from '../../../src/store/blobs/blob-store.ts';
import { createFileBlobStore } from '../../../src/store/blobs/file-blob-store.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import {
  attachmentOf,
  type BlobRig,
  createUpload,
  cutUpload,
  deleteUpload,
  failingPlace,
  fileOf,
  headUpload,
  newTicket,
  patchUpload,
  sendFile,
  sha256Of,
  startBlobRig,
  type TestFile,
  type TusCall,
} from './blob-rig.ts';

let rig: BlobRig;
let ana: DeviceClient;
let call: TusCall;
beforeAll(async () => {
  rig = await startBlobRig();
  ana = await rig.signIn('ana');
  call = { token: ana.tokens.accessToken, base: rig.first.url };
});
afterAll(() => rig.close());

const locationOf = async (of: TusCall, file: TestFile, size = file.bytes.length) => {
  const created = await createUpload(of, file, size);
  expect(created.status).toBe(201);
  return created.headers.get('location') ?? '';
};
const offsetOf = async (of: TusCall, location: string) =>
  Number((await headUpload(of, location)).headers.get('upload-offset'));
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;
const stored = async (sha256: string) => {
  const { rows } = await rig.store.db.pool.query<{ name: string; size: number }>(
    'select object_name as name, size from blobs where sha256 = $1',
    [sha256],
  );
  return rows[0] ?? null;
};
const bytesAt = async (name: string) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of rig.first.blobs.store.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe('tus', () => {
  it('tells what it speaks, and wants its version named', async () => {
    const options = await fetch(`${call.base}${BLOB_UPLOADS}`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('tus-version'), options.headers.get('tus-extension')]).toEqual([
      204,
      '1.0.0',
      'creation,termination',
    ]);
    const bare = await fetch(`${call.base}${BLOB_UPLOADS}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${call.token}`, 'upload-length': '5' },
    });
    expect(bare.status).toBe(400);
  });

  it('goes on where a cut left it, through another process and by POST with the verb in a header', async () => {
    const file = fileOf(randomBytes(300_000));
    const location = await locationOf(call, file);
    await cutUpload(call, location, { offset: 0, bytes: file.bytes.subarray(0, 120_000), promised: 300_000 });
    const other = { ...call, base: (await rig.start()).url };
    const offset = await offsetOf(call, location);
    expect(offset).toBe(120_000);
    expect(await offsetOf(other, location)).toBe(120_000);
    const rest = await patchUpload(other, location, offset, file.bytes.subarray(offset), {
      'x-http-method-override': 'PATCH',
    });
    expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, '300000']);
    expect(await offsetOf(call, location)).toBe(300_000);
    const found = await stored(file.sha256);
    expect(sha256Of(await bytesAt(found?.name ?? ''))).toBe(file.sha256);
  });

  it('a request that comes while a dead one is still open takes its place, and its bytes stay', async () => {
    const file = fileOf(randomBytes(200_000));
    const location = await locationOf(call, file);
    // Held open: promises more than it sends.
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(file.bytes.subarray(0, 50_000))),
    });
    const dead = fetch(`${call.base}${location}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${call.token}`,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
      body,
      duplex: 'half',
    } as RequestInit).catch(() => null);
    await expect.poll(() => offsetOf(call, location)).toBe(50_000);
    const rest = await patchUpload(call, location, 50_000, file.bytes.subarray(50_000));
    expect(rest.status).toBe(204);
    await dead;
    expect(await stored(file.sha256)).toMatchObject({ size: 200_000 });
  });

  it('another offset than where it stands is 409 and takes nothing; more than was said is 413', async () => {
    const file = fileOf(randomBytes(1_000));
    const location = await locationOf(call, file);
    const ahead = await patchUpload(call, location, 10, file.bytes.subarray(10));
    expect([ahead.status, await codeOf(ahead)]).toEqual([409, 'uploadOffset']);
    expect(await offsetOf(call, location)).toBe(0);
    const over = await patchUpload(call, location, 0, Buffer.concat([file.bytes.subarray(0, 900), randomBytes(200)]));
    expect(over.status).toBe(413);
  });

  it('other bytes than were said: 460, dropped, and the next try begins anew', async () => {
    const file = fileOf();
    const location = await locationOf(call, file);
    const wrong = Buffer.from(file.bytes);
    wrong[77] = (wrong[77] ?? 0) ^ 1;
    const answer = await patchUpload(call, location, 0, wrong);
    expect([answer.status, await codeOf(answer)]).toEqual([CHECKSUM_MISMATCH, 'checksumMismatch']);
    expect((await headUpload(call, location)).status).toBe(404);
    expect(await stored(file.sha256)).toBeNull();
    await sendFile(call, file);
    expect(await stored(file.sha256)).not.toBeNull();
  });

  it('termination takes what came away', async () => {
    const file = fileOf();
    const location = await locationOf(call, file);
    await patchUpload(call, location, 0, file.bytes.subarray(0, 100));
    const { rows } = await rig.store.db.pool.query<{ name: string }>(
      'select object_name as name from upload_parts where upload_id = $1',
      [location.split('/').at(-1)],
    );
    expect(await rig.first.blobs.store.sizeOf(rows[0]?.name ?? '')).toBe(100);
    expect((await deleteUpload(call, location)).status).toBe(204);
    expect((await headUpload(call, location)).status).toBe(404);
    expect(await rig.first.blobs.store.sizeOf(rows[0]?.name ?? '')).toBeNull();
  });

  it('the same file asked for twice is one upload; two persons send it each, and it is kept once', async () => {
    const file = fileOf(randomBytes(20_000));
    const location = await locationOf(call, file);
    expect(await locationOf(call, file)).toBe(location);
    const dora = await rig.signIn('dora');
    const hers = { token: dora.tokens.accessToken, base: call.base };
    const other = await locationOf(hers, file);
    expect(other).not.toBe(location);
    const answers = await Promise.all([
      patchUpload(call, location, 0, file.bytes),
      patchUpload(hers, other, 0, file.bytes),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([204, 204]);
    const { rows } = await rig.store.db.pool.query('select person_id from blob_holders where sha256 = $1', [
      file.sha256,
    ]);
    expect(rows).toHaveLength(2);
    expect(sha256Of(await bytesAt((await stored(file.sha256))?.name ?? ''))).toBe(file.sha256);
  });
});

describe('whose upload it is', () => {
  it('35 another person finds, continues and removes none of it', async () => {
    const file = fileOf();
    const location = await locationOf(call, file);
    for (const name of ['dora', 'admin', 'beto'] as const) {
      const who = await rig.signIn(name);
      const theirs = { token: who.tokens.accessToken, base: call.base };
      const missing = `${BLOB_UPLOADS}/${v7()}`;
      for (const at of [location, missing]) {
        expect((await headUpload(theirs, at)).status).toBe(404);
        expect((await patchUpload(theirs, at, 0, file.bytes)).status).toBe(404);
        expect((await deleteUpload(theirs, at)).status).toBe(404);
      }
    }
    expect((await patchUpload(call, location, 0, file.bytes)).status).toBe(204);
  });

  it('SY16 a revoked device hands its files in', async () => {
    const carla = await rig.signIn('carla');
    await revokeAccount(rig.store.db, rig.desk.accounts.carla.user, Date.now());
    const file = fileOf();
    await sendFile({ token: carla.tokens.accessToken, base: call.base }, file);
    expect(await stored(file.sha256)).not.toBeNull();
    const body = { ticketId: v7(), attachmentId: v7() };
    const opened = await carla.send({ path: BLOB_OPEN, token: carla.tokens.accessToken, body });
    expect([opened.status, opened.text]).toEqual([401, expect.stringContaining('deviceRevoked')]);
  });
});

describe('bounds', () => {
  it('36 what is not a file of the agreed form is refused before a byte is read', async () => {
    const file = fileOf();
    for (const size of [0, 1_000_000_001])
      expect((await createUpload(call, file, size)).status).toBe(size === 0 ? 400 : 413);
    expect((await createUpload(call, { sha256: 'x' }, 5)).status).toBe(400);
    const location = await locationOf(call, file);
    const headers = { authorization: `Bearer ${call.token}`, 'tus-resumable': '1.0.0', 'upload-offset': '0' };
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      // Never gathered in memory: refused by its head, however long it is.
      const answer = await fetch(`${call.base}${location}`, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': type },
        body: `"${'x'.repeat(200_000)}"`,
      });
      expect([type, answer.status]).toEqual([type, 400]);
    }
    expect(await offsetOf(call, location)).toBe(0);
    expect((await createUpload(call, file, 5, { ticketId: '../../etc' })).status).toBe(400);
  });

  it("a person's unfinished bytes are bounded, whatever else is under way", async () => {
    const beto = await rig.signIn('beto');
    const his = { token: beto.tokens.accessToken, base: call.base };
    const answers = await Promise.all(Array.from({ length: 6 }, () => createUpload(his, fileOf(), 900_000_000)));
    const taken = answers.filter((answer) => answer.status === 201).length;
    expect(taken).toBe(Math.floor(blobLimits.unfinishedBytes / 900_000_000));
    expect(answers.find((answer) => answer.status !== 201)?.status).toBe(429);
    expect((await createUpload(call, fileOf(), 100)).status).toBe(201);
  });

  it('27 no room: 507 before it is taken; full on the way: 507, and what came stays', async () => {
    const place = failingPlace(createFileBlobStore(rig.folder));
    const narrow = { ...call, base: (await rig.start(place)).url };
    const file = fileOf(randomBytes(5_000));
    place.roomLeft = blobLimits.reserveBytes + 9_999;
    const refused = await createUpload(narrow, file, 5_000);
    expect([refused.status, await codeOf(refused)]).toEqual([507, 'storageFull']);
    place.roomLeft = null;
    const location = await locationOf(narrow, file);
    expect((await patchUpload(narrow, location, 0, file.bytes.subarray(0, 3_000))).status).toBe(204);
    place.full = true;
    const full = await patchUpload(narrow, location, 3_000, file.bytes.subarray(3_000));
    expect([full.status, await codeOf(full)]).toEqual([507, 'storageFull']);
    place.full = false;
    expect(await offsetOf(narrow, location)).toBe(3_000);
    expect((await patchUpload(narrow, location, 3_000, file.bytes.subarray(3_000))).status).toBe(204);
    expect(await stored(file.sha256)).not.toBeNull();
  });

  it('a place that does not answer is 503, and the upload goes on when it does', async () => {
    const place = failingPlace(createFileBlobStore(rig.folder));
    const process = { ...call, base: (await rig.start(place)).url };
    const file = fileOf();
    const location = await locationOf(process, file);
    place.away = true;
    expect((await createUpload(process, fileOf(), 10)).status).toBe(503);
    expect((await patchUpload(process, location, 0, file.bytes)).status).toBe(503);
    place.away = false;
    expect((await patchUpload(process, location, 0, file.bytes)).status).toBe(204);
  });

  it('a store with no place for files answers 503: they wait with their authors', async () => {
    const answer = await rig.store.send({
      path: '/blobs/v1/open',
      token: call.token,
      body: { ticketId: v7(), attachmentId: v7() },
    });
    expect(answer.status).toBe(503);
  });
});

async function put(store: BlobStore, bytes: Buffer): Promise<string> {
  const name = newObjectName();
  const source = async function* () {
    yield bytes;
  };
  await store.put(name, source, { size: bytes.length, sha256: sha256Of(bytes) });
  return name;
}

describe('what a process left undone', () => {
  it('an upload with all its bytes is finished by the next question, or by the sweep of another process', async () => {
    const place = failingPlace(createFileBlobStore(rig.folder));
    const process = await rig.start(place);
    const weak = { ...call, base: process.url };
    const leaveWhole = async () => {
      const file = fileOf(randomBytes(8_000));
      const location = await locationOf(weak, file);
      expect((await patchUpload(weak, location, 0, file.bytes.subarray(0, 5_000))).status).toBe(204);
      // Room for the part, and none for the whole.
      place.roomLeft = blobLimits.reserveBytes + 4_000;
      expect((await patchUpload(weak, location, 5_000, file.bytes.subarray(5_000))).status).toBe(507);
      place.roomLeft = null;
      expect(await stored(file.sha256)).toBeNull();
      return { file, location };
    };
    const one = await leaveWhole();
    expect(await offsetOf(call, one.location)).toBe(8_000);
    expect(await stored(one.file.sha256)).toMatchObject({ size: 8_000 });
    const two = await leaveWhole();
    const other = await rig.start();
    await other.blobs.sweep();
    expect(await stored(two.file.sha256)).toBeNull();
    rig.store.clock.offset += blobLimits.sweepMs + 1_000;
    await other.blobs.sweep();
    rig.store.clock.offset = 0;
    expect(await stored(two.file.sha256)).toMatchObject({ size: 8_000 });
    expect(other.troubles).toEqual([]);
  });

  it('one whose part cannot be read holds up none of the others, and is said once', async () => {
    const raw = createFileBlobStore(rig.folder);
    const narrow = failingPlace(raw);
    const weak = { ...call, base: (await rig.start(narrow)).url };
    const leaveWhole = async () => {
      const file = fileOf(randomBytes(8_000));
      const location = await locationOf(weak, file);
      expect((await patchUpload(weak, location, 0, file.bytes.subarray(0, 5_000))).status).toBe(204);
      await rig.store.db.pool.query(
        `insert into upload_parts select desk_id, upload_id, size, 3000, $1 from upload_parts where upload_id = $2`,
        [await put(raw, file.bytes.subarray(5_000)), location.split('/').at(-1)],
      );
      return { file, location };
    };
    const [bad, good] = [await leaveWhole(), await leaveWhole()];
    const { rows } = await rig.store.db.pool.query<{ name: string }>(
      'select object_name as name from upload_parts where upload_id = $1',
      [bad.location.split('/').at(-1)],
    );
    let unreadable: readonly string[] = rows.map(({ name }) => name);
    const other = await rig.start({
      ...raw,
      async *read(name, range) {
        if (unreadable.includes(name)) throw new BlobsUnavailable('EIO, for a test');
        yield* raw.read(name, range);
      },
    });
    rig.store.clock.offset += blobLimits.sweepMs + 1_000;
    await other.blobs.sweep();
    expect(await stored(good.file.sha256)).toMatchObject({ size: 8_000 });
    await other.blobs.sweep();
    expect(other.troubles.map(String)).toEqual([expect.stringContaining('EIO')]);
    unreadable = [];
    await other.blobs.sweep();
    expect(await stored(bad.file.sha256)).toMatchObject({ size: 8_000 });
  });
});

describe('on the disk', () => {
  it('12 under random names, for the owner alone, and nothing of a refused act is lost', async () => {
    const file = fileOf();
    const ticketId = await newTicket(rig, ana);
    await ana.push(ana.command('addAttachment', ticketId, attachmentOf(file, { name: 'informe secreto.pdf' })));
    await sendFile(call, file);
    const { name } = (await stored(file.sha256)) ?? { name: '' };
    const path = join(rig.folder, name.slice(0, 2), name.slice(2, 4), name);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const all = await readdir(rig.folder, { recursive: true });
    expect(all.join(' ')).not.toMatch(/informe|pdf/);
    expect(all.join(' ')).not.toContain(file.sha256);
    expect(name).toMatch(/^[0-9a-f]{40}$/);
  });

  it('a folder that lost a file is named by nobody: the console is asked for it again', async () => {
    const file = fileOf();
    const location = await sendFile(call, file);
    const { name } = (await stored(file.sha256)) ?? { name: '' };
    await rig.first.blobs.store.delete(name);
    const body = { files: [{ ticketId: v7(), attachmentId: v7(), sha256: file.sha256, size: file.bytes.length }] };
    const offered = await ana.send({ path: '/blobs/v1/offer', token: call.token, body });
    expect(offered.text).toContain('wanted');
    expect(await sendFile(call, file)).not.toBe(location);
    expect(sha256Of(await bytesAt((await stored(file.sha256))?.name ?? ''))).toBe(file.sha256);
  });
});
