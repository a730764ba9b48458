import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlobClient } from '../../../src/platform-node/store-client/create-blob-client.ts';
import {
  type BlobRig,
  createUpload,
  deleteUpload,
  fileOf,
  patchUpload,
  sendFile,
  startBlobRig,
  type TusCall,
} from './blob-rig.ts';

const DESK_BYTES = 25_000;
let rig: BlobRig;
let ana: TusCall;
let beto: TusCall;
beforeAll(async () => {
  rig = await startBlobRig(undefined, DESK_BYTES);
  const call = async (name: 'ana' | 'beto') => ({
    token: (await rig.signIn(name)).tokens.accessToken,
    base: rig.first.url,
  });
  [ana, beto] = [await call('ana'), await call('beto')];
});
afterAll(() => rig.close());

/** Of 10,000 bytes: two fit. */
const file = () => fileOf(randomBytes(10_000));
const create = (call: TusCall, of = file(), size = of.bytes.length) => createUpload(call, of, size);
const codeOf = async (answer: Response): Promise<unknown> =>
  (JSON.parse(await answer.text()) as { error: { code: string } }).error.code;

describe('13.15 the quota of a desk', () => {
  it('refuses what would go beyond it, with a code and when to ask again; what is held or under way already goes on', async () => {
    const [held, begun, third] = [file(), file(), file()];
    await sendFile(ana, held);
    const location = (await create(ana, begun)).headers.get('location') ?? '';
    const refused = await create(beto, third);
    expect([refused.status, refused.headers.get('retry-after'), await codeOf(refused)]).toEqual([
      507,
      '300',
      'deskFull',
    ]);
    // The same content takes no more room, whoever sends it; nor does the rest of what was begun.
    await sendFile(beto, held);
    expect((await create(ana, begun)).headers.get('location')).toBe(location);
    expect((await patchUpload(ana, location, 0, begun.bytes)).status).toBe(204);
    expect((await create(beto, file(), 5_000)).status).toBe(201);
    expect((await create(beto, file(), 1)).status).toBe(507);
  });

  it('counts an upload that was given up no more', async () => {
    const rest = file();
    expect((await create(ana, rest, 1)).status).toBe(507);
    const { rows } = await rig.store.db.pool.query<{ id: string }>('select id from uploads where finished_at is null');
    expect(rows).toHaveLength(1);
    expect((await deleteUpload(beto, `/blobs/v1/uploads/${rows[0]?.id}`)).status).toBe(204);
    const again = await create(ana, rest, 5_000);
    expect(again.status).toBe(201);
    expect((await deleteUpload(ana, again.headers.get('location') ?? '')).status).toBe(204);
  });

  it('gives the last room once, however many ask for it at the same moment', async () => {
    const answers = await Promise.all([ana, beto, ana, beto].map((call) => create(call, file(), 3_000)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 507, 507, 507]);
  });

  it('is told to the console as such, so that it can say so before the next act', async () => {
    const client = createBlobClient(rig.first.url);
    const of = { ticketId: v7(), attachmentId: v7(), sha256: file().sha256, size: 9_000 };
    expect(await client.create(ana.token, of)).toMatchObject({
      ok: false,
      error: { kind: 'retryAfter', ms: 300_000, attempts: false, why: 'deskFull' },
    });
    client.close();
  });
});
