import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobLimits } from '../../../src/store/blobs/blob-limits.ts';
import { createFileBlobStore } from '../../../src/store/blobs/file-blob-store.ts';
import {
  type BlobRig,
  createUpload,
  failingPlace,
  fileOf,
  headUpload,
  patchUpload,
  startBlobRig,
  type TestFile,
  type TusCall,
} from './blob-rig.ts';

let rig: BlobRig;
beforeAll(async () => {
  rig = await startBlobRig();
});
afterAll(() => rig.close());

const locationOf = async (of: TusCall, file: TestFile) =>
  (await createUpload(of, file, file.bytes.length)).headers.get('location') ?? '';
const offsetOf = async (of: TusCall, location: string) =>
  Number((await headUpload(of, location)).headers.get('upload-offset'));
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code;
const stored = async (sha256: string) =>
  (await rig.store.db.pool.query<{ size: number }>('select size from blobs where sha256 = $1', [sha256])).rows[0] ??
  null;

describe('room at the place of files', () => {
  it('27 the reserve is kept: what others still have to bring counts as one begins, and neither a part nor the whole goes into it', async () => {
    const place = failingPlace(createFileBlobStore(rig.folder));
    const { url: base } = await rig.start(place);
    const idle = { base, token: (await rig.signIn('ana')).tokens.accessToken };
    expect((await createUpload(idle, fileOf(), 5_000)).status).toBe(201);
    rig.store.clock.offset += 86_400_000 + 1_000;
    const narrow = { base, token: (await rig.signIn('ana')).tokens.accessToken };
    const [first, second] = [fileOf(randomBytes(6_000)), fileOf(randomBytes(6_000))];
    place.roomLeft = blobLimits.reserveBytes + 17_000;
    const begun = await Promise.all([first, second].map((file) => createUpload(narrow, file, 6_000)));
    expect(begun.map(({ status }) => status).sort()).toEqual([201, 507]);
    const [mine, other] = begun[0]?.status === 201 ? [first, second] : [second, first];
    // Under way already: it is found again, however little room there is.
    place.roomLeft = blobLimits.reserveBytes + 3_999;
    const location = await locationOf(narrow, mine);
    const part = await patchUpload(narrow, location, 0, mine.bytes.subarray(0, 4_000));
    expect([part.status, await codeOf(part)]).toEqual([507, 'storageFull']);
    expect(await offsetOf(narrow, location)).toBe(0);
    place.roomLeft = blobLimits.reserveBytes + 4_000;
    expect((await patchUpload(narrow, location, 0, mine.bytes.subarray(0, 4_000))).status).toBe(204);
    // The part finds room, the whole of 6,000 bytes beside its parts does not: 1 GB of reserve is there all the while.
    const last = await patchUpload(narrow, location, 4_000, mine.bytes.subarray(4_000));
    expect([last.status, await codeOf(last)]).toEqual([507, 'storageFull']);
    expect(await stored(mine.sha256)).toBeNull();
    place.roomLeft = blobLimits.reserveBytes + 6_000;
    expect(await offsetOf(narrow, location)).toBe(6_000);
    expect(await stored(mine.sha256)).toMatchObject({ size: 6_000 });
    // What went through keeps no room, nor what nothing came of for a day.
    place.roomLeft = blobLimits.reserveBytes + 12_000;
    expect((await createUpload(narrow, other, 6_000)).status).toBe(201);
  });
});
