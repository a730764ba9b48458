import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { collectAfter } from '../../../src/store/blobs/blob-limits.ts';
import { blobHealth, missingFiles } from '../../../src/store/blobs/blob-report.ts';
import { BlobsUnavailable, newObjectName } from '../../../src/store/blobs/blob-store.ts';
import { type Collected, collect, collectWhenDue } from '../../../src/store/blobs/collect.ts';
import { collectDaily } from '../../../src/store/blobs/collect-daily.ts';
import { createFileBlobStore } from '../../../src/store/blobs/file-blob-store.ts';
import { createOwnPlace } from '../../../src/store/blobs/own-place.ts';
import { aloneInCollecting } from '../../../src/store/db/blob-collection.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import {
  attachmentOf,
  type BlobRig,
  createUpload,
  failingPlace,
  fileOf,
  headUpload,
  newTicket,
  patchUpload,
  sendFile,
  sha256Of,
  startBlobRig,
  type TusCall,
} from './blob-rig.ts';

let rig: BlobRig;
let ana: DeviceClient;
let call: TusCall;
beforeEach(async () => {
  rig = await startBlobRig();
  ana = await rig.signIn('ana');
  call = { token: ana.tokens.accessToken, base: rig.first.url };
});
afterEach(() => rig.close());

const DAY = 86_400_000;
const collectAt = (later: number) =>
  collect({ db: rig.store.db, store: rig.first.blobs.store, now: () => Date.now() + later });
const stray = async (bytes = randomBytes(100)) => {
  const name = newObjectName();
  const source = async function* () {
    yield bytes;
  };
  await rig.first.blobs.store.put(name, source, { size: bytes.length, sha256: sha256Of(bytes) });
  return name;
};
const objects = async () => {
  const names: string[] = [];
  for await (const { name } of rig.first.blobs.store.list()) names.push(name);
  return names;
};

