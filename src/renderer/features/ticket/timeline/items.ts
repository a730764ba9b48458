import type { EventOf, TicketEventType } from '../../../../domain/events.ts';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';

export type EntryOf<T extends TicketEventType> = ShownEntry & { readonly event: EventOf<T> };

/** What the timeline draws, top to bottom. `fresh` is the line above what is new since the last visit. */
export type TimelineItem =
  | { readonly kind: 'day'; readonly id: string; readonly at: number }
  | { readonly kind: 'fresh'; readonly id: string }
  | { readonly kind: 'note'; readonly id: string; readonly entry: EntryOf<'noteAdded'>; readonly isNew: boolean }
  | { readonly kind: 'sheet'; readonly id: string; readonly entry: EntryOf<'escalated'>; readonly isNew: boolean }
  | { readonly kind: 'solution'; readonly id: string; readonly entry: EntryOf<'resolved'>; readonly isNew: boolean }
  | {
      readonly kind: 'remote';
      readonly id: string;
      readonly entry: EntryOf<'remoteSessionStarted'>;
      readonly end: EntryOf<'remoteSessionEnded'> | null;
      readonly isNew: boolean;
    }
  | { readonly kind: 'line'; readonly id: string; readonly entry: ShownEntry; readonly isNew: boolean };

export interface TimelineContext {
  readonly me: string;
  /** Version this person had seen when the ticket was opened; 0 for a ticket never opened. */
  readonly seenVersion: number;
  /** Day of an instant in the desk's zone, as a key that sorts. */
  readonly dayOf: (at: number) => string;
}

const is = <T extends TicketEventType>(entry: ShownEntry | undefined, type: T): entry is EntryOf<T> =>
  entry?.event.type === type;

/** An entry is new when somebody else wrote it and the store gave it after this person's last visit. */
export const isNewEntry = (entry: ShownEntry, context: Pick<TimelineContext, 'me' | 'seenVersion'>): boolean =>
  context.seenVersion > 0 && entry.pending === null && entry.actorId !== context.me && entry.seq > context.seenVersion;

/**
 * Entries in store order become items. A remote session that ended with nothing between is one item; else its end is a
 * line of its own, so that nothing moves up past what was written meanwhile.
 */
export function timelineItems(entries: readonly ShownEntry[], context: TimelineContext): TimelineItem[] {
  const items: TimelineItem[] = [];
  let day: string | null = null;
  let divided = false;
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const isNew = isNewEntry(entry, context);
    const entryDay = context.dayOf(entry.occurredAt);
    if (entryDay !== day) {
      day = entryDay;
      items.push({ kind: 'day', id: `day-${entry.id}`, at: entry.occurredAt });
    }
    if (isNew && !divided) {
      divided = true;
      items.push({ kind: 'fresh', id: 'fresh' });
    }
    const shared = { id: entry.id, isNew };
    if (is(entry, 'noteAdded')) items.push({ kind: 'note', entry, ...shared });
    else if (is(entry, 'escalated')) items.push({ kind: 'sheet', entry, ...shared });
    else if (is(entry, 'resolved')) items.push({ kind: 'solution', entry, ...shared });
    else if (is(entry, 'remoteSessionStarted')) {
      const next = entries[index + 1];
      const folded = is(next, 'remoteSessionEnded') && next.event.sessionId === entry.event.sessionId;
      const crossesDivider = folded && isNewEntry(next, context) && !divided;
      if (folded && !crossesDivider) index += 1;
      items.push({ kind: 'remote', entry, end: folded && !crossesDivider ? next : null, ...shared });
    } else items.push({ kind: 'line', entry, ...shared });
  }
  return items;
}

/** Start of the session that an end belongs to, for its tool and length. */
export function startOfSession(
  entries: readonly ShownEntry[],
  sessionId: string,
): EntryOf<'remoteSessionStarted'> | null {
  for (const entry of entries) {
    if (is(entry, 'remoteSessionStarted') && entry.event.sessionId === sessionId) return entry;
  }
  return null;
}
