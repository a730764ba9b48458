import { describe, expect, it } from 'vitest';
import type { Attachment } from '../../src/domain/attachments.ts';
import { PIECE_BYTES } from '../../src/protocol/console/attachment-methods.ts';
import { goOffline, input, requestId } from '../support/console/acts.ts';
import {
  appendAll,
  attach,
  base64,
  begin,
  deskWithTicket as desk,
  isStored,
  named,
  someBytes,
  stage,
  statesOf,
  uploads,
} from '../support/console/attach.ts';
import { bugsOf } from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';
import { uuid } from '../support/world.ts';

describe('a file that is added to a text', () => {
  it('C130 what the desk does not allow, and what the disk has no room for, is refused before a byte is read', async () => {
    const { rig, ticketId } = await desk();
    const of = { draftKey: 'd', ticketId, mediaType: 'image/png' };
    const refusal = async (name: string, size: number) => {
      const answer = await rig.must('attachments.begin', { ...of, name, size });
      return answer.ok ? null : answer.refusal.code;
    };
    expect(await refusal('virus.exe', 10)).toBe('attachmentType');
    expect(await refusal('nada.png', 0)).toBe('attachmentEmpty');
    expect(await refusal('grande.png', 250_000_001)).toBe('attachmentTooLarge');
    rig.blobs().room = 1_000;
    expect(await rig.call('attachments.begin', { ...of, name: 'a.png', size: 1_001 })).toMatchObject({
      ok: false,
      error: { code: 'diskFull' },
    });
    expect(await rig.must('attachments.staged', { draftKey: 'd' })).toEqual({ files: [] });
    expect(rig.blobs().parts.size).toBe(0);
  });

  it('C130 what waits in drafts of the ticket counts against its room', async () => {
    const { rig, ticketId } = await desk();
    for (let n = 0; n < 4; n += 1) await begin(rig, { ticketId, size: 240_000_000 });
    const fifth = { draftKey: 'another', ticketId, name: 'a.png', mediaType: '', size: 100_000_000 };
    expect(await rig.must('attachments.begin', fifth)).toMatchObject({
      ok: false,
      refusal: { code: 'attachmentQuota' },
    });
  });

  it('SY1: goes on from what is on the disk after the process was killed in the middle of it', async () => {
    const { rig, ticketId } = await desk();
    const bytes = someBytes(PIECE_BYTES * 2 + 100);
    const file = await begin(rig, { ticketId, size: bytes.length });
    const { attachmentId } = file;
    await rig.must('attachments.append', { attachmentId, offset: 0, base64: base64(bytes.slice(0, PIECE_BYTES)) });
    const next = await rig.crash();
    const { files } = await next.must('attachments.staged', { draftKey: file.draftKey });
    expect(files).toMatchObject([{ attachmentId, received: PIECE_BYTES, sha256: null }]);
    // A piece that is not the next one takes nothing.
    expect(
      await next.must('attachments.append', { attachmentId, offset: 0, base64: base64(bytes.slice(0, 9)) }),
    ).toEqual({ received: PIECE_BYTES });
    expect(await next.must('attachments.finish', { attachmentId, thumbnail: null })).toMatchObject({
      ok: false,
      refusal: { code: 'attachmentMissing' },
    });
    await appendAll(next, file, bytes, PIECE_BYTES);
    const done = await next.must('attachments.finish', { attachmentId, thumbnail: null });
    expect(done).toMatchObject({ ok: true, file: { sha256: sha256Of(bytes), received: bytes.length } });
    expect(bugsOf(next)).toEqual([]);
  });

  it('SY1: a process that dies in any write of finishing loses nothing that it had taken', async () => {
    for (const dieAt of [0, 1]) {
      const { scene, rig, ticketId } = await desk();
      const bytes = someBytes(1_000);
      const file = await begin(rig, { ticketId, size: bytes.length });
      await appendAll(rig, file, bytes);
      rig.faults.dieAt = dieAt;
      await rig.call('attachments.finish', { attachmentId: file.attachmentId, thumbnail: null });
      expect(rig.faults.died).toBe(true);
      const next = await rig.crash();
      await scene.time.advance(1_000);
      const done = await next.must('attachments.finish', { attachmentId: file.attachmentId, thumbnail: null });
      expect(done).toMatchObject({ ok: true, file: { sha256: sha256Of(bytes) } });
      await attach(next, ticketId, done.ok ? done.file : file);
      await scene.time.advance(60_000);
      expect(isStored(scene, bytes)).toBe(true);
    }
  });

  it('C2 C3: a full disk answers the piece, and the rest goes on where it was once there is room', async () => {
    const { rig, ticketId } = await desk();
    const bytes = someBytes(PIECE_BYTES + 10);
    const file = await begin(rig, { ticketId, size: bytes.length });
    const { attachmentId } = file;
    await rig.must('attachments.append', { attachmentId, offset: 0, base64: base64(bytes.slice(0, PIECE_BYTES)) });
    rig.faults.storage = { code: 'diskFull' };
    const rest = { attachmentId, offset: PIECE_BYTES, base64: base64(bytes.slice(PIECE_BYTES)) };
    expect(await rig.call('attachments.append', rest)).toMatchObject({ ok: false, error: { code: 'diskFull' } });
    rig.faults.storage = null;
    expect(await rig.must('attachments.append', rest)).toEqual({ received: bytes.length });
  });

  it('taken out is gone from the disk, but for what another text names too', async () => {
    const { rig, ticketId } = await desk();
    const bytes = someBytes(500);
    const [one, other] = [await stage(rig, ticketId, bytes, 'a'), await stage(rig, ticketId, bytes, 'b')];
    await rig.must('attachments.discard', { attachmentId: one.attachmentId });
    expect(rig.blobs().files.size).toBe(1);
    await rig.must('attachments.discard', { attachmentId: other.attachmentId });
    expect(rig.blobs().files.size).toBe(0);
  });

  it('C131 what nobody names any more is collected at a start; a part of no draft after a week', async () => {
    const { scene, rig, ticketId } = await desk();
    const kept = await stage(rig, ticketId, someBytes(100));
    const stray = someBytes(50);
    rig.blobs().files.set(sha256Of(stray), { bytes: stray, changedAt: scene.time.now() });
    rig.blobs().parts.set(uuid(77), { bytes: stray, changedAt: scene.time.now() });
    const half = await begin(rig, { ticketId, size: 50 });
    await rig.must('attachments.append', {
      attachmentId: half.attachmentId,
      offset: 0,
      base64: base64(stray.slice(0, 9)),
    });
    const next = await rig.crash();
    await scene.time.advance(1_000);
    expect([...next.blobs().files.keys()]).toEqual([kept.sha256]);
    expect(next.blobs().parts.has(uuid(77))).toBe(true);
    await scene.time.advance(8 * 86_400_000);
    const later = await next.crash();
    await scene.time.advance(1_000);
    expect([...later.blobs().parts.keys()]).toEqual([half.attachmentId]);
  });
});

