import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOB_OFFER, BLOB_OPEN } from '../../../src/protocol/sync/blobs.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { settleArrivals } from '../../../src/store/blobs/arrivals.ts';
import { createDeskStore } from '../../../src/store/db/desk-store.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import { attachmentOf, type BlobRig, fileOf, newTicket, sendFile, startBlobRig, type TestFile } from './blob-rig.ts';

let rig: BlobRig;
let ana: DeviceClient;
beforeAll(async () => {
  rig = await startBlobRig();
  ana = await rig.signIn('ana');
});
afterAll(() => rig.close());

const callOf = (who: DeviceClient) => ({ token: who.tokens.accessToken, base: rig.first.url });
const offer = async (who: DeviceClient, ...files: { ticketId: string; attachmentId: string; file: TestFile }[]) => {
  const body = {
    files: files.map(({ file, ...of }) => ({ ...of, sha256: file.sha256, size: file.bytes.length })),
  };
  const answer = await who.send({ path: BLOB_OFFER, token: who.tokens.accessToken, body });
  return (JSON.parse(answer.text) as { files: { state: string }[] }).files.map(({ state }) => state);
};
const open = async (who: DeviceClient, ticketId: string, attachmentId: string) => {
  const answer = await who.send({
    path: BLOB_OPEN,
    token: who.tokens.accessToken,
    body: { ticketId, attachmentId },
  });
  return { status: answer.status, ...(JSON.parse(answer.text) as { url: string; error?: { code: string } }) };
};

describe('a file arrives', () => {
  it('after its act: one entry under the same command, by the author, at the time of the store', async () => {
    const file = fileOf();
    const attachment = attachmentOf(file);
    const ticketId = await newTicket(rig, ana);
    const command = ana.command('addAttachment', ticketId, attachment);
    await ana.push(command);
    const of = { ticketId, attachmentId: attachment.attachmentId };
    expect(await offer(ana, { ...of, file })).toEqual(['wanted']);
    expect((await open(ana, ticketId, attachment.attachmentId)).error?.code).toBe('notArrived');
    await sendFile(callOf(ana), file);
    const [entry] = await rig.arrived(ticketId);
    expect(entry).toMatchObject({
      id: `${command.id}-1`,
      commandId: command.id,
      actorId: rig.desk.accounts.ana.personId,
      seq: 3,
      event: { type: 'attachmentArrived', attachmentId: attachment.attachmentId },
    });
    expect(entry?.occurredAt).toBe(entry?.recordedAt);
    expect(await offer(ana, { ...of, file })).toEqual(['stored']);
    const opened = await open(ana, ticketId, attachment.attachmentId);
    const read = await fetch(opened.url);
    expect(Buffer.from(await read.arrayBuffer()).equals(file.bytes)).toBe(true);
    expect((await verifyDesk(rig.store.db, rig.desk.deskId, 'x')).faults).toEqual([]);
  });

  it('before its act: the push says so at once', async () => {
    const file = fileOf();
    const ticketId = await newTicket(rig, ana);
    await sendFile(callOf(ana), file);
    await ana.push(ana.command('addAttachment', ticketId, attachmentOf(file)));
    expect(await rig.arrived(ticketId)).toHaveLength(1);
  });

  it('37 exactly once, however many say it at the same moment', async () => {
    const file = fileOf();
    const ticketId = await newTicket(rig, ana);
    const [one, two] = [attachmentOf(file), attachmentOf(file)];
    await ana.push(ana.command('addAttachment', ticketId, one), ana.command('addAttachment', ticketId, two));
    // Whole and held, and nobody has told the ticket yet.
    const { db } = rig.store;
    const { deskId } = rig.desk;
    await db.pool.query('insert into blobs values ($1, $2, $3, $4, 1)', [
      deskId,
      file.sha256,
      file.bytes.length,
      randomBytes(20).toString('hex'),
    ]);
    await db.pool.query('insert into blob_holders values ($1, $2, $3, 1)', [
      deskId,
      file.sha256,
      rig.desk.accounts.ana.personId,
    ]);
    const deps = { db, desks: createDeskStore(db), now: Date.now };
    const said = await Promise.all(Array.from({ length: 20 }, () => settleArrivals(deps, { deskId })));
    expect(said.reduce((sum, n) => sum + n, 0)).toBe(2);
    expect(await rig.arrived(ticketId, 2)).toHaveLength(2);
    expect((await verifyDesk(db, deskId, 'x')).faults).toEqual([]);
  });

  it('a crash between the file and its entry is made up for by the next sweep', async () => {
    const file = fileOf();
    await sendFile(callOf(ana), file);
    const ticketId = await newTicket(rig, ana);
    // Another process took the push, and ended before it looked for files.
    await rig.store.send({
      path: '/sync/v1/push',
      token: ana.tokens.accessToken,
      body: { protocol: PROTOCOL_VERSION, commands: [ana.command('addAttachment', ticketId, attachmentOf(file))] },
    });
    expect((await rig.timeline(ticketId)).map((entry) => entry.event.type)).toEqual(['registered', 'attachmentAdded']);
    await rig.first.blobs.sweep();
    expect(await rig.arrived(ticketId)).toHaveLength(1);
    expect(rig.first.troubles).toEqual([]);
  });
});

