import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOB_OFFER, BLOB_OPEN, blobOpenResponseSchema } from '../../../src/protocol/sync/blobs.ts';
import { type BlobStore, newObjectName, PLACE_MARK } from '../../../src/store/blobs/blob-store.ts';
import { collect } from '../../../src/store/blobs/collect.ts';
import { createFileBlobStore } from '../../../src/store/blobs/file-blob-store.ts';
import { createOwnPlace, type NotOurPlace } from '../../../src/store/blobs/own-place.ts';
import { claimPlace, standingOf } from '../../../src/store/blobs/place-mark.ts';
import { createS3BlobStore } from '../../../src/store/blobs/s3-blob-store.ts';
import { checkFiles } from '../../../src/store/doctor/check-files.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import {
  attachmentOf,
  type BlobRig,
  createUpload,
  fileOf,
  headUpload,
  newTicket,
  patchUpload,
  sendFile,
  sha256Of,
  startBlobRig,
  type TusCall,
} from './blob-rig.ts';
import { startStrictS3 } from './strict-s3.ts';

const DAY = 86_400_000;
let rig: BlobRig;
let ana: DeviceClient;
let call: TusCall;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  rig = await startBlobRig();
  closing.push(() => rig.close());
  ana = await rig.signIn('ana');
  call = { token: ana.tokens.accessToken, base: rig.first.url };
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function anotherDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  closing.push(() => database.drop());
  return database;
}
const ownPlace = (database: Pick<TestDatabase, 'db'>, store: BlobStore) => {
  const standings: (NotOurPlace | null)[] = [];
  const onStanding = (trouble: NotOurPlace | null) => standings.push(trouble);
  return { place: createOwnPlace({ db: database.db, now: Date.now, onStanding }, store), standings };
};
async function stray(store: BlobStore): Promise<string> {
  const [name, bytes] = [newObjectName(), randomBytes(100)];
  const source = async function* () {
    yield bytes;
  };
  await store.put(name, source, { size: bytes.length, sha256: sha256Of(bytes) });
  return name;
}
/** The folder goes away, and an empty one is where it was. */
async function unmounted(): Promise<() => Promise<void>> {
  const aside = `${rig.folder}-aside`;
  await rename(rig.folder, aside);
  await mkdir(rig.folder);
  rig.store.clock.offset += 5_000;
  return async () => {
    await rm(rig.folder, { recursive: true });
    await rename(aside, rig.folder);
    rig.store.clock.offset += 5_000;
  };
}

