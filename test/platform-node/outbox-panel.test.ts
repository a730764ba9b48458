import { expect, test } from 'vitest';
import type { RecordedOutcome } from '../../src/core/ports/outbox.ts';
import { entry, identity, note, noteAfter, ticket, ticketRow, uid, writeNote } from './fixtures.ts';
import { everything, profileWith } from './reading.ts';

const [before, after] = [uid('e', 1), uid('e', 2)];
const answered = (commandId: string, state: 'applied' | 'refused', ackEpoch: string): RecordedOutcome => ({
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
  ackEpoch,
  ackHead: 7,
});
const make = () => profileWith([ticketRow(ticket(1))]);
const panel = (profile: ReturnType<typeof make>) =>
  profile.ask('outbox.list', {}).items.map(({ commandId, state, verdict, formerVerdict }) => ({
    commandId,
    state,
    verdict: verdict?.kind ?? null,
    former: formerVerdict?.kind ?? null,
  }));

test('SY14 what a restored store is owed waits on the panel, in queue and ticket, and leaves them with its answer', () => {
  const profile = make();
  const { id } = writeNote(profile.outbox, 'una', uid('a', 1));
  profile.outbox.recordOutcomes([answered(id, 'applied', before)], null);
  expect(panel(profile)).toEqual([]);
  profile.outbox.oweReplay(after);
  expect(panel(profile)).toEqual([{ commandId: id, state: 'waiting', verdict: 'applied', former: null }]);
  const made = { ...entry(1, 2, note('una'), { recordedAt: null }), id: `${id}-0`, commandId: id };
  profile.write((tx) => tx.setOverlay(uid('a', 1), { ticket: ticket(1), entries: [made], doubts: [] }));
  expect(profile.ask('ticket.get', { ticketId: uid('a', 1) })).toMatchObject({
    pendingActs: 1,
    entries: [{ pending: 'waiting' }],
  });
  expect(profile.ask('queue.window', everything).rows[0]).toMatchObject({ pendingActs: 1 });
  profile.outbox.recordOutcomes([answered(id, 'applied', after)], null);
  expect(panel(profile)).toEqual([]);
});

test('SY9 SY14 a verdict that a replay changed is on the panel with the one before it, until it is dismissed', () => {
  const profile = make();
  const { id } = writeNote(profile.outbox, 'una', uid('a', 1));
  profile.outbox.recordOutcomes([answered(id, 'refused', before)], null);
  profile.outbox.dismiss(id, 1_500);
  profile.outbox.oweReplay(after);
  profile.outbox.recordOutcomes([answered(id, 'applied', after)], null);
  expect(panel(profile)).toEqual([{ commandId: id, state: 'applied', verdict: 'applied', former: 'refused' }]);
  profile.outbox.dismiss(id, 1_600);
  expect(panel(profile)).toEqual([]);
});

test('SY15 the panel is in the order of writing, whatever the device clock said', () => {
  const profile = make();
  // The clock is set back an hour before each of them.
  const ids = ['una', 'dos', 'tres'].map((text, at) => {
    const input = noteAfter(profile.outbox.identity() ?? identity, text);
    const commands = input.commands.map((command) => ({ ...command, createdAt: 10_000_000 - at * 3_600_000 }));
    expect(profile.outbox.append({ ...input, commands }).ok).toBe(true);
    return commands[0]?.wire.id;
  });
  profile.outbox.recordOutcomes([answered(ids[1] ?? '', 'refused', before)], null);
  const items = profile.ask('outbox.list', {}).items;
  expect(items.map(({ commandId }) => commandId)).toEqual(ids);
});