describe('no proof by hash alone', () => {
  it('who only knows the hash of a file gets neither the file nor an arrival', async () => {
    const secret = fileOf();
    const theirs = await newTicket(rig, ana);
    await ana.push(ana.command('addAttachment', theirs, attachmentOf(secret)));
    await sendFile(callOf(ana), secret);
    await rig.arrived(theirs);

    const beto = await rig.signIn('beto');
    const claimed = attachmentOf(secret);
    const ticketId = await newTicket(rig, beto, {
      siteId: rig.desk.sites.cusco,
      teamId: rig.desk.teams.cuscoDesk,
    });
    await beto.push(beto.command('addAttachment', ticketId, claimed));
    expect(await offer(beto, { ticketId, attachmentId: claimed.attachmentId, file: secret })).toEqual(['wanted']);
    await rig.first.blobs.sweep();
    expect(await rig.timeline(ticketId)).toHaveLength(2);
    expect((await open(beto, ticketId, claimed.attachmentId)).error?.code).toBe('notArrived');
    // Who has it sends it, and the desk still keeps it once.
    await sendFile(callOf(beto), secret);
    expect(await rig.arrived(ticketId)).toHaveLength(1);
    const { rows } = await rig.store.db.pool.query('select 1 from blobs where sha256 = $1', [secret.sha256]);
    expect(rows).toHaveLength(1);
    expect((await open(beto, ticketId, claimed.attachmentId)).status).toBe(200);
  });

  it('a file of another size than its act said does not count for it', async () => {
    const file = fileOf();
    const ticketId = await newTicket(rig, ana);
    await ana.push(ana.command('addAttachment', ticketId, { ...attachmentOf(file), size: 1 }));
    await sendFile(callOf(ana), file);
    await rig.first.blobs.sweep();
    expect(await rig.timeline(ticketId)).toHaveLength(2);
  });

  it('an act that was refused is known to the collector, and opens nothing', async () => {
    const file = fileOf();
    const nowhere = v7();
    await sendFile(callOf(ana), file);
    const attachment = attachmentOf(file);
    const pushed = await ana.push(ana.command('addAttachment', nowhere, attachment));
    expect(pushed.results[0]?.outcome.verdict.kind).toBe('refused');
    const { rows } = await rig.store.db.pool.query<{ added: boolean }>(
      'select added from attachments where ticket_id = $1',
      [nowhere],
    );
    expect(rows).toEqual([{ added: false }]);
    expect((await open(ana, nowhere, attachment.attachmentId)).status).toBe(404);
  });
});

