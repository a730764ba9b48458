import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attachment } from '../../../src/domain/attachments.ts';
import { BLOB_OPEN, blobOpenResponseSchema } from '../../../src/protocol/sync/blobs.ts';
import { createAccount, revokeDevice, setGrants } from '../../../src/store/admin/accounts.ts';
import { createPasswords } from '../../../src/store/auth/passwords.ts';
import { blobLimits } from '../../../src/store/blobs/blob-limits.ts';
import { createDeviceClient, type DeviceClient } from '../../support/device-client.ts';
import {
  attachmentOf,
  type BlobRig,
  createUpload,
  fileOf,
  newTicket,
  sendFile,
  startBlobRig,
  type TestFile,
} from './blob-rig.ts';

let rig: BlobRig;
let ana: DeviceClient;
beforeAll(async () => {
  rig = await startBlobRig();
  ana = await rig.signIn('ana');
});
afterAll(() => rig.close());

interface Arrived {
  readonly ticketId: string;
  readonly attachmentId: string;
  readonly file: TestFile;
}
async function arrived(who: DeviceClient, file: TestFile, more: Partial<Attachment> = {}, of = {}): Promise<Arrived> {
  const ticketId = await newTicket(rig, who, of);
  const attachment = attachmentOf(file, more);
  await who.push(who.command('addAttachment', ticketId, attachment));
  await sendFile({ token: who.tokens.accessToken, base: rig.first.url }, file);
  expect(await rig.arrived(ticketId)).toHaveLength(1);
  return { ticketId, attachmentId: attachment.attachmentId, file };
}
const open = (who: DeviceClient, { ticketId, attachmentId }: Pick<Arrived, 'ticketId' | 'attachmentId'>) =>
  who.send({ path: BLOB_OPEN, token: who.tokens.accessToken, body: { ticketId, attachmentId } });
const urlOf = async (who: DeviceClient, of: Arrived) =>
  blobOpenResponseSchema.parse(JSON.parse((await open(who, of)).text)).url;

describe('35 who may open a file', () => {
  it('is who may hold its ticket, role by role; for all others it is not there', async () => {
    const beto = await rig.signIn('beto');
    const files = {
      lima: await arrived(ana, fileOf()),
      cusco: await arrived(beto, fileOf(), {}, { siteId: rig.desk.sites.cusco, teamId: rig.desk.teams.cuscoDesk }),
    };
    const nowhere = { ticketId: v7(), attachmentId: v7() };
    const expected = {
      ana: ['lima'],
      beto: ['cusco'],
      carla: [],
      dora: ['lima'],
      admin: ['lima', 'cusco'],
      program: ['lima', 'cusco'],
    } as const;
    for (const [name, sees] of Object.entries(expected)) {
      const who = await rig.signIn(name as keyof typeof expected);
      const missing = await open(who, nowhere);
      expect(missing.status).toBe(404);
      const found: string[] = [];
      for (const [place, of] of Object.entries(files)) {
        const answer = await open(who, of);
        if (answer.status === 200) {
          const { url, size, sha256 } = blobOpenResponseSchema.parse(JSON.parse(answer.text));
          expect([size, sha256]).toEqual([of.file.bytes.length, of.file.sha256]);
          const read = await fetch(url);
          expect(Buffer.from(await read.arrayBuffer()).equals(of.file.bytes)).toBe(true);
          found.push(place);
        } else expect([answer.status, answer.text]).toEqual([missing.status, missing.text]);
      }
      expect([name, found]).toEqual([name, [...sees]]);
    }
  });

  it('an auditor reads all of the desk, and sends nothing', async () => {
    const of = await arrived(ana, fileOf());
    const account = { user: `auditor-${rig.desk.deskId}`, password: 'correcto caballo grapa' };
    const made = await createAccount(
      { db: rig.store.db, passwords: createPasswords() },
      {
        ...account,
        deskId: rig.desk.deskId,
        id: v7(),
        personId: v7(),
        role: 'auditor',
        mustChangePassword: false,
        now: Date.now(),
      },
    );
    expect(made.ok).toBe(true);
    const auditor = await createDeviceClient(rig.first.send, account);
    expect((await fetch(await urlOf(auditor, of))).status).toBe(200);
    const call = { token: auditor.tokens.accessToken, base: rig.first.url };
    const refused = await createUpload(call, fileOf(), 10);
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('forbidden')]);
  });

  it('SY7 loses it with the scope, by an address that was made before too', async () => {
    const dora = await rig.signIn('dora');
    const of = await arrived(ana, fileOf());
    const url = await urlOf(dora, of);
    expect((await fetch(url)).status).toBe(200);
    await setGrants(rig.store.db, rig.desk.deskId, rig.desk.accounts.dora.accountId, {});
    expect((await fetch(url)).status).toBe(404);
    expect((await open(dora, of)).status).toBe(404);
    expect((await fetch(await urlOf(ana, of))).status).toBe(200);
    await setGrants(rig.store.db, rig.desk.deskId, rig.desk.accounts.dora.accountId, {
      siteIds: [rig.desk.sites.lima],
    });
  });

  it('a revoked device reads nothing by an address that it was given before', async () => {
    const other = await rig.signIn('ana');
    const of = await arrived(ana, fileOf());
    const url = await urlOf(other, of);
    expect((await fetch(url)).status).toBe(200);
    await revokeDevice(rig.store.db, other.tokens.session.deviceId, Date.now());
    expect((await fetch(url)).status).toBe(404);
    expect((await open(ana, of)).status).toBe(200);
  });
});

