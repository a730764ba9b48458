import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { collectAfter } from '../../../src/store/blobs/blob-limits.ts';
import { blobHealth, missingFiles } from '../../../src/store/blobs/blob-report.ts';
import { newObjectName } from '../../../src/store/blobs/blob-store.ts';
import { collect } from '../../../src/store/blobs/collect.ts';
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
