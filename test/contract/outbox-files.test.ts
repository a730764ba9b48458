import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OutboxPort } from '../../src/core/ports/outbox.ts';
import type { NewUpload, StagedRow } from '../../src/core/ports/outbox-files.ts';
import { sha256Hex } from '../../src/platform-node/hasher.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { outboxMigrations } from '../../src/platform-node/outbox-migrations/index.ts';
import { migrate } from '../../src/platform-node/sqlite/migrate.ts';
import { openDatabase } from '../../src/platform-node/sqlite/open-database.ts';
import { commandHashInput, type WireCommand } from '../../src/protocol/sync/command.ts';
import { freshDir, identity, noteAfter, uid } from '../platform-node/fixtures.ts';
import { createMemoryOutbox, emptyOutboxDisk } from '../support/console/memory-outbox.ts';

const open = (path: string) => {
  const opened = openOutboxFile(path, 0);
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
};
const adapters: Record<string, () => OutboxPort> = {
  memory: () => createMemoryOutbox(emptyOutboxDisk(), () => null),
  SQLite: () => createOutbox(open(join(freshDir(), 'outbox.db')).db),
};
const hash = (n: number) => n.toString(16).padStart(64, '0');
const staged = (n: number, over: Partial<StagedRow> = {}): StagedRow => ({
  attachmentId: uid('f', n),
  draftKey: 'd',
  ticketId: uid('a', 1),
  name: `foto ${n}.jpg`,
  mediaType: 'image/jpeg',
  size: 1_000 * n,
  sha256: null,
  thumbnail: null,
  addedAt: n,
  ...over,
});

/** An act that names file `n`, with its upload. */
function attach(outbox: OutboxPort, n: number): NewUpload {
  const { attachmentId, name, mediaType, size } = staged(n);
  const before = noteAfter(outbox.identity() ?? identity, 'x').commands[0]?.wire;
  if (before === undefined) throw new Error('no command');
  const payload = { attachmentId, name, mediaType, size, sha256: hash(n), visibility: 'internal', thumbnail: null };
  const wire: WireCommand = { ...before, type: 'addAttachment', payload };
  const linked = sha256Hex(commandHashInput(wire));
  const upload = { attachmentId, ticketId: wire.ticketId, commandId: wire.id, name, sha256: hash(n), size, addedAt: n };
  const written = outbox.append({
    commands: [{ wire, hash: linked, label: { code: '', subject: '' }, createdAt: 1 }],
    identity: { ...(outbox.identity() ?? identity), lastN: wire.n, lastHash: linked },
    request: null,
    clearDraft: null,
    uploads: [upload],
  });
  if (!written.ok) throw new Error(written.error.code);
  return upload;
}
function answer(outbox: OutboxPort, commandId: string, state: 'applied' | 'refused', epoch = uid('e', 1)): void {
  const verdict =
    state === 'applied'
      ? ({ kind: 'applied' } as const)
      : ({ kind: 'refused', refusal: { code: 'noteEmpty', params: {} } } as const);
  const outcome = { commandId, ticketId: uid('a', 1), verdict, ticketVersion: 2, number: null, recordedAt: 5 };
  outbox.recordOutcomes([{ commandId, state, outcome, settledAt: 1_000, ackEpoch: epoch, ackHead: 9 }], null);
}