describe('the collector', () => {
  it('takes nothing that any act names: applied, refused, or waiting for its ticket', async () => {
    const [applied, refused, orphaned] = [fileOf(), fileOf(), fileOf()];
    const ticketId = await newTicket(rig, ana);
    for (const file of [applied, refused, orphaned]) await sendFile(call, file);
    await ana.push(
      ana.command('addAttachment', ticketId, attachmentOf(applied)),
      ana.command('addAttachment', v7(), attachmentOf(refused)),
    );
    // A restored desk keeps an act whose ticket it has lost.
    await rig.store.db.pool.query('update desks set restored_at = 1');
    const pushed = await ana.push(ana.command('addAttachment', v7(), attachmentOf(orphaned), { seenVersion: 3 }));
    expect(pushed.results[0]?.outcome.verdict.kind).toBe('parked');
    await rig.arrived(ticketId);
    expect(await collectAt(400 * DAY)).toMatchObject({ files: 0, objects: 0, uploads: 0, kept: 0 });
    expect(await objects()).toHaveLength(3);
    expect((await verifyDesk(rig.store.db, rig.desk.deskId, 'x')).faults).toEqual([]);
  });

  it('takes contents that no act named for sixty days, with their holders', async () => {
    const [file, kept] = [fileOf(), fileOf()];
    const ticketId = await newTicket(rig, ana);
    await sendFile(call, file);
    await sendFile(call, kept);
    await ana.push(ana.command('addAttachment', ticketId, attachmentOf(kept)));
    await rig.arrived(ticketId);
    expect(await collectAt(collectAfter.unnamedMs - DAY)).toMatchObject({ files: 0 });
    expect(await collectAt(collectAfter.unnamedMs + DAY)).toMatchObject({ files: 1, bytes: file.bytes.length });
    expect(await objects()).toHaveLength(1);
    expect((await verifyDesk(rig.store.db, rig.desk.deskId, 'x')).faults).toEqual([]);
    // Whoever sends the act after all sends the file again.
    await ana.push(ana.command('addAttachment', ticketId, attachmentOf(file)));
    await sendFile(call, file);
    expect(await rig.arrived(ticketId, 2)).toHaveLength(2);
  });

  it('takes uploads that nothing came of for a week, and lets the others go on', async () => {
    const file = fileOf();
    const created = await createUpload(call, file, file.bytes.length);
    const location = created.headers.get('location') ?? '';
    await patchUpload(call, location, 0, file.bytes.subarray(0, 4_000));
    expect(await collectAt(collectAfter.unfinishedMs - DAY)).toMatchObject({ uploads: 0 });
    expect((await headUpload(call, location)).headers.get('upload-offset')).toBe('4000');
    expect(await collectAt(collectAfter.unfinishedMs + DAY)).toMatchObject({ uploads: 1, bytes: 4_000 });
    expect((await headUpload(call, location)).status).toBe(404);
    expect(await objects()).toEqual([]);
  });

  it('takes objects that no row names after a day', async () => {
    await sendFile(call, fileOf());
    const name = await stray();
    expect(await collectAt(DAY / 2)).toMatchObject({ objects: 0, kept: 1 });
    expect(await collectAt(2 * DAY)).toMatchObject({ objects: 1, bytes: 100, kept: 0 });
    expect(await objects()).not.toContain(name);
  });

  it('after a restore leaves what the backup did not have for sixty days', async () => {
    const named = fileOf();
    await sendFile(call, named);
    await ana.push(ana.command('addAttachment', await newTicket(rig, ana), attachmentOf(named)));
    await stray();
    await rig.store.db.pool.query('update desks set restored_at = $1', [Date.now()]);
    expect(await collectAt(30 * DAY)).toMatchObject({ objects: 0, kept: 1 });
    expect(await collectAt(61 * DAY)).toMatchObject({ objects: 1 });
  });

  it('takes nothing from a place of which the database knows nothing: it is the wrong one', async () => {
    await stray();
    await stray();
    expect(await collectAt(400 * DAY)).toMatchObject({ objects: 0, kept: 2 });
    expect(await objects()).toHaveLength(2);
  });

  it('is due once a day over all processes, however short they live, and again at once after a run that did not come to its end', async () => {
    const { db } = rig.store;
    const start = Date.now();
    const process = (store = createFileBlobStore(rig.folder)) => createOwnPlace({ db, now: Date.now }, store);
    const look = (later: number, store = process()) => collectWhenDue({ db, store, now: () => start + later });
    await process().look();
    const away = failingPlace(createFileBlobStore(rig.folder));
    away.away = true;
    await expect(look(0, process(away))).rejects.toThrow('away, for a test');
    expect(await look(1_000)).not.toBeNull();
    expect(await look(2_000)).toBeNull();
    expect(await look(DAY - 1_000)).toBeNull();
    expect(await look(DAY + 2_000)).not.toBeNull();
    expect(await look(DAY + 3_000)).toBeNull();
    // By hand at any time.
    expect(await collectAt(DAY + 4_000)).not.toBeNull();
    // The clock had been a year ahead.
    expect(await look(365 * DAY)).not.toBeNull();
    expect(await look(2 * DAY)).not.toBeNull();
  });

  it('a process that has just been started collects, when nobody has for a day', async () => {
    const known = fileOf();
    await sendFile(call, known);
    const name = await stray();
    await utimes(join(rig.folder, name.slice(0, 2), name.slice(2, 4), name), 1, 1);
    const collected: Collected[] = [];
    const { db } = rig.store;
    const daily = collectDaily({
      db,
      store: rig.first.blobs.store,
      now: Date.now,
      lookMs: 30,
      logger: { info: () => undefined },
      onTrouble: (error) => expect.unreachable(String(error)),
      onCollected: (one) => collected.push(one),
    });
    await expect.poll(() => collected, { timeout: 10_000 }).toMatchObject([{ objects: 1 }]);
    await daily.stop();
    expect(await objects()).toHaveLength(1);
  });

  it('one object that cannot be deleted, or one folder that cannot be listed, holds up none of the others', async () => {
    await sendFile(call, fileOf());
    const names = await Promise.all([stray(), stray(), stray()]);
    const given = await createUpload(call, fileOf(), 10_000);
    await patchUpload(call, given.headers.get('location') ?? '', 0, randomBytes(4_000));
    const raw = createFileBlobStore(rig.folder);
    const [part] = (await rig.store.db.pool.query<{ name: string }>('select object_name as name from upload_parts'))
      .rows;
    const bad = new Set([names[0], part?.name]);
    const store = createOwnPlace(
      { db: rig.store.db, now: Date.now },
      {
        ...raw,
        async delete(name) {
          if (bad.has(name)) throw new BlobsUnavailable('403, for a test');
          await raw.delete(name);
        },
        async *list(skipped) {
          skipped?.(new BlobsUnavailable('a folder, for a test'));
          yield* raw.list(skipped);
        },
      },
    );
    const left: string[] = [];
    const collected = await collect({
      db: rig.store.db,
      store,
      now: () => Date.now() + 8 * DAY,
      onTrouble: (about) => left.push(about),
    });
    expect(collected).toMatchObject({ uploads: 1, objects: 2, kept: 2 });
    expect(left).toContain('a part of the place');
    for (const name of bad) expect(left).toContain(`the object ${name}`);
    bad.clear();
    expect(await collectAt(8 * DAY)).toMatchObject({ objects: 2, kept: 0 });
  });

  it('runs once at a time, over all processes', async () => {
    await stray();
    const inside = await aloneInCollecting(rig.store.db, () => collectAt(0));
    expect(inside).toBeNull();
    expect(await collectAt(0)).not.toBeNull();
  });
});

