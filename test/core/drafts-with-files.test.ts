import { describe, expect, it } from 'vitest';
import { attach, begin, deskWithTicket as desk, someBytes, stage } from '../support/console/attach.ts';
import { bugsOf, type ConsoleRig, required } from '../support/console/console-rig.ts';

const listed = async (rig: ConsoleRig) => (await rig.must('drafts.list', {})).drafts;
const draftOf = async (rig: ConsoleRig, key: string) =>
  required((await listed(rig)).find((draft) => draft.key === key));
const stagedOf = async (rig: ConsoleRig, draftKey: string) =>
  (await rig.must('attachments.staged', { draftKey })).files.map(({ attachmentId }) => attachmentId);
const idsOf = ({ files }: { readonly files: readonly { readonly attachmentId: string }[] }) =>
  files.map(({ attachmentId }) => attachmentId);

describe('files beside a text that is not sent yet', () => {
  it('SY1 are listed with it, or alone where there is no text, after a crash too', async () => {
    const { rig, ticketId } = await desk();
    const [one, two] = [someBytes(900), someBytes(700)];
    await rig.must('drafts.save', { key: 'visita', ticketId, content: { text: 'a medias' } });
    const withText = await stage(rig, ticketId, one, 'visita');
    const alone = await stage(rig, ticketId, two, 'nota');
    const halfway = await begin(rig, { ticketId: null, size: 5_000, draftKey: 'llamada', name: 'plano.pdf' });
    const next = await rig.crash();
    const file = ({ attachmentId, name, size }: typeof alone) => ({ attachmentId, name, size });
    const drafts = await listed(next);
    expect(drafts).toHaveLength(3);
    expect(await draftOf(next, 'visita')).toMatchObject({
      ticketId,
      content: { text: 'a medias' },
      files: [file(withText)],
    });
    expect(await draftOf(next, 'nota')).toMatchObject({ ticketId, content: null, version: 0, files: [file(alone)] });
    expect(await draftOf(next, 'llamada')).toMatchObject({ ticketId: null, version: 0, files: [file(halfway)] });
    // What only lies there is no text: nobody finds one to restore.
    expect(await next.must('drafts.get', { key: 'nota' })).toEqual({ draft: null });
    expect(bugsOf(next)).toEqual([]);
  });

  it('SY1 go only when their person discards them: not with an emptied text, and only those that were shown', async () => {
    const { rig, ticketId } = await desk();
    await rig.must('drafts.save', { key: 'k', ticketId, content: { text: 'a medias' } });
    const shown = await stage(rig, ticketId, someBytes(800), 'k');
    // The editor's own discard, of a text that was emptied: the files are still beside it.
    await rig.must('drafts.discard', { key: 'k' });
    expect(idsOf(await draftOf(rig, 'k'))).toEqual([shown.attachmentId]);
    const seen = await draftOf(rig, 'k');
    const later = await stage(rig, ticketId, someBytes(600), 'k');
    const other = await stage(rig, ticketId, someBytes(500), 'otro');
    await rig.must('drafts.discard', {
      key: 'k',
      seenVersion: seen.version,
      attachmentIds: [...idsOf(seen), other.attachmentId],
    });
    expect(await stagedOf(rig, 'k')).toEqual([later.attachmentId]);
    expect(await stagedOf(rig, 'otro')).toEqual([other.attachmentId]);
    expect([...rig.blobs().files.keys()].sort()).toEqual([required(later.sha256), required(other.sha256)].sort());
  });

  it('SY1 stay where another window wrote the text since', async () => {
    const { rig, ticketId } = await desk();
    await rig.must('drafts.save', { key: 'k', ticketId, content: { text: 'uno' } });
    const file = await stage(rig, ticketId, someBytes(800), 'k');
    const { version } = await draftOf(rig, 'k');
    await rig.must('drafts.save', { key: 'k', ticketId, content: { text: 'dos' } });
    const answer = await rig.must('drafts.discard', {
      key: 'k',
      seenVersion: version,
      attachmentIds: [file.attachmentId],
    });
    expect(answer).toMatchObject({ kept: { content: { text: 'dos' } } });
    expect(await stagedOf(rig, 'k')).toEqual([file.attachmentId]);
    expect(rig.blobs().files.has(required(file.sha256))).toBe(true);
  });

  it('SY1 whose bytes an act sends too keep them, and one half-read leaves no part behind', async () => {
    const { rig, ticketId } = await desk();
    const bytes = someBytes(800);
    await attach(rig, ticketId, await stage(rig, ticketId, bytes, 'sent'));
    const again = await stage(rig, ticketId, bytes, 'k');
    const halfway = await begin(rig, { ticketId, size: 5_000, draftKey: 'k' });
    await rig.must('attachments.append', {
      attachmentId: halfway.attachmentId,
      offset: 0,
      base64: Buffer.from(someBytes(99)).toString('base64'),
    });
    await rig.must('drafts.discard', { key: 'k', attachmentIds: [again.attachmentId, halfway.attachmentId] });
    expect(await listed(rig)).toEqual([]);
    expect(rig.blobs().files.has(required(again.sha256))).toBe(true);
    expect(rig.blobs().parts.size).toBe(0);
  });

  it('SY1 a discard that cannot be written takes nothing, text or file', async () => {
    const { rig, ticketId } = await desk();
    await rig.must('drafts.save', { key: 'k', ticketId, content: { text: 'uno' } });
    const file = await stage(rig, ticketId, someBytes(800), 'k');
    rig.faults.one = { what: 'draft', failure: { code: 'diskFull' } };
    const discard = { key: 'k', attachmentIds: [file.attachmentId] };
    expect(await rig.call('drafts.discard', discard)).toMatchObject({ ok: false, error: { code: 'diskFull' } });
    rig.faults.one = null;
    expect(await draftOf(rig, 'k')).toMatchObject({ content: { text: 'uno' }, files: [{ size: 800 }] });
    expect(rig.blobs().files.has(required(file.sha256))).toBe(true);
  });
});