for (const [name, create] of Object.entries(adapters)) {
  describe(`files in the outbox: ${name}`, () => {
    const started = () => {
      const outbox = create();
      outbox.setIdentity(identity);
      return outbox;
    };
    const due = (outbox: OutboxPort) => outbox.uploadsDue(10).map(({ attachmentId }) => attachmentId);

    test('C130 a staged file is kept as it was said, becomes whole, and can be taken out', () => {
      const outbox = started();
      const thumbnail = { mediaType: 'image/webp', width: 4, height: 3, base64: 'AAAA' } as const;
      outbox.stage(staged(2));
      outbox.stage(staged(1, { draftKey: 'other', ticketId: null }));
      expect(outbox.staged('d')).toEqual([staged(2)]);
      expect(outbox.staged(null)).toEqual([staged(1, { draftKey: 'other', ticketId: null }), staged(2)]);
      outbox.stagedWhole(uid('f', 2), hash(2), thumbnail);
      expect(outbox.stagedFile(uid('f', 2))).toEqual(staged(2, { sha256: hash(2), thumbnail }));
      expect([...outbox.namedFiles()]).toEqual([hash(2)]);
      outbox.unstage(uid('f', 2));
      expect(outbox.stagedFile(uid('f', 2))).toBeNull();
    });

    test('SY1: the act and the upload of its file are one write; the staged one is used up', () => {
      const outbox = started();
      outbox.stage(staged(1, { sha256: hash(1) }));
      const upload = attach(outbox, 1);
      expect(outbox.staged(null)).toEqual([]);
      const row = { ...upload, state: 'waiting', uploadUrl: null, epoch: null, settledAt: null };
      expect(outbox.upload(uid('f', 1))).toEqual(row);
      expect(outbox.uploadsOf(uid('a', 1))).toEqual([row]);
      expect(outbox.uploadCounts()).toEqual({ waiting: 1, bytes: 1_000, held: 0, refused: 0 });
      expect(() =>
        outbox.append({ ...noteAfter(identity, 'y'), uploads: [{ ...upload, attachmentId: uid('f', 9) }] }),
      ).toThrow();
      expect(outbox.upload(uid('f', 9))).toBeNull();
    });

    test('C132 only files of answered acts are due, smallest first; of refused and of owed ones they wait', () => {
      const outbox = started();
      const uploads = [3, 1, 2].map((n) => attach(outbox, n));
      expect(due(outbox)).toEqual([]);
      for (const { commandId } of uploads) answer(outbox, commandId, 'applied');
      expect(due(outbox)).toEqual([uid('f', 1), uid('f', 2), uid('f', 3)]);
      expect(outbox.uploadsDue(1)).toHaveLength(1);
      outbox.oweReplay(uid('e', 2));
      expect(due(outbox)).toEqual([]);
      for (const { commandId } of uploads.slice(1)) answer(outbox, commandId, 'applied', uid('e', 2));
      expect(due(outbox)).toEqual([uid('f', 1), uid('f', 2)]);
      const refused = attach(outbox, 4);
      answer(outbox, refused.commandId, 'refused');
      expect(due(outbox)).toHaveLength(2);
      expect(outbox.uploadCounts()).toEqual({ waiting: 3, bytes: 6_000, held: 0, refused: 1 });
      outbox.dismiss(refused.commandId, 2_000);
      expect(outbox.uploadCounts()).toMatchObject({ waiting: 3, refused: 0 });
      // A restored store has not refused it yet.
      outbox.oweReplay(uid('e', 3));
      expect(outbox.uploadCounts().waiting).toBe(4);
    });

    test('SY14: what was settled in another epoch waits again; done ones are forgotten after their time only', () => {
      const outbox = started();
      const [one, two] = [attach(outbox, 1), attach(outbox, 2)];
      for (const { commandId } of [one, two]) answer(outbox, commandId, 'applied');
      outbox.setUploadUrl(one.attachmentId, '/blobs/v1/uploads/x');
      expect(outbox.upload(one.attachmentId)?.uploadUrl).toBe('/blobs/v1/uploads/x');
      outbox.settleUpload(one.attachmentId, { state: 'done', epoch: uid('e', 1), at: 50 });
      outbox.settleUpload(two.attachmentId, { state: 'held', epoch: uid('e', 1), at: 50 });
      expect(outbox.upload(one.attachmentId)).toMatchObject({ state: 'done', uploadUrl: null, settledAt: 50 });
      expect(outbox.uploadCounts()).toEqual({ waiting: 0, bytes: 0, held: 1, refused: 0 });
      expect([...outbox.unconfirmedFiles()]).toEqual([hash(2)]);
      const revision = outbox.revision();
      outbox.reofferUploads(uid('e', 1));
      expect(outbox.revision()).toBe(revision);
      outbox.pruneUploads(50);
      expect(outbox.upload(one.attachmentId)).not.toBeNull();
      outbox.reofferUploads(uid('e', 2));
      expect(due(outbox)).toHaveLength(2);
      outbox.settleUpload(one.attachmentId, { state: 'done', epoch: uid('e', 2), at: 60 });
      outbox.pruneUploads(61);
      expect([outbox.upload(one.attachmentId), outbox.upload(two.attachmentId)?.state]).toEqual([null, 'waiting']);
    });

    test('C133 held uploads of one content wait again, begun anew; those of another, and done ones, stay', () => {
      const outbox = started();
      const rows = [1, 2, 3].map((n) => attach(outbox, n));
      for (const { commandId } of rows) answer(outbox, commandId, 'applied');
      for (const [n, state] of [
        [1, 'held'],
        [2, 'held'],
        [3, 'done'],
      ] as const)
        outbox.settleUpload(uid('f', n), { state, epoch: uid('e', 1), at: 50 });
      expect(outbox.heldUploads(hash(1)).map(({ attachmentId }) => attachmentId)).toEqual([uid('f', 1)]);
      expect(outbox.heldUploads(hash(3))).toEqual([]);
      outbox.resumeUploads(hash(1));
      expect(due(outbox)).toEqual([uid('f', 1)]);
      expect(outbox.upload(uid('f', 1))).toMatchObject({ uploadUrl: null, epoch: null, settledAt: null });
      const revision = outbox.revision();
      for (const n of [1, 3, 4]) outbox.resumeUploads(hash(n));
      expect(outbox.revision()).toBe(revision);
      expect([outbox.upload(uid('f', 2))?.state, outbox.upload(uid('f', 3))?.state]).toEqual(['held', 'done']);
    });

    test('C146 the file of a refused act goes with the act once that is forgotten; of an applied one it still waits', () => {
      const outbox = started();
      const [kept, shown, away] = [attach(outbox, 1), attach(outbox, 2), attach(outbox, 3)];
      answer(outbox, kept.commandId, 'applied');
      for (const { commandId } of [shown, away]) answer(outbox, commandId, 'refused');
      outbox.dismiss(away.commandId, 1_500);
      outbox.prune(1_500);
      expect(outbox.get(kept.commandId)).toBeNull();
      expect([kept, shown, away].map(({ attachmentId }) => outbox.upload(attachmentId) !== null)).toEqual([
        true,
        true,
        true,
      ]);
      outbox.prune(1_501);
      expect([outbox.get(shown.commandId) === null, outbox.get(away.commandId)]).toEqual([false, null]);
      expect(outbox.upload(away.attachmentId)).toBeNull();
      expect(outbox.namedFiles()).toEqual(new Set([hash(1), hash(2)]));
      expect(due(outbox)).toEqual([kept.attachmentId]);
    });

    test('C135 fetched files are listed by when they were last read', () => {
      const outbox = started();
      const row = (n: number, readAt: number) => ({ sha256: hash(n), ticketId: uid('a', n), size: n, readAt });
      outbox.putFetched(row(1, 10));
      outbox.putFetched(row(2, 5));
      outbox.putFetched(row(2, 20));
      outbox.putFetched(row(2, 7));
      expect(outbox.fetched()).toEqual([row(1, 10), row(2, 20)]);
      outbox.dropFetched(hash(1));
      expect(outbox.fetched()).toEqual([row(2, 20)]);
    });
  });
}

