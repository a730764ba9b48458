import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFiles } from '../../../src/store/doctor/check-files.ts';
import { type BlobRig, fileOf, sendFile, startBlobRig } from './blob-rig.ts';

let rig: BlobRig;
beforeAll(async () => {
  rig = await startBlobRig();
});
afterAll(() => rig.close());

describe('doctor, files', () => {
  it('says what works, what is lost, what cannot be reached and what was not looked at', async () => {
    const { db } = rig.store;
    const place = { kind: 'folder' as const, folder: rig.folder };
    expect(await checkFiles(db, null)).toMatchObject([{ level: 'note' }]);
    const ana = await rig.signIn('ana');
    const file = fileOf();
    await sendFile({ token: ana.tokens.accessToken, base: rig.first.url }, file);
    expect(await checkFiles(db, null)).toMatchObject([{ level: 'warning', facts: { files: 1 } }]);
    expect(await checkFiles(db, place)).toMatchObject([{ level: 'good', facts: { files: 1, bytes: 10_000 } }]);
    const { rows } = await db.pool.query<{ name: string }>('select object_name as name from blobs');
    await rig.first.blobs.store.delete(rows[0]?.name ?? '');
    expect(await checkFiles(db, place)).toMatchObject([{ level: 'fault', facts: { missing: 1 } }]);
    const nowhere = {
      endpoint: 'http://127.0.0.1:9',
      bucket: 'files',
      prefix: '',
      region: 'x',
      accessKeyId: 'x',
      secretAccessKey: 'x',
    };
    expect(await checkFiles(db, { kind: 's3', s3: nowhere })).toMatchObject([
      { level: 'fault', what: expect.stringContaining('does not work') },
    ]);
  });
});
