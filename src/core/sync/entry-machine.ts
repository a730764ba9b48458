import type { EntryState } from '../ports/outbox.ts';

/**
 * What may happen to a written command. `interrupted`: the push ended with no answer (or the process did), nothing is known,
 * it goes again · `hold`: the store is older than the command · `release`: another contact, try again · the four verdicts.
 */
export const entryEvents = [
  'send',
  'interrupted',
  'hold',
  'release',
  'applied',
  'merged',
  'parked',
  'refused',
] as const;
export type EntryEvent = (typeof entryEvents)[number];

const verdicts = { applied: 'applied', merged: 'merged', parked: 'parked', refused: 'refused' } as const;
/** An answer is final: a second one, whatever it says, and every late event leave it as it is. */
const settled = <S extends EntryState>(state: S) => ({
  send: state,
  interrupted: state,
  hold: state,
  release: state,
  applied: state,
  merged: state,
  parked: state,
  refused: state,
});

/** Total: a state or an event without a cell does not compile. A verdict may reach a waiting command: a late answer of an earlier push. */
export const entryTable: Record<EntryState, Record<EntryEvent, EntryState>> = {
  waiting: { send: 'sending', interrupted: 'waiting', hold: 'held', release: 'waiting', ...verdicts },
  sending: { send: 'sending', interrupted: 'waiting', hold: 'held', release: 'sending', ...verdicts },
  held: { send: 'sending', interrupted: 'held', hold: 'held', release: 'waiting', ...verdicts },
  applied: settled('applied'),
  merged: settled('merged'),
  parked: settled('parked'),
  refused: settled('refused'),
};

export const nextEntry = (state: EntryState, event: EntryEvent): EntryState => entryTable[state][event];
