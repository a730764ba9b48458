import { describe, expect, it } from 'vitest';
import { attach, deskWithTicket as desk, isStored, someBytes, stage } from '../support/console/attach.ts';
import { bugsOf, type ConsoleRig, required } from '../support/console/console-rig.ts';

describe('C144 what the panel tells of files that follow answered acts', () => {
  const shown = async (rig: ConsoleRig) => (await rig.must('attachments.onTheirWay', {})).files;

  it('name, ticket and progress of each, and nothing once the store has it', async () => {
    const { scene, rig, ticketId } = await desk();
    const file = await stage(rig, ticketId, someBytes(3_000_000));
    await attach(rig, ticketId, file);
    // Its act is not answered yet: the panel shows that one.
    expect(await shown(rig)).toEqual([]);
    const seen: unknown[] = [];
    rig.link.blobs.onPiece = () => void seen.push(shown(rig));
    await scene.time.advance(60_000);
    const rows = await Promise.all(seen);
    const ticket = scene.store.tickets.get(ticketId);
    expect(rows[0]).toMatchObject([
      {
        ...{ attachmentId: file.attachmentId, ticketId, name: file.name, size: 3_000_000, sent: 0, failures: 0 },
        ...{ state: 'sending', ticketCode: ticket?.number, ticketSubject: ticket?.subject },
      },
    ]);
    expect(rows.at(-1)).toMatchObject([{ state: 'sending' }]);
    expect(rows.flatMap((row) => (row as { sent: number }[]).map(({ sent }) => sent)).at(-1)).toBeGreaterThan(0);
    expect(await shown(rig)).toEqual([]);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('attempts that brought nothing are counted until one gets further, over contacts too', async () => {
    const { scene, rig, ticketId } = await desk();
    const file = await stage(rig, ticketId, someBytes(900_000));
    rig.link.next.upload = [
      { kind: 'retryAfter', ms: 30_000, attempts: false },
      { kind: 'retryAfter', ms: 30_000, attempts: false },
    ];
    await attach(rig, ticketId, file);
    await scene.time.advance(10_000);
    expect(await shown(rig)).toMatchObject([{ name: file.name, state: 'waiting', failures: 1 }]);
    await scene.time.advance(35_000);
    expect(await shown(rig)).toMatchObject([{ state: 'waiting', failures: 2 }]);
    await scene.time.advance(120_000);
    expect(await shown(rig)).toEqual([]);
    expect(isStored(scene, required(rig.blobs().files.get(required(file.sha256))).bytes)).toBe(true);
  });

  it('of a ticket that left the scope, as its act told it', async () => {
    const { scene, rig, ticketId } = await desk();
    rig.link.next.offer = Array(40).fill({ kind: 'retryAfter', ms: 30_000, attempts: false });
    await attach(rig, ticketId, await stage(rig, ticketId, someBytes(1_000)));
    await scene.time.advance(5_000);
    const label = required(rig.commands().at(-1)).label;
    const written = rig.cache().transaction((tx) => tx.removeTicket(ticketId));
    expect([written.ok, rig.cache().shown(ticketId)]).toEqual([true, null]);
    expect(await shown(rig)).toMatchObject([{ ticketId, ticketCode: label.code, ticketSubject: label.subject }]);
  });
});

describe('C145 a desk that has no room for files', () => {
  it('is told of at the file that waits, and before a further one is read, until there is room', async () => {
    const { scene, rig, ticketId } = await desk();
    const file = await stage(rig, ticketId, someBytes(40_000));
    rig.link.next.upload = Array(3).fill({ kind: 'retryAfter', ms: 300_000, attempts: false, why: 'deskFull' });
    await attach(rig, ticketId, file);
    await scene.time.advance(10_000);
    const shown = async () => (await rig.must('attachments.onTheirWay', {})).files;
    expect(await shown()).toMatchObject([{ name: file.name, state: 'waiting', deskFull: true }]);
    const more = { draftKey: 'k', ticketId, name: 'b.png', mediaType: 'image/png', size: 10 };
    expect(await rig.must('attachments.begin', more)).toEqual({
      ok: false,
      refusal: { code: 'attachmentDeskFull', params: {} },
    });
    expect((await rig.must('attachments.staged', { draftKey: 'k' })).files).toEqual([]);
    // Texts go on, and what waits is tried again.
    await scene.time.advance(1_000_000);
    expect(await shown()).toEqual([]);
    expect(isStored(scene, required(rig.blobs().files.get(required(file.sha256))).bytes)).toBe(true);
    expect(await rig.must('attachments.begin', more)).toMatchObject({ ok: true });
    expect(bugsOf(rig)).toEqual([]);
  });
});
