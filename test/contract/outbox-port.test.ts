import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OutboxPort, OutboxRow, RecordedOutcome } from '../../src/core/ports/outbox.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { CHAIN_START } from '../../src/protocol/sync/command.ts';
import type { LogMark } from '../../src/protocol/sync/messages.ts';
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
const answered = (
  commandId: string,
  state: RecordedOutcome['state'],
  ackHead: number,
  epoch = uid('e', 1),
): RecordedOutcome => ({
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
  ackEpoch: epoch,
  ackHead,
});
const mark = (epoch: string, seq: number): LogMark => ({ epoch, seq, hash: 'a'.repeat(64), seal: 'b'.repeat(64) });
const [before, after, later] = [uid('e', 1), uid('e', 2), uid('e', 3)];
const idsOf = (rows: readonly OutboxRow[]) => rows.map((row) => (row.kind === 'command' ? row.wire.id : row.commandId));

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
      expect(outbox.counts()).toEqual({ unanswered: 3, owed: 0, refused: 0, parked: 0, setAside: 0 });
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
      outbox.recordOutcomes([answered(id, 'refused', 7)], null);
      outbox.recordOutcomes([answered(id, 'applied', 8)], null);
      outbox.setStates([id], 'waiting');
      expect(outbox.get(id)).toMatchObject({ state: 'refused', ackHead: 7 });
      expect(outbox.counts()).toEqual({ unanswered: 0, owed: 0, refused: 1, parked: 0, setAside: 0 });
      outbox.dismiss(id, 2_000);
      expect(outbox.counts().refused).toBe(0);
      expect(outbox.get(id)?.wire.payload).toMatchObject({ text: 'uno' });
    });

    test('SY9 parked ones are listed until they are dismissed', () => {
      const outbox = started();
      const [a, b, c] = ['a', 'b', 'c'].map((text) => writeNote(outbox, text).id);
      outbox.recordOutcomes([answered(a!, 'parked', 7), answered(b!, 'refused', 7), answered(c!, 'parked', 7)], null);
      expect(outbox.parked().map(({ wire }) => wire.id)).toEqual([a, c]);
      outbox.dismiss(a!, 2_000);
      expect(outbox.parked().map(({ wire }) => wire.id)).toEqual([c]);
    });

    test('SY5 live: unanswered ones, and answered ones whose effect the base may lack', () => {
      const outbox = started();
      const [a, b, c] = ['a', 'b', 'c'].map((text, at) => writeNote(outbox, text, uid('a', at === 2 ? 2 : 1)).id);
      outbox.recordOutcomes([answered(a!, 'applied', 10)], null);
      const ids = (ticketId: string | null, base: Parameters<OutboxPort['live']>[1]) =>
        outbox.live(ticketId, base).map(({ wire }) => wire.id);
      expect(ids(null, null)).toEqual([b, c]);
      expect(ids(null, { epoch: uid('e', 1), cursor: 9 })).toEqual([a, b, c]);
      expect(ids(null, { epoch: uid('e', 1), cursor: 10 })).toEqual([b, c]);
      expect(ids(null, { epoch: uid('e', 2), cursor: 0 })).toEqual([b, c]);
      expect(ids(uid('a', 2), { epoch: uid('e', 1), cursor: 0 })).toEqual([c]);
      const earlier = (commandId: string, cursor: number) =>
        outbox.liveBefore(uid('a', 1), { epoch: uid('e', 1), cursor }, commandId).map(({ wire }) => wire.id);
      expect([earlier(c!, 9), earlier(c!, 10), earlier(b!, 9), earlier(b!, 10)]).toEqual([[a, b], [b], [a], []]);
      outbox.recordOutcomes([answered(b!, 'applied', 12)], null);
      expect(outbox.liveTickets(null)).toEqual([uid('a', 2)]);
      expect([...outbox.liveTickets({ epoch: uid('e', 1), cursor: 9 })].sort()).toEqual([uid('a', 1), uid('a', 2)]);
      expect(outbox.liveTickets({ epoch: uid('e', 1), cursor: 12 })).toEqual([uid('a', 2)]);
      const settled = (after: number, upTo: number, epoch = uid('e', 1)) => outbox.settledTickets(epoch, after, upTo);
      expect([settled(9, 10), settled(10, 11), settled(10, 12)]).toEqual([[uid('a', 1)], [], [uid('a', 1)]]);
      expect([settled(0, 99), settled(0, 99, uid('e', 2))]).toEqual([[uid('a', 1)], []]);
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
      outbox.recordOutcomes([answered(a!, 'applied', 1), answered(b!, 'refused', 1)], null);
      outbox.prune(1_000);
      expect(outbox.get(a!)).not.toBeNull();
      outbox.prune(1_001);
      expect([a, b, c].map((id) => outbox.get(id!) === null)).toEqual([true, false, false]);
    });

    test('SY14 what a store of another epoch answered is owed to this one, oldest first, until it answers too', () => {
      const outbox = started();
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((text) => writeNote(outbox, text).id);
      outbox.recordOutcomes([answered(a!, 'applied', 1), answered(b!, 'refused', 2), answered(c!, 'parked', 3)], null);
      expect(outbox.oweReplay(before)).toEqual({ ok: true, value: { owed: 0 } });
      expect(idsOf(outbox.toSend(10))).toEqual([d]);
      expect(outbox.oweReplay(after)).toEqual({ ok: true, value: { owed: 3 } });
      expect(outbox.oweReplay(after)).toEqual({ ok: true, value: { owed: 3 } });
      expect(idsOf(outbox.toSend(10))).toEqual([a, b, c, d]);
      expect(idsOf(outbox.toSend(2))).toEqual([a, b]);
      expect(idsOf(outbox.unanswered(10))).toEqual([d]);
      expect(outbox.counts()).toEqual({ unanswered: 1, owed: 3, refused: 1, parked: 1, setAside: 0 });
      expect(outbox.get(a!)).toMatchObject({
        state: 'applied',
        ackEpoch: before,
        replayFor: after,
        formerOutcome: null,
      });

      // A late answer of the epoch before is no answer to the replay.
      outbox.recordOutcomes([answered(a!, 'refused', 9)], null);
      expect(outbox.get(a!)).toMatchObject({ state: 'applied', replayFor: after });
      outbox.recordOutcomes([answered(a!, 'applied', 4, after), answered(c!, 'applied', 5, after)], null);
      expect(outbox.get(a!)).toMatchObject({ state: 'applied', ackEpoch: after, ackHead: 4, replayFor: null });
      expect(outbox.get(c!)).toMatchObject({ state: 'applied', formerOutcome: { commandId: c } });
      expect(idsOf(outbox.toSend(10))).toEqual([b, d]);
      expect(outbox.replays(after)).toEqual({ owed: 1, replayed: 2, changed: 0, renumbered: 0 });
      expect(outbox.replays(before)).toEqual({ owed: 0, replayed: 0, changed: 0, renumbered: 0 });
      expect(outbox.oweReplay(after)).toEqual({ ok: true, value: { owed: 1 } });
    });

    test('SY14 a second restore before the first replay was answered: the first answer stays the former one', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      outbox.recordOutcomes([answered(id, 'parked', 1)], null);
      outbox.oweReplay(after);
      outbox.oweReplay(later);
      expect(outbox.get(id)).toMatchObject({ ackEpoch: before, replayFor: later, formerOutcome: null });
      outbox.recordOutcomes([answered(id, 'applied', 2, after)], null);
      expect(outbox.get(id)?.replayFor).toBe(later);
      outbox.recordOutcomes([answered(id, 'applied', 2, later)], null);
      expect(outbox.get(id)).toMatchObject({ state: 'applied', ackEpoch: later, replayFor: null });
    });

    test('SY14 what this very epoch answered is owed to no other any more', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      outbox.recordOutcomes([answered(id, 'applied', 1)], null);
      expect(outbox.oweReplay(after)).toEqual({ ok: true, value: { owed: 1 } });
      expect(outbox.oweReplay(before)).toEqual({ ok: true, value: { owed: 0 } });
      expect(outbox.get(id)).toMatchObject({ state: 'applied', ackEpoch: before, replayFor: null });
      expect(outbox.toSend(10)).toEqual([]);
    });

    test('SY14 a verdict that a replay changed comes back onto the panel, and stays until it is dismissed again', () => {
      const outbox = started();
      const [a, b] = ['a', 'b'].map((text) => writeNote(outbox, text).id);
      outbox.recordOutcomes([answered(a!, 'refused', 1), answered(b!, 'refused', 1)], null);
      outbox.dismiss(a!, 1_500);
      outbox.dismiss(b!, 1_500);
      outbox.oweReplay(after);
      outbox.recordOutcomes([answered(a!, 'applied', 2, after), answered(b!, 'refused', 2, after)], null);
      expect([outbox.get(a!)?.dismissedAt, outbox.get(b!)?.dismissedAt]).toEqual([null, 1_500]);
      expect(outbox.replays(after)).toEqual({ owed: 0, replayed: 2, changed: 1, renumbered: 0 });
      outbox.prune(1_000_000);
      expect([outbox.get(a!) === null, outbox.get(b!) === null]).toEqual([false, true]);
      outbox.dismiss(a!, 1_600);
      outbox.prune(1_000_000);
      expect(outbox.get(a!)).toBeNull();
    });

    test('SY9 what the console set aside by itself is owed to nobody', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      outbox.recordOutcomes([{ ...answered(id, 'refused', 0), ackEpoch: null, ackHead: null }], null);
      expect(outbox.oweReplay(after)).toEqual({ ok: true, value: { owed: 0 } });
      expect(outbox.get(id)).toMatchObject({ state: 'refused', ackEpoch: null });
    });

    test('SY14 the furthest sealed place of each of the last epochs is kept, with answers or by itself, and never goes back within one', () => {
      const outbox = started();
      expect(outbox.ackMarks()).toEqual([]);
      outbox.recordOutcomes([], mark(before, 7));
      outbox.recordOutcomes([], null);
      outbox.recordOutcomes([], mark(before, 6));
      expect(outbox.ackMarks()).toEqual([mark(before, 7)]);
      outbox.recordOutcomes([], mark(after, 3));
      expect(outbox.ackMarks()).toEqual([mark(before, 7), mark(after, 3)]);
      outbox.keepMark(mark(after, 2));
      expect(outbox.ackMarks()).toEqual([mark(before, 7), mark(after, 3)]);
      outbox.keepMark(mark(after, 4));
      expect(outbox.ackMarks()).toEqual([mark(before, 7), mark(after, 4)]);
      for (const n of [1, 2]) outbox.keepMark(mark(uid('e', 3 + n), n));
      expect(outbox.ackMarks()).toEqual([mark(after, 4), mark(uid('e', 4), 1), mark(uid('e', 5), 2)]);
    });

    test('SY5 SY14 what is owed may be missing in any base; what was refused never was in one', () => {
      const outbox = started();
      const [a, b, c] = ['a', 'b', 'c'].map((text) => writeNote(outbox, text).id);
      outbox.recordOutcomes([answered(a!, 'applied', 1), answered(b!, 'refused', 1)], null);
      outbox.oweReplay(after);
      const live = (base: Parameters<OutboxPort['live']>[1]) =>
        outbox.live(uid('a', 1), base).map(({ wire }) => wire.id);
      expect(live(null)).toEqual([a, c]);
      expect(live({ epoch: after, cursor: 100 })).toEqual([a, c]);
      expect(outbox.live(null, { epoch: after, cursor: 100 })).toHaveLength(2);
    });

    test('SY12 SY14 a fresh chain takes what is owed too, and leaves its answer as it was', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      outbox.recordOutcomes([answered(id, 'applied', 1)], null);
      outbox.oweReplay(after);
      const fresh = { ...identity, incarnation: uid('1c', 2) };
      const moved = noteAfter(fresh, 'uno');
      outbox.relink(moved.identity, [{ wire: moved.commands[0]!.wire, hash: moved.commands[0]!.hash }], []);
      expect(outbox.get(id)).toMatchObject({ state: 'applied', replayFor: after, wire: { incarnation: uid('1c', 2) } });
      expect(outbox.counts()).toMatchObject({ unanswered: 0, owed: 1 });
    });

    test('SY1 SY14 pruning never takes what is owed', () => {
      const outbox = started();
      const { id } = writeNote(outbox, 'uno');
      outbox.recordOutcomes([answered(id, 'applied', 1)], null);
      outbox.dismiss(id, 1_001);
      outbox.oweReplay(after);
      outbox.prune(1_000_000);
      expect(outbox.get(id)).not.toBeNull();
    });

    test('a request gets its first answer again; its draft went with it', () => {
      const outbox = started();
      outbox.saveDraft({
        key: 'note',
        ticketId: null,
        content: { text: 'ñ' },
        updatedAt: 1,
        version: 1,
        requestId: null,
      });
      const input = noteAfter(identity, 'uno');
      const request = { id: uid('f', 1), answer: { ok: true }, at: 1 };
      outbox.append({ ...input, request, clearDraft: { key: 'note', seenVersion: 1 } });
      expect(outbox.answerTo(uid('f', 1))).toEqual({ ok: true });
      expect(outbox.answerTo(uid('f', 2))).toBeNull();
      expect(outbox.draft('note')).toBeNull();
    });

    test('SY1 an act uses up the version of its draft that its screen had, and no later one', () => {
      const outbox = started();
      const draft = { key: 'note', ticketId: null, content: 'uno y dos', updatedAt: 1, version: 4, requestId: null };
      outbox.saveDraft(draft);
      outbox.append({ ...noteAfter(identity, 'uno'), clearDraft: { key: 'note', seenVersion: 3 } });
      expect(outbox.draft('note')).toEqual(draft);
      const after = outbox.identity() ?? identity;
      outbox.append({ ...noteAfter(after, 'uno y dos'), clearDraft: { key: 'note', seenVersion: 4 } });
      expect(outbox.draft('note')).toBeNull();
    });

    test('drafts, seen marks and settings', () => {
      const outbox = started();
      outbox.saveDraft({ key: 'k', ticketId: uid('a', 1), content: ['x'], updatedAt: 1, version: 1, requestId: null });
      const last = {
        key: 'k',
        ticketId: uid('a', 1),
        content: ['y'],
        updatedAt: 2,
        version: 2,
        requestId: uid('f', 1),
      };
      outbox.saveDraft(last);
      expect(outbox.drafts()).toEqual([last]);
      outbox.discardDraft('k');
      expect(outbox.drafts()).toEqual([]);
      outbox.markSeen(uid('a', 1), 5);
      outbox.markSeen(uid('a', 1), 3);
      expect([outbox.seenVersion(uid('a', 1)), outbox.seenVersion(uid('a', 2))]).toEqual([5, null]);
      outbox.markSeen(uid('a', 3), 4);
      outbox.lowerSeen([
        { ticketId: uid('a', 1), version: 7 },
        { ticketId: uid('a', 2), version: 7 },
        { ticketId: uid('a', 3), version: null },
      ]);
      expect(outbox.seenMarks()).toEqual([{ ticketId: uid('a', 1), version: 5 }]);
      outbox.lowerSeen([{ ticketId: uid('a', 1), version: 2 }]);
      expect(outbox.seenVersion(uid('a', 1))).toBe(2);
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
