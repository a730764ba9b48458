import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attachment } from '../../../src/domain/attachments.ts';
import { BLOB_OPEN, blobOpenResponseSchema } from '../../../src/protocol/sync/blobs.ts';
import { createAccount, revokeDevice, setGrants } from '../../../src/store/admin/accounts.ts';
import { createPasswords } from '../../../src/store/auth/passwords.ts';
import { createDeviceClient, type DeviceClient } from '../../support/device-client.ts';
import { attachmentOf, type BlobRig, fileOf, newTicket, sendFile, startBlobRig, type TestFile } from './blob-rig.ts';

let rig: BlobRig;
let ana: DeviceClient;
let dora: DeviceClient;
beforeAll(async () => {
  rig = await startBlobRig();
  ana = await rig.signIn('ana');
  dora = await rig.signIn('dora');
});
afterAll(() => rig.close());

interface Parked {
  readonly ticketId: string;
  readonly attachmentId: string;
  readonly commandId: string;
  readonly file: TestFile;
  /** Its bytes, handed in by the device that wrote the act. */
  send(): Promise<void>;
}

/** A file that a device attached after it was revoked, on a ticket of Lima. */
async function parked(of: Partial<Attachment> = {}): Promise<Parked> {
  const ticketId = await newTicket(rig, ana);
  const lost = await rig.signIn('ana');
  const file = fileOf();
  const attachment = attachmentOf(file, of);
  await revokeDevice(rig.store.db, lost.tokens.session.deviceId, Date.now());
  const command = lost.command('addAttachment', ticketId, attachment);
  const { results } = await lost.push(command);
  expect(results[0]?.outcome.verdict.kind).toBe('parked');
  return {
    ticketId,
    attachmentId: attachment.attachmentId,
    commandId: command.id,
    file,
    send: async () => void (await sendFile({ token: lost.tokens.accessToken, base: rig.first.url }, file)),
  };
}
const open = (who: DeviceClient, { ticketId, attachmentId }: Pick<Parked, 'ticketId' | 'attachmentId'>) =>
  who.send({ path: BLOB_OPEN, token: who.tokens.accessToken, body: { ticketId, attachmentId } });
const urlOf = async (who: DeviceClient, of: Parked) =>
  blobOpenResponseSchema.parse(JSON.parse((await open(who, of)).text)).url;
const codeOf = ({ text }: { text: string }): unknown => JSON.parse(text).error?.code;

async function auditor(): Promise<DeviceClient> {
  const account = { user: `auditor-${rig.desk.deskId}`, password: 'correcto caballo grapa' };
  const made = await createAccount(
    { db: rig.store.db, passwords: createPasswords() },
    {
      ...account,
      ...{ deskId: rig.desk.deskId, id: v7(), personId: v7(), role: 'auditor', mustChangePassword: false },
      now: Date.now(),
    },
  );
  expect(made.ok).toBe(true);
  return createDeviceClient(rig.first.send, account);
}

describe('35 the file of a parked act', () => {
  it('is opened by who may settle that act on a ticket of their scope, and is not there for all others', async () => {
    const of = await parked();
    await of.send();
    const nowhere = { ticketId: v7(), attachmentId: v7() };
    const sees = { ana: true, dora: true, admin: true, program: true, beto: false, carla: false };
    for (const [name, may] of Object.entries(sees)) {
      const who = await rig.signIn(name as keyof typeof sees);
      const [missing, answer] = [await open(who, nowhere), await open(who, of)];
      expect([name, answer.status]).toEqual([name, may ? 200 : 404]);
      if (may) {
        const read = await fetch(blobOpenResponseSchema.parse(JSON.parse(answer.text)).url);
        expect(Buffer.from(await read.arrayBuffer()).equals(of.file.bytes)).toBe(true);
      } else expect([answer.status, answer.text]).toEqual([missing.status, missing.text]);
    }
    // Holds every ticket of the desk, and settles none.
    const reader = await auditor();
    expect((await open(reader, of)).text).toBe((await open(reader, nowhere)).text);
  });

  it('is said to be on its way to them until its author’s device has handed it in, and to nobody else', async () => {
    const of = await parked();
    expect(codeOf(await open(dora, of))).toBe('notArrived');
    expect(codeOf(await open(await rig.signIn('beto'), of))).toBe('notFound');
    // The same bytes of another person do not stand for it.
    const beto = await rig.signIn('beto');
    await sendFile({ token: beto.tokens.accessToken, base: rig.first.url }, of.file);
    expect(codeOf(await open(dora, of))).toBe('notArrived');
    await of.send();
    expect((await open(dora, of)).status).toBe(200);
  });

  it('SY7 is lost with the scope and with the settling, by an address that was made before too', async () => {
    const of = await parked();
    await of.send();
    const url = await urlOf(dora, of);
    expect((await fetch(url)).status).toBe(200);
    await setGrants(rig.store.db, rig.desk.deskId, rig.desk.accounts.dora.accountId, {});
    expect([(await fetch(url)).status, (await open(dora, of)).status]).toEqual([404, 404]);
    await setGrants(rig.store.db, rig.desk.deskId, rig.desk.accounts.dora.accountId, {
      siteIds: [rig.desk.sites.lima],
    });
    expect((await fetch(url)).status).toBe(200);
    const { results } = await dora.push(
      dora.command('settleParked', of.ticketId, { commandId: of.commandId, note: '' }),
    );
    expect(results[0]?.outcome.verdict.kind).toBe('applied');
    expect([(await fetch(url)).status, (await open(dora, of)).status]).toEqual([404, 404]);
  });

  it('takes no place on the timeline: a file of that id which stands there is the one that is opened', async () => {
    const standing = fileOf();
    const ticketId = await newTicket(rig, ana);
    const attachment = attachmentOf(standing);
    await ana.push(ana.command('addAttachment', ticketId, attachment));
    await sendFile({ token: ana.tokens.accessToken, base: rig.first.url }, standing);
    expect(await rig.arrived(ticketId)).toHaveLength(1);
    const lost = await rig.signIn('ana');
    const forged = fileOf();
    await revokeDevice(rig.store.db, lost.tokens.session.deviceId, Date.now());
    await lost.push(
      lost.command('addAttachment', ticketId, attachmentOf(forged, { attachmentId: attachment.attachmentId })),
    );
    await sendFile({ token: lost.tokens.accessToken, base: rig.first.url }, forged);
    const answer = blobOpenResponseSchema.parse(
      JSON.parse((await open(dora, { ticketId, attachmentId: attachment.attachmentId })).text),
    );
    expect(answer.sha256).toBe(standing.sha256);
  });
});
