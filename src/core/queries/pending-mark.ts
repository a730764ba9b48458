import type { OutboxItem, ShownEntry } from '../../protocol/console/rows.ts';
import type { EntryState } from '../ports/outbox.ts';

/** State of an outbox item as the panel shows it: a doubt of the local rebase shows over waiting and sending. */
export function itemState(state: EntryState, doubted: boolean): OutboxItem['state'] {
  return doubted && (state === 'waiting' || state === 'sending') ? 'doubtful' : state;
}

/** Mark of a timeline entry made by that command: null once the store has answered it. */
export function pendingMark(state: EntryState | null, doubted: boolean): ShownEntry['pending'] {
  if (state === null) return null;
  const shown = itemState(state, doubted);
  return shown === 'waiting' || shown === 'sending' || shown === 'doubtful' || shown === 'held' ? shown : null;
}
