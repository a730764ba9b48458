import { describe, expect, it } from 'vitest';
import type { TicketEvent } from '../../../src/domain/events.ts';
import type { AttachmentState } from '../../../src/protocol/console/attachment-methods.ts';
import type { ShownEntry } from '../../../src/protocol/console/rows.ts';
import { ticketFiles } from '../../../src/renderer/features/attachments/ticket-files.ts';
import { timelineItems } from '../../../src/renderer/features/ticket/timeline/items.ts';
import { ANA, entry, escalated, id, ME, note } from '../ticket/make-entry.ts';

const added = (n: number, mediaType = 'image/png', drawn = true): TicketEvent => ({
  type: 'attachmentAdded',
  attachmentId: id(70 + n),
  name: `foto ${n}.png`,
  mediaType,
  size: 1000,
  sha256: 'ab'.repeat(32),
  visibility: 'internal',
  thumbnail: drawn ? { mediaType: 'image/webp', width: 4, height: 3, base64: 'AAAA' } : null,
});
const arrived = (n: number): TicketEvent => ({ type: 'attachmentArrived', attachmentId: id(70 + n) });
const state = (n: number, over: Partial<AttachmentState>): AttachmentState => ({
  attachmentId: id(70 + n),
  here: false,
  upload: null,
  download: null,
  ...over,
});

describe('where a file is', () => {
  const where = (entries: ShownEntry[], states: AttachmentState[]) =>
    ticketFiles(entries, states, ME).map((file) => file.where);
  it('of mine: to be sent, on its way, held, sent', () => {
    const mine = entry(1, added(1), { pending: 'waiting' });
    expect(where([mine], [])).toEqual([{ kind: 'waiting' }]);
    expect(where([entry(1, added(1))], [state(1, { here: true })])).toEqual([{ kind: 'waiting' }]);
    const sending = state(1, { here: true, upload: { state: 'sending', sent: 430 } });
    expect(where([entry(1, added(1))], [sending])).toEqual([{ kind: 'sending', percent: 43 }]);
    expect(where([entry(1, added(1))], [state(1, { here: true, upload: { state: 'held', sent: 0 } })])).toEqual([
      { kind: 'held' },
    ]);
    expect(where([entry(1, added(1)), entry(2, arrived(1))], [state(1, { here: true })])).toEqual([{ kind: 'sent' }]);
  });
  it('of somebody else: still with its author, to be downloaded, on its way, here', () => {
    const theirs = entry(1, added(1), { actorId: ANA });
    const there = entry(2, arrived(1), { actorId: ANA });
    expect(where([theirs], [])).toEqual([{ kind: 'withAuthor' }]);
    expect(where([theirs, there], [])).toEqual([{ kind: 'download' }]);
    const fetching = state(1, { download: { state: 'fetching', received: 999 } });
    expect(where([theirs, there], [fetching])).toEqual([{ kind: 'fetching', percent: 99 }]);
    expect(where([theirs, there], [state(1, { download: { state: 'failed', received: 1 } })])).toEqual([
      { kind: 'failed' },
    ]);
    expect(where([theirs, there], [state(1, { here: true })])).toEqual([{ kind: 'here' }]);
  });
  it('threat 13 only what its author’s console could draw, of a type that a page draws, is opened as a picture', () => {
    const entries = [entry(1, added(1)), entry(2, added(2, 'image/svg+xml')), entry(3, added(3, 'image/png', false))];
    expect(ticketFiles(entries, [], ME).map(({ picture }) => picture)).toEqual([true, false, false]);
  });
});

describe('files in the timeline', () => {
  const context = { me: ME, seenVersion: 0, dayOf: () => 'today' };
  const at = (one: ShownEntry, ms: number): ShownEntry => ({ ...one, occurredAt: ms });
  const shape = (entries: ShownEntry[], seenVersion = 0) =>
    timelineItems(entries, { ...context, seenVersion }).flatMap((item) =>
      item.kind === 'day' || item.kind === 'fresh' ? [] : `${item.kind} ${'files' in item ? item.files.length : 0}`,
    );
  it('stand with the words that they were added with; that they arrived is no line', () => {
    const entries = [at(entry(1, note('Adjunto')), 10), at(entry(2, added(1)), 10), at(entry(3, added(2)), 12)];
    expect(shape([...entries, at(entry(4, arrived(1)), 900_000), at(entry(5, arrived(2)), 900_000)])).toEqual([
      'note 2',
    ]);
  });
  it('of another person, or of another moment, stand by themselves', () => {
    const said = at(entry(1, note('Hola')), 10);
    expect(shape([said, at(entry(2, added(1), { actorId: ANA }), 10)])).toEqual(['note 0', 'files 1']);
    expect(shape([said, at(entry(2, added(1)), 60_000), at(entry(3, added(2)), 60_001)])).toEqual([
      'note 0',
      'files 2',
    ]);
  });
  it('those of an escalation, which were added before it, stand on its sheet', () => {
    expect(shape([at(entry(1, added(1)), 10), at(entry(2, added(2)), 10), at(entry(3, escalated), 11)])).toEqual([
      'sheet 2',
    ]);
  });
  it('what is new is never put above the line of what is new', () => {
    const theirs = { actorId: ANA };
    const entries = [at(entry(1, note('Hola'), theirs), 10), at(entry(2, added(1), theirs), 10)];
    expect(shape(entries, 1)).toEqual(['note 0', 'files 1']);
  });
});