test('SY16 C122: a file of the version before opens with all that is in it, and takes files', () => {
  const path = join(freshDir(), 'outbox.db');
  const old = openDatabase(path, { synchronous: 'FULL', cacheKiB: 1_000, temporary: 'MEMORY', pageSize: 4096 });
  migrate(old, outboxMigrations.slice(0, 2));
  old.exec(`insert into drafts (key, content, updated_at, version) values ('d', '"texto"', 1, 1)`);
  old.close();
  const outbox = createOutbox(open(path).db);
  expect(outbox.draft('d')?.content).toBe('texto');
  outbox.setIdentity(identity);
  outbox.stage(staged(1));
  attach(outbox, 2);
  expect(outbox.staged('d')).toHaveLength(1);
  expect(outbox.uploadCounts().waiting).toBe(1);
});

test('SY1 threat 28: staged files and uploads are carried over from a damaged outbox; an upload whose row is lost comes back with its act', () => {
  const path = join(freshDir(), 'outbox.db');
  const first = open(path);
  const outbox = createOutbox(first.db);
  outbox.setIdentity(identity);
  outbox.stage(staged(5, { sha256: hash(5) }));
  for (const n of [1, 2, 3]) attach(outbox, n);
  first.db.prepare('delete from uploads where attachment_id = ?').run(uid('f', 2));
  first.db.pragma('wal_checkpoint(TRUNCATE)');
  first.db.close();
  // The header of a page of an index: everything that counts can be read, and the file is damaged all the same.
  const bytes = readFileSync(path);
  const page = 4096;
  for (let at = page; at < bytes.length; at += page) {
    if (bytes[at] !== 10) continue;
    bytes.fill(0xff, at, at + 8);
    break;
  }
  writeFileSync(path, bytes);
  const again = open(path);
  expect(again.salvaged).not.toBeNull();
  const next = createOutbox(again.db);
  expect(next.stagedFile(uid('f', 5))).toEqual(staged(5, { sha256: hash(5) }));
  expect(
    next
      .uploadsOf(uid('a', 1))
      .map(({ attachmentId, sha256, size, state }) => [attachmentId, sha256, size, state])
      .sort(),
  ).toEqual([1, 2, 3].map((n) => [uid('f', n), hash(n), 1_000 * n, 'waiting']));
  again.db.close();
});