describe('an act that names a file', () => {
  it('SY1: is refused where this console does not hold that very file whole, and writes nothing', async () => {
    const { rig, ticketId } = await desk();
    const file = await stage(rig, ticketId, someBytes(100));
    const before = rig.commands().length;
    const wrong: Attachment[] = [
      { ...named(file), sha256: sha256Of(someBytes(3)) },
      { ...named(file), size: 99 },
      { ...named(file), attachmentId: uuid(123) },
    ];
    for (const payload of wrong) {
      const acts = [{ ticketId, type: 'addAttachment' as const, payload }];
      const { results } = await rig.must('acts.submit', {
        requestId: requestId(),
        atomic: true,
        acts,
        clearDraft: null,
      });
      expect(results).toMatchObject([{ ok: false, refusal: { code: 'attachmentMissing' } }]);
    }
    rig.blobs().files.clear();
    await expect(attach(rig, ticketId, file)).rejects.toThrow('attachmentMissing');
    expect(rig.commands().length).toBe(before);
  });

  it('C2: one write makes the act and its upload of a staged file; it is listed as staged no more', async () => {
    const { rig, scene, ticketId } = await desk();
    const file = await stage(rig, ticketId, someBytes(100));
    await goOffline(scene, rig);
    rig.faults.storage = { code: 'diskFull' };
    const acts = [{ ticketId, type: 'addAttachment' as const, payload: named(file) }];
    const request = { requestId: requestId(), atomic: true, acts, clearDraft: null };
    expect(await rig.call('acts.submit', request)).toMatchObject({ ok: false, error: { code: 'diskFull' } });
    expect((await rig.must('attachments.staged', { draftKey: file.draftKey })).files).toHaveLength(1);
    rig.faults.storage = null;
    const first = await rig.must('acts.submit', request);
    expect(await rig.must('acts.submit', request)).toEqual(first);
    expect(await rig.must('attachments.staged', { draftKey: file.draftKey })).toEqual({ files: [] });
    expect(await uploads(rig)).toEqual({ waiting: 1, bytes: 100 });
    expect(await statesOf(rig, ticketId)).toEqual([
      { attachmentId: file.attachmentId, here: true, upload: { state: 'waiting', sent: 0 }, download: null },
    ]);
    // Nothing takes it away any more.
    await rig.must('attachments.discard', { attachmentId: file.attachmentId });
    expect((await statesOf(rig, ticketId))[0]?.here).toBe(true);
  });

  it('a new ticket takes its files along, in one act', async () => {
    const { rig, scene } = await desk();
    const bytes = someBytes(300);
    const file = await stage(rig, null, bytes, 'new');
    const done = await rig.must('acts.register', {
      requestId: requestId(),
      input,
      claim: true,
      resolveWith: null,
      attachments: [named(file)],
      clearDraft: null,
    });
    expect(done.ok).toBe(true);
    await scene.time.advance(60_000);
    expect(isStored(scene, bytes)).toBe(true);
    const ticket = scene.store.tickets.get(done.ok ? done.ticketId : '');
    expect(ticket?.attachments).toMatchObject({ count: 1, bytes: 300 });
    expect(bugsOf(rig)).toEqual([]);
  });
});