describe('an address', () => {
  it('opens by GET and HEAD alone, from its own origin alone, and there is nothing else there', async () => {
    const of = await arrived(ana, fileOf());
    const url = await urlOf(ana, of);
    expect(new URL(url).origin).toBe(rig.first.originUrl);
    expect(new URL(url).origin).not.toBe(rig.first.url);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect([method, (await fetch(url, { method })).status]).toEqual([method, 404]);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10000', '']);
    for (const path of ['/', '/b/', '/healthz', '/sync/v1/poke', '/openapi.json', '/blobs/v1/open'])
      expect((await fetch(`${rig.first.originUrl}${path}`)).status).toBe(404);
    expect((await fetch(`${rig.first.url}${new URL(url).pathname}`)).status).toBe(404);
  });

  it('is over after five minutes', async () => {
    const url = await urlOf(ana, await arrived(ana, fileOf()));
    rig.store.clock.offset += blobLimits.addressMs - 2_000;
    expect((await fetch(url)).status).toBe(200);
    rig.store.clock.offset += 3_000;
    expect((await fetch(url)).status).toBe(404);
    rig.store.clock.offset = 0;
  });

  it('gives ranges, so that a broken download goes on', async () => {
    const file = fileOf(randomBytes(5_000_000));
    const url = await urlOf(ana, await arrived(ana, file));
    const range = async (range: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(url, { headers: { range, ...headers } });
      return {
        status: answer.status,
        at: answer.headers.get('content-range'),
        bytes: Buffer.from(await answer.arrayBuffer()),
      };
    };
    const rest = await range('bytes=4000000-');
    expect([rest.status, rest.at]).toEqual([206, 'bytes 4000000-4999999/5000000']);
    expect(rest.bytes.equals(file.bytes.subarray(4_000_000))).toBe(true);
    expect((await range('bytes=10-19')).bytes.equals(file.bytes.subarray(10, 20))).toBe(true);
    expect((await range('bytes=-7')).bytes.equals(file.bytes.subarray(-7))).toBe(true);
    expect((await range('bytes=5000000-')).status).toBe(416);
    expect((await range('bytes=0-9', { 'if-range': `"${file.sha256}"` })).status).toBe(206);
    expect((await range('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
    for (const odd of ['bytes=9-3', 'bytes=a-b', 'lines=0-1', 'bytes=0-1,3-4'])
      expect((await range(odd)).status).toBe(200);
  });

  it('40 guessed, shortened, respelt or changed in any part it is nothing, and guesses are told to wait', async () => {
    const url = await urlOf(ana, await arrived(ana, fileOf()));
    const { origin, pathname } = new URL(url);
    const token = pathname.slice('/b/'.length);
    expect(token).toMatch(/^[A-Za-z0-9_-]{136}$/);
    const flipped = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    const wrong = [
      flipped(3),
      flipped(30),
      flipped(60),
      flipped(90),
      flipped(100),
      flipped(134),
      token.slice(1),
      token.toLowerCase(),
      `${token}=`,
      `${token}A`,
      'A'.repeat(136),
      randomBytes(102).toString('base64url'),
    ];
    for (const guess of wrong) expect([guess, (await fetch(`${origin}/b/${guess}`)).status]).toEqual([guess, 404]);
    const answers = new Set<number>();
    for (let n = 0; n < 50; n++)
      answers.add((await fetch(`${origin}/b/${randomBytes(102).toString('base64url')}`)).status);
    expect([...answers]).toEqual([404, 429]);
    // Who guesses shuts nobody out.
    expect((await fetch(url)).status).toBe(200);
    rig.store.clock.offset += 6 * 60_000;
    expect((await fetch(`${origin}/b/${flipped(90)}`)).status).toBe(404);
    rig.store.clock.offset = 0;
  });
});