describe('one place of files belongs to one database', () => {
  it('the collector of a second database takes nothing from a folder or bucket of the first', async () => {
    const s3 = await startStrictS3();
    closing.push(() => s3.close());
    for (const store of [createFileBlobStore(rig.folder), createS3BlobStore(s3.place)]) {
      const [first, second] = [await anotherDatabase(), await anotherDatabase()];
      await rm(rig.folder, { recursive: true, force: true });
      const own = ownPlace(first, store).place;
      const name = await stray(own);
      const other = ownPlace(second, store);
      const later = () => Date.now() + 400 * DAY;
      await expect(collect({ db: second.db, store: other.place, now: later })).rejects.toThrow('another database');
      await expect(other.place.sizeOf(name)).rejects.toThrow('one place belongs to one');
      expect(
        await other.place.put(newObjectName(), async function* () {}, { size: 0, sha256: '' }).catch(String),
      ).toMatch('another database');
      expect(await own.sizeOf(name)).toBe(100);
      expect(other.standings.map((one) => one?.standing.kind)).toEqual(['foreign']);
    }
  });

  it('a folder that is not mounted: 503, nothing lands in it, no row is turned away from its file; and it comes right by itself', async () => {
    const [file, more] = [fileOf(), fileOf(randomBytes(9_000_000))];
    const ticketId = await newTicket(rig, ana);
    const attachment = attachmentOf(file);
    await ana.push(ana.command('addAttachment', ticketId, attachment));
    await sendFile(call, file);
    await rig.arrived(ticketId);
    const location = (await createUpload(call, more, more.bytes.length)).headers.get('location') ?? '';
    expect((await patchUpload(call, location, 0, more.bytes.subarray(0, 5_000_000))).status).toBe(204);
    const open = () =>
      ana.send({ path: BLOB_OPEN, token: call.token, body: { ticketId, attachmentId: attachment.attachmentId } });
    const { url } = blobOpenResponseSchema.parse(JSON.parse((await open()).text));
    const rows = async () => (await rig.store.db.pool.query('select * from blobs')).rows;
    const before = await rows();

    const mounted = await unmounted();
    const offer = { files: [{ ticketId, attachmentId: attachment.attachmentId, sha256: file.sha256, size: 10_000 }] };
    expect((await ana.send({ path: BLOB_OFFER, token: call.token, body: offer })).status).toBe(503);
    expect((await open()).status).toBe(503);
    expect((await fetch(url)).status).toBe(503);
    expect((await createUpload(call, file, file.bytes.length)).status).toBe(503);
    expect((await patchUpload(call, location, 5_000_000, more.bytes.subarray(5_000_000))).status).toBe(503);
    await expect(
      collect({ db: rig.store.db, store: rig.first.blobs.store, now: () => Date.now() + 400 * DAY }),
    ).rejects.toThrow('lacks the mark');
    expect(await checkFiles(rig.store.db, { kind: 'folder', folder: rig.folder })).toMatchObject([{ level: 'fault' }]);
    expect(await readdir(rig.folder)).toEqual([]);
    // Texts go on.
    const note = await ana.push(ana.command('addNote', ticketId, { visibility: 'internal', text: 'sin archivos' }));
    expect(note.results[0]?.outcome.verdict.kind).toBe('applied');

    await mounted();
    expect(await rows()).toEqual(before);
    expect((await headUpload(call, location)).headers.get('upload-offset')).toBe('5000000');
    expect((await patchUpload(call, location, 5_000_000, more.bytes.subarray(5_000_000))).status).toBe(204);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(file.bytes)).toBe(true);
  });

  it('what was written while the folder went away does not count, nor what was found missing', async () => {
    const raw = createFileBlobStore(rig.folder);
    const database = await anotherDatabase();
    await rm(rig.folder, { recursive: true });
    let goes: () => Promise<unknown> = async () => undefined;
    const goingAway: BlobStore = {
      ...raw,
      async put(...args) {
        const put = await raw.put(...args);
        await goes();
        return put;
      },
      async sizeOf(name) {
        await goes();
        return raw.sizeOf(name);
      },
    };
    const { place } = ownPlace(database, goingAway);
    const name = await stray(place);
    // Trusted a moment ago; gone in the middle of this one.
    let mounted: (() => Promise<void>) | null = null;
    goes = async () => {
      mounted ??= await unmounted();
    };
    await expect(stray(place)).rejects.toThrow('lacks the mark');
    await expect(place.sizeOf(name)).rejects.toThrow('lacks the mark');
    await (mounted as (() => Promise<void>) | null)?.();
    expect(await place.sizeOf(name)).toBe(100);
  });

  it('a database and a place of before the mark begin together when a file that is known is there, and not otherwise', async () => {
    await sendFile(call, fileOf());
    const forget = async () => {
      await rig.store.db.pool.query('delete from blob_place');
      await rm(join(rig.folder, PLACE_MARK), { force: true });
    };
    const raw = createFileBlobStore(rig.folder);
    await forget();
    const { place } = ownPlace(rig.store, raw);
    await place.look();
    expect(await standingOf(rig.store.db, raw)).toEqual({ kind: 'ours' });
    await forget();
    const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
    closing.push(() => rm(elsewhere, { recursive: true }));
    await expect(ownPlace(rig.store, createFileBlobStore(elsewhere)).place.look()).rejects.toThrow('lacks the mark');
    expect(await readdir(elsewhere)).toEqual([]);
    // One that knows nothing does not take what is somebody's.
    const fresh = await anotherDatabase();
    await expect(ownPlace(fresh, raw).place.look()).rejects.toThrow('the place of another');
    expect(await standingOf(rig.store.db, raw)).toEqual({ kind: 'new' });
  });

  it('many processes that begin at once agree, and one that ended in the middle is made up for', async () => {
    const database = await anotherDatabase();
    await rm(rig.folder, { recursive: true });
    const places = Array.from({ length: 6 }, () => ownPlace(database, createFileBlobStore(rig.folder)));
    await Promise.all(places.map(({ place }) => place.look()));
    expect(places.flatMap(({ standings }) => standings).filter((one) => one !== null)).toEqual([]);
    const mark = await readFile(join(rig.folder, PLACE_MARK), 'utf8');
    await database.db.pool.query('update blob_place set marked_at = null');
    await writeFile(join(rig.folder, PLACE_MARK), mark.slice(0, 20));
    await ownPlace(database, createFileBlobStore(rig.folder)).place.look();
    expect(await readFile(join(rig.folder, PLACE_MARK), 'utf8')).toBe(mark);
  });

  it('a copy of a database is given a place of its own by claiming it; one of another is claimed by its mark alone', async () => {
    const [original, copy] = [await anotherDatabase(), await anotherDatabase()];
    const folder = await mkdtemp(join(tmpdir(), 'claimed-'));
    closing.push(() => rm(folder, { recursive: true }));
    const store = createFileBlobStore(folder);
    await ownPlace(original, store).place.look();
    const { rows } = await original.db.pool.query<{ id: string }>('select id from blob_place');
    const id = rows[0]?.id ?? '';
    await copy.db.pool.query('insert into blob_place (id, marked_at, collected_at) values ($1, 1, 1)', [id]);
    const claim = (named: string | null) => claimPlace(copy.db, store, { named, now: Date.now });
    expect(await claim(null)).toEqual({ ok: true, value: 'already' });
    expect(await claim(id)).toEqual({ ok: true, value: 'claimed' });
    expect(await standingOf(copy.db, store)).toEqual({ kind: 'ours' });
    const taken = await standingOf(original.db, store);
    expect(taken).toMatchObject({ kind: 'foreign', mark: expect.not.stringContaining(id) });
    expect(await claimPlace(original.db, store, { named: null, now: Date.now })).toEqual({ ok: false, error: taken });
    expect(await claimPlace(original.db, store, { named: id, now: Date.now })).toEqual({ ok: false, error: taken });
  });
});