describe('35 an id that somebody else used before on the ticket', () => {
  /** Ana's act is there, its file is not: whoever sees the ticket knows the id. */
  async function announced() {
    const dora = await rig.signIn('dora');
    const [mine, theirs] = [fileOf(), fileOf()];
    const ticketId = await newTicket(rig, ana);
    const attachment = attachmentOf(mine);
    const { attachmentId } = attachment;
    const command = ana.command('addAttachment', ticketId, attachment);
    await ana.push(command);
    return { dora, mine, theirs, ticketId, attachmentId, attachment, command };
  }
  const contentOf = async (who: DeviceClient, ticketId: string, attachmentId: string) =>
    Buffer.from(await (await fetch((await open(who, ticketId, attachmentId)).url)).arrayBuffer());

  it('SY9 is refused with a code, and opens what its author sends', async () => {
    const { dora, mine, theirs, ticketId, attachmentId } = await announced();
    const { results } = await dora.push(
      dora.command('addAttachment', ticketId, attachmentOf(theirs, { attachmentId })),
      dora.command('addAttachment', ticketId, attachmentOf(mine, { attachmentId })),
    );
    const refused = { kind: 'refused', refusal: { code: 'attachmentExists', params: {} } };
    expect(results.map(({ outcome }) => outcome.verdict)).toEqual([refused, refused]);
    await sendFile(callOf(dora), theirs);
    expect((await open(dora, ticketId, attachmentId)).error?.code).toBe('notArrived');
    await sendFile(callOf(ana), mine);
    expect(await rig.arrived(ticketId)).toHaveLength(1);
    for (const who of [ana, dora]) expect((await contentOf(who, ticketId, attachmentId)).equals(mine.bytes)).toBe(true);
    expect((await verifyDesk(rig.store.db, rig.desk.deskId, 'x')).faults).toEqual([]);
  });

  it('SY9 is refused within one push too, and is free on another ticket', async () => {
    const [one, other] = [fileOf(), fileOf()];
    const [here, there] = [await newTicket(rig, ana), await newTicket(rig, ana)];
    const first = attachmentOf(one);
    const { results } = await ana.push(
      ana.command('addAttachment', here, first),
      ana.command('addAttachment', here, { ...attachmentOf(other), attachmentId: first.attachmentId }),
      ana.command('addAttachment', there, { ...attachmentOf(other), attachmentId: first.attachmentId }),
    );
    expect(results.map(({ outcome }) => outcome.verdict.kind)).toEqual(['applied', 'refused', 'applied']);
  });

  it('SY2 written again by its author it is there once, and its file arrives once', async () => {
    const { mine, ticketId, attachmentId, attachment } = await announced();
    const { results } = await ana.push(ana.command('addAttachment', ticketId, attachment));
    expect(results[0]?.outcome.verdict).toMatchObject({ kind: 'merged', notes: [{ code: 'alreadySo' }] });
    await sendFile(callOf(ana), mine);
    expect(await rig.arrived(ticketId)).toHaveLength(1);
    const types = (await rig.timeline(ticketId)).map(({ event }) => event.type);
    expect(types).toEqual(['registered', 'attachmentAdded', 'attachmentArrived']);
    expect((await contentOf(ana, ticketId, attachmentId)).equals(mine.bytes)).toBe(true);
    expect((await verifyDesk(rig.store.db, rig.desk.deskId, 'x')).faults).toEqual([]);
  });

  it('of two from before ids were used once, the first on the timeline is opened, whichever came first', async () => {
    const { dora, mine, theirs, ticketId, attachmentId, command } = await announced();
    const second = dora.command('addAttachment', ticketId, attachmentOf(theirs));
    await dora.push(second);
    await sendFile(callOf(dora), theirs);
    await rig.arrived(ticketId);
    const { pool } = rig.store.db;
    await pool.query('update attachments set attachment_id = $1 where command_id = $2', [attachmentId, second.id]);
    expect((await open(ana, ticketId, attachmentId)).error?.code).toBe('notArrived');
    await sendFile(callOf(ana), mine);
    expect((await rig.arrived(ticketId, 2)).map(({ commandId }) => commandId)).toContain(command.id);
    expect((await contentOf(dora, ticketId, attachmentId)).equals(mine.bytes)).toBe(true);
  });
});
