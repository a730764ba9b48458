import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BLOB_OFFER, BLOB_OPEN, blobOpenResponseSchema } from '../../../src/protocol/sync/blobs.ts';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { restoreBackup } from '../../../src/store/backup/restore-backup.ts';
import { writeBackup } from '../../../src/store/backup/write-backup.ts';
import { PLACE_MARK } from '../../../src/store/blobs/blob-store.ts';
import { collect } from '../../../src/store/blobs/collect.ts';
import { createS3BlobStore } from '../../../src/store/blobs/s3-blob-store.ts';
import { newId } from '../../../src/store/new-id.ts';
import { attachmentOf, createUpload, fileOf, newTicket, patchUpload, sendFile, startBlobRig } from './blob-rig.ts';
import { startStrictS3 } from './strict-s3.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

describe('files in a bucket', () => {
  it('go the whole way: parts, one object, ranges, 507 and 503 as the service says, and are collected', async () => {
    const s3 = await startStrictS3();
    closing.push(() => s3.close());
    const rig = await startBlobRig(createS3BlobStore(s3.place));
    closing.push(() => rig.close());
    const ana = await rig.signIn('ana');
    const call = { token: ana.tokens.accessToken, base: rig.first.url };
    const file = fileOf(randomBytes(9_000_000));
    const ticketId = await newTicket(rig, ana);
    const attachment = attachmentOf(file);
    await ana.push(ana.command('addAttachment', ticketId, attachment));

    const created = await createUpload(call, file, file.bytes.length);
    const location = created.headers.get('location') ?? '';
    expect((await patchUpload(call, location, 0, file.bytes.subarray(0, 5_000_000))).status).toBe(204);
    expect(s3.objects.size).toBeGreaterThan(1);
    s3.fail(507, 1, 'StorageFull');
    expect((await patchUpload(call, location, 5_000_000, file.bytes.subarray(5_000_000, 6_000_000))).status).toBe(507);
    s3.fail(503, 3);
    expect((await patchUpload(call, location, 5_000_000, file.bytes.subarray(5_000_000, 6_000_000))).status).toBe(503);
    const other = { ...call, base: (await rig.start()).url };
    expect((await patchUpload(other, location, 5_000_000, file.bytes.subarray(5_000_000))).status).toBe(204);
    expect(await rig.arrived(ticketId)).toHaveLength(1);
    const sizes = () => [...s3.objects].flatMap(([key, { bytes }]) => (key.endsWith(PLACE_MARK) ? [] : [bytes.length]));
    expect(sizes()).toEqual([9_000_000]);

    const opened = await ana.send({
      path: BLOB_OPEN,
      token: call.token,
      body: { ticketId, attachmentId: attachment.attachmentId },
    });
    const { url } = blobOpenResponseSchema.parse(JSON.parse(opened.text));
    const part = await fetch(url, { headers: { range: 'bytes=8999990-' } });
    expect(Buffer.from(await part.arrayBuffer()).equals(file.bytes.subarray(-10))).toBe(true);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(file.bytes)).toBe(true);
    s3.fail(500, 5);
    expect((await fetch(url)).status).toBe(503);
    s3.fail(0, 0);

    await sendFile(call, fileOf());
    const later = { db: rig.store.db, store: rig.first.blobs.store, now: () => Date.now() + 90 * 86_400_000 };
    expect(await collect(later)).toMatchObject({ files: 1, objects: 0 });
    expect(sizes()).toEqual([9_000_000]);
    expect(s3.refusals).toEqual([]);
  });
});

describe('43 after a restore', () => {
  it('what the backup did not have is asked for again and arrives once, and what it had is still read', async () => {
    const rig = await startBlobRig();
    const folder = await mkdtemp(join(tmpdir(), 'backup-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    closing.push(() => rig.close());
    const ana = await rig.signIn('ana');
    const call = { token: ana.tokens.accessToken, base: rig.first.url };
    const [before, after] = [fileOf(), fileOf()];
    const ticketId = await newTicket(rig, ana);
    const [kept, lost] = [attachmentOf(before), attachmentOf(after)];
    await ana.push(ana.command('addAttachment', ticketId, kept));
    await sendFile(call, before);
    await rig.arrived(ticketId);
    const path = join(folder, 'backup');
    const options = { url: rig.store.url, path, now: Date.now, onProgress: () => undefined };
    expect((await writeBackup(options)).ok).toBe(true);
    const command = ana.command('addAttachment', ticketId, lost);
    await ana.push(command);
    await sendFile(call, after);
    await rig.arrived(ticketId, 2);

    const restored = await restoreBackup({ ...options, newId, replace: true });
    expect(restored).toMatchObject({ ok: true });
    expect((await rig.timeline(ticketId)).map((entry) => entry.event.type)).toEqual([
      'registered',
      'attachmentAdded',
      'attachmentArrived',
    ]);
    const files = [before, after].map((file) => ({
      ticketId,
      attachmentId: kept.attachmentId,
      sha256: file.sha256,
      size: file.bytes.length,
    }));
    const offered = await ana.send({ path: BLOB_OFFER, token: call.token, body: { files } });
    expect((JSON.parse(offered.text) as { files: { state: string }[] }).files.map(({ state }) => state)).toEqual([
      'stored',
      'wanted',
    ]);
    await ana.push(command);
    await sendFile(call, after);
    expect(await rig.arrived(ticketId, 2)).toHaveLength(2);
    expect((await verifyDesk(rig.store.db, rig.desk.deskId, 'x')).faults).toEqual([]);
  });
});
