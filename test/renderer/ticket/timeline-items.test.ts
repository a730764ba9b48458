import { describe, expect, it } from 'vitest';
import type { ShownEntry } from '../../../src/protocol/console/rows.ts';
import { timelineItems } from '../../../src/renderer/features/ticket/timeline/items.ts';
import { ANA, ended, entry, escalated, id, ME, note, started } from './make-entry.ts';

const context = {
  me: ME,
  seenVersion: 0,
  dayOf: (at: number) => new Date(at - 5 * 3_600_000).toISOString().slice(0, 10),
};
const kinds = (entries: readonly ShownEntry[], seenVersion = 0) =>
  timelineItems(entries, { ...context, seenVersion }).map((item) => item.kind);
const session = id(70);

describe('timeline', () => {
  it('reads as a conversation: cards for words, lines for the rest, one mark for each day', () => {
    const entries = [
      entry(1, note('uno')),
      entry(2, { type: 'claimed', assigneeId: ME, fromStatus: 'new' }),
      entry(3, escalated),
      entry(4, { type: 'resolved', solution: 'Hecho', duringCall: false, assigneeId: ME, fromStatus: 'inProgress' }),
      entry(5, { type: 'closed', fromStatus: 'resolved' }, { occurredAt: entry(5, note('')).occurredAt + 86_400_000 }),
    ];
    expect(kinds(entries)).toEqual(['day', 'note', 'line', 'sheet', 'solution', 'day', 'line']);
  });

  it('marks once where the new begins: the first entry of somebody else after the last visit', () => {
    const entries = [
      entry(1, note('vista'), { actorId: ANA }),
      entry(2, note('mía')),
      entry(3, note('nueva'), { actorId: ANA }),
      entry(4, note('nueva también'), { actorId: ANA }),
    ];
    const items = timelineItems(entries, { ...context, seenVersion: 1 });
    expect(items.map((item) => item.kind)).toEqual(['day', 'note', 'note', 'fresh', 'note', 'note']);
    expect(items.flatMap((item) => ('isNew' in item ? [item.isNew] : []))).toEqual([false, false, true, true]);
  });

  it('marks nothing on a ticket that was never opened, nor on acts of this console that wait', () => {
    expect(kinds([entry(1, note('de otra'), { actorId: ANA })], 0)).not.toContain('fresh');
    const pending = entry(2, note('por enviar'), { pending: 'waiting', recordedAt: null, actorId: ANA });
    expect(kinds([entry(1, note('vista')), pending], 1)).not.toContain('fresh');
  });

  it('folds a session and its end when nothing came between', () => {
    const items = timelineItems([entry(1, started(session)), entry(2, ended(session))], context);
    expect(items.map((item) => item.kind)).toEqual(['day', 'remote']);
    expect(items[1]).toMatchObject({ end: { event: { outcome: 'partly' } } });
  });

  it('keeps order when a note came between start and end', () => {
    const items = timelineItems(
      [entry(1, started(session)), entry(2, note('entre')), entry(3, ended(session))],
      context,
    );
    expect(items.map((item) => item.kind)).toEqual(['day', 'remote', 'note', 'line']);
    expect(items[1]).toMatchObject({ end: null });
  });

  it('does not fold an end into the start of another session', () => {
    expect(kinds([entry(1, started(session)), entry(2, ended(id(71)))])).toEqual(['day', 'remote', 'line']);
  });

  it('does not pull a new end above the mark of what is new', () => {
    const entries = [entry(1, started(session), { actorId: ANA }), entry(2, ended(session), { actorId: ANA })];
    expect(kinds(entries, 1)).toEqual(['day', 'remote', 'fresh', 'line']);
  });
});