describe('what is said of files', () => {
  it('43 names the files that the database knows and the place lacks', async () => {
    const [here, lost, cut] = [fileOf(), fileOf(), fileOf()];
    for (const file of [here, lost, cut]) await sendFile(call, file);
    const { db } = rig.store;
    const { store } = rig.first.blobs;
    const nameOf = async (sha256: string) =>
      (await db.pool.query<{ name: string }>('select object_name as name from blobs where sha256 = $1', [sha256]))
        .rows[0]?.name ?? '';
    await store.delete(await nameOf(lost.sha256));
    await db.pool.query('update blobs set size = size + 1 where sha256 = $1', [cut.sha256]);
    const missing = await missingFiles(db, store, rig.desk.deskId);
    expect(missing.map(({ sha256 }) => sha256).sort()).toEqual([lost.sha256, cut.sha256].sort());
  });

  it('44 verify names a projection that differs from the timeline', async () => {
    const file = fileOf();
    const ticketId = await newTicket(rig, ana);
    const command = ana.command('addAttachment', ticketId, attachmentOf(file));
    await ana.push(command);
    const { db } = rig.store;
    const faults = async () => (await verifyDesk(db, rig.desk.deskId, 'x')).faults;
    expect(await faults()).toEqual([]);
    await db.pool.query('update attachments set arrived_at = 5');
    expect(await faults()).toEqual([expect.stringContaining('attachmentArrived')]);
    await db.pool.query('update attachments set arrived_at = null, added = false');
    expect(await faults()).toEqual([expect.stringContaining('attachmentAdded')]);
    await db.pool.query('delete from attachments');
    expect(await faults()).toEqual([`files: command ${command.id} adds one that is not counted`]);
  });

  it('counts what is there, and tells a place that works from one that does not', async () => {
    const ticketId = await newTicket(rig, ana);
    const [one, two] = [fileOf(), fileOf()];
    await ana.push(
      ana.command('addAttachment', ticketId, attachmentOf(one)),
      ana.command('addAttachment', ticketId, attachmentOf(two)),
    );
    await sendFile(call, one);
    await sendFile(call, fileOf());
    await rig.arrived(ticketId);
    const place = failingPlace(rig.first.blobs.store);
    const health = await blobHealth(rig.store.db, place);
    expect(health).toMatchObject({ works: true, full: false, trouble: null });
    expect(health.desks).toMatchObject([
      { attachments: 2, waiting: 1, files: 2, bytes: 20_000, unnamed: 1, uploads: 0, uploadBytes: 0 },
    ]);
    place.roomLeft = 1_000;
    expect(await blobHealth(rig.store.db, place)).toMatchObject({ full: true });
    place.full = true;
    expect(await blobHealth(rig.store.db, place)).toMatchObject({ works: false, trouble: 'there is no room left' });
    place.away = true;
    expect(await blobHealth(rig.store.db, place)).toMatchObject({ works: false, trouble: 'away, for a test' });
    expect(await objects()).toHaveLength(2);
  });
});
