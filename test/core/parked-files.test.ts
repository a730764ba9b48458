import { describe, expect, it } from 'vitest';
import { type Attachment, parkedFile } from '../../src/domain/attachments.ts';
import { deskWithTicket as desk, someBytes, statesOf } from '../support/console/attach.ts';
import { bugsOf, required, type Scene } from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';
import { actors, ids, uuid } from '../support/world.ts';

/** A colleague attached it from a device that was revoked before. */
function parkedByBeto(scene: Scene, ticketId: string, bytes: Uint8Array): Attachment {
  const file: Attachment = {
    ...{ attachmentId: uuid(91_000), name: 'sala.jpg', mediaType: 'image/jpeg', size: bytes.length },
    ...{ sha256: sha256Of(bytes), visibility: 'internal', thumbnail: null },
  };
  scene.store.act({ ...actors.beto, revoked: true }, ticketId, 'addAttachment', file);
  scene.store.blobs.stored.set(file.sha256, bytes);
  scene.store.blobs.open.set(file.attachmentId, { sha256: file.sha256, size: file.size });
  return file;
}

describe('35 the file of a parked act', () => {
  it('is fetched and read by who may settle it, until it is settled', async () => {
    const { scene, rig, ticketId } = await desk();
    const bytes = someBytes(5_000);
    const { attachmentId } = parkedByBeto(scene, ticketId, bytes);
    await scene.time.advance(2_000);
    const [claim] = required(rig.cache().shown(ticketId)).parked;
    expect(parkedFile(required(claim))).toMatchObject({ attachmentId, name: 'sala.jpg' });
    const of = { ticketId, attachmentId };
    await rig.must('attachments.fetch', of);
    await scene.time.advance(2_000);
    expect(await statesOf(rig, ticketId)).toMatchObject([{ attachmentId, here: true }]);
    const read = await rig.must('attachments.read', { ...of, offset: 0 });
    expect(Buffer.from(read.base64, 'base64').equals(Buffer.from(bytes))).toBe(true);
    scene.store.act(actors.sofia, ticketId, 'settleParked', { commandId: required(claim).commandId, note: '' });
    await scene.time.advance(2_000);
    expect(await rig.call('attachments.read', { ...of, offset: 0 })).toMatchObject({ error: { code: 'notFound' } });
    expect(await rig.call('attachments.fetch', of)).toMatchObject({ ok: false, error: { code: 'notFound' } });
    expect(await statesOf(rig, ticketId)).toEqual([]);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('is not there for who holds the ticket and may not settle: another team has it by now', async () => {
    const { scene, rig, ticketId } = await desk();
    const { attachmentId } = parkedByBeto(scene, ticketId, someBytes(5_000));
    const escalated = {
      toTeamId: ids.team2,
      toPersonId: null,
      sheet: { tried: 'x', found: 'y', pending: '', device: '' },
    };
    scene.store.act(actors.ana, ticketId, 'escalate', escalated);
    await scene.time.advance(2_000);
    const held = required(rig.cache().shown(ticketId));
    expect([held.parked.length, held.teamId]).toEqual([1, ids.team2]);
    const before = scene.store.blobs.calls.length;
    expect(await rig.call('attachments.fetch', { ticketId, attachmentId })).toMatchObject({
      ok: false,
      error: { code: 'notFound' },
    });
    // The store was not even asked.
    expect(scene.store.blobs.calls).toHaveLength(before);
  });

  it('of a content that nobody can read there is none', () => {
    const conflict = { field: 'addAttachment', theirs: null, theirsBy: null, theirsAt: null };
    for (const mine of ['', '{', 'null', '{"attachmentId":7}', 5, null])
      expect(parkedFile({ type: 'addAttachment', conflicts: [{ ...conflict, mine }] })).toBeNull();
    expect(parkedFile({ type: 'addNote', conflicts: [{ ...conflict, mine: '{}' }] })).toBeNull();
  });
});
