import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { revokeAccount, revokeDevice } from '../../../src/store/admin/accounts.ts';
import { restoreBackup } from '../../../src/store/backup/restore-backup.ts';
import { writeBackup } from '../../../src/store/backup/write-backup.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

let folder: string;
let store: TestStore;
let desk: Desk;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-revocations-'));
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const codeOf = async ({ tokens }: DeviceClient): Promise<string> => {
  const body = { protocol: PROTOCOL_VERSION, text: 'correo', limit: 5 };
  const answer = await store.send({ path: '/sync/v1/search', token: tokens.accessToken, body });
  return answer.status === 200 ? 'answered' : (JSON.parse(answer.text) as { error: { code: string } }).error.code;
};

describe('a restore in the place of what the database holds', () => {
  it('SY7 lets nobody in again whom the desk has revoked since the backup', async () => {
    const stolen = await store.signIn(desk.accounts.ana);
    const dismissed = await store.signIn(desk.accounts.beto);
    const left = await store.signIn(desk.accounts.carla);
    const works = await store.signIn(desk.accounts.dora);
    const path = join(folder, 'ayer.backup');
    const file = { url: store.url, path, now: Date.now, onProgress: () => undefined };
    expect(await writeBackup(file)).toMatchObject({ ok: true });

    await revokeDevice(store.db, stolen.tokens.session.deviceId, 7);
    await revokeAccount(store.db, desk.accounts.beto.user, 7);
    await store.send({ path: '/auth/v1/sign-out', token: left.tokens.accessToken });
    const all = [stolen, dismissed, left, works];
    const revoked = ['deviceRevoked', 'deviceRevoked', 'unauthenticated', 'answered'];
    expect(await Promise.all(all.map(codeOf))).toEqual(revoked);

    expect(await restoreBackup({ ...file, replace: true, newId: v7 })).toMatchObject({
      ok: true,
      value: { revokedAgain: 2 },
    });
    expect(await Promise.all(all.map(codeOf))).toEqual(revoked);
  });
});
