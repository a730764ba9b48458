import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OutboxPort, RecordedOutcome } from '../../src/core/ports/outbox.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { CHAIN_START } from '../../src/protocol/sync/command.ts';
import { freshDir, identity, noteAfter, uid, writeNote } from '../platform-node/fixtures.ts';
import { createMemoryOutbox, emptyOutboxDisk } from '../support/console/memory-outbox.ts';

const adapters: Record<string, () => OutboxPort> = {
  memory: () => createMemoryOutbox(emptyOutboxDisk(), () => null),
  SQLite() {
    const opened = openOutboxFile(join(freshDir(), 'outbox.db'), 0);
    if (!opened.ok) throw new Error(opened.error.code);
    return createOutbox(opened.value.db);
  },
};
const answered = (commandId: string, state: RecordedOutcome['state'], ackHead: number): RecordedOutcome => ({
  commandId,
  state,
  outcome: {
    commandId,
    ticketId: uid('a', 1),
    verdict:
      state === 'refused' ? { kind: 'refused', refusal: { code: 'noteEmpty', params: {} } } : { kind: 'applied' },
    ticketVersion: 2,
    number: null,
    recordedAt: 5,
  },
  settledAt: 1_000,
  ackEpoch: uid('e', 1),
  ackHead,
});

for (const [name, create] of Object.entries(adapters)) {
  describe(`outbox port: ${name}`, () => {
    const started = () => {
      const outbox = create();
      expect(outbox.identity()).toBeNull();
      outbox.setIdentity(identity);
      return outbox;
    };

    test('SY3 commands come back in the order of writing, whole, and raise the revision', () => {
      const outbox = started();
      const before = outbox.revision();
      const wires = ['uno', 'dos', 'tres'].map((text) => writeNote(outbox, text));
      const rows = outbox.unanswered(2);
      expect(rows.map((row) => row.kind === 'command' && row.wire)).toEqual(wires.slice(0, 2));
      expect(outbox.identity()?.lastN).toBe(3);
      expect(outbox.revision()).toBe(before + 3);
      expect(outbox.counts()).toEqual({ unanswered: 3, refused: 0 });
    });

    test('SY12 a command that does not continue the chain is a bug and writes nothing', () => {
      const outbox = started();
      writeNote(outbox, 'uno');
      expect(() => outbox.append(noteAfter({ ...identity, lastHash: CHAIN_START }, 'otra vez'))).toThrow();
      expect(outbox.counts().unanswered).toBe(1);
    });

    test('SY11 the first outcome stays; a second changes nothing, and a late state does not reopen it', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      outbox.setStates([id], 'sending');
      expect(outbox.get(id)?.state).toBe('sending');
      outbox.recordOutcomes([answered(id, 'refused', 7)]);
      outbox.recordOutcomes([answered(id, 'applied', 8)]);
      outbox.setStates([id], 'waiting');
      expect(outbox.get(id)).toMatchObject({ state: 'refused', ackHead: 7 });
      expect(outbox.counts()).toEqual({ unanswered: 0, refused: 1 });
      outbox.dismiss(id, 2_000);
      expect(outbox.counts().refused).toBe(0);
      expect(outbox.get(id)?.wire.payload).toMatchObject({ text: 'uno' });
    });

    test('SY5 live: unanswered ones, and answered ones whose effect the base may lack', () => {
      const outbox = started();
      const [a, b, c] = ['a', 'b', 'c'].map((text, at) => writeNote(outbox, text, uid('a', at === 2 ? 2 : 1)).id);
      outbox.recordOutcomes([answered(a!, 'applied', 10)]);
      const ids = (ticketId: string | null, base: Parameters<OutboxPort['live']>[1]) =>
        outbox.live(ticketId, base).map(({ wire }) => wire.id);
      expect(ids(null, null)).toEqual([b, c]);
      expect(ids(null, { epoch: uid('e', 1), cursor: 9 })).toEqual([a, b, c]);
      expect(ids(null, { epoch: uid('e', 1), cursor: 10 })).toEqual([b, c]);
      expect(ids(null, { epoch: uid('e', 2), cursor: 0 })).toEqual([b, c]);
      expect(ids(uid('a', 2), { epoch: uid('e', 1), cursor: 0 })).toEqual([c]);
    });

    test('SY12 relinking keeps ids and content under a new incarnation', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      const fresh = { ...identity, incarnation: uid('1c', 2) };
      const moved = noteAfter(fresh, 'uno').commands[0]!;
      outbox.relink(noteAfter(fresh, 'uno').identity, [{ wire: moved.wire, hash: moved.hash }], []);
      expect(outbox.get(id)?.wire).toMatchObject({ id, n: 1, incarnation: uid('1c', 2), payload: { text: 'uno' } });
      expect(outbox.identity()).toMatchObject({ incarnation: uid('1c', 2), lastN: 1 });
      writeNote(outbox, 'dos');
      expect(outbox.unanswered(10)).toHaveLength(2);
    });

    test('SY14 pruning takes settled ones past their time, never an unanswered or a refused one', () => {
      const outbox = started();
      const [a, b, c] = ['a', 'b', 'c'].map((text) => writeNote(outbox, text).id);
      outbox.recordOutcomes([answered(a!, 'applied', 1), answered(b!, 'refused', 1)]);
      outbox.prune(1_000);
      expect(outbox.get(a!)).not.toBeNull();
      outbox.prune(1_001);
      expect([a, b, c].map((id) => outbox.get(id!) === null)).toEqual([true, false, false]);
    });

    test('a request gets its first answer again; its draft went with it', () => {
      const outbox = started();
      outbox.saveDraft({ key: 'note', ticketId: null, content: { text: 'ñ' }, updatedAt: 1 });
      const input = noteAfter(identity, 'uno');
      const request = { id: uid('f', 1), answer: { ok: true }, at: 1 };
      outbox.append({ ...input, request, clearDraft: 'note' });
      expect(outbox.answerTo(uid('f', 1))).toEqual({ ok: true });
      expect(outbox.answerTo(uid('f', 2))).toBeNull();
      expect(outbox.draft('note')).toBeNull();
    });

    test('drafts, seen marks and settings', () => {
      const outbox = started();
      outbox.saveDraft({ key: 'k', ticketId: uid('a', 1), content: ['x'], updatedAt: 1 });
      outbox.saveDraft({ key: 'k', ticketId: uid('a', 1), content: ['y'], updatedAt: 2 });
      expect(outbox.drafts()).toEqual([{ key: 'k', ticketId: uid('a', 1), content: ['y'], updatedAt: 2 }]);
      outbox.discardDraft('k');
      expect(outbox.drafts()).toEqual([]);
      outbox.markSeen(uid('a', 1), 5);
      outbox.markSeen(uid('a', 1), 3);
      expect([outbox.seenVersion(uid('a', 1)), outbox.seenVersion(uid('a', 2))]).toEqual([5, null]);
      expect(outbox.seenBaseline()).toBeNull();
      outbox.setSeenBaseline(9);
      expect(outbox.seenBaseline()).toBe(9);
      outbox.setSetting('a', { b: [1, null, 'ñ'] });
      expect(outbox.setting('a')).toEqual({ b: [1, null, 'ñ'] });
      outbox.setSetting('a', null);
      expect(outbox.setting('a')).toBeNull();
    });
  });
}
