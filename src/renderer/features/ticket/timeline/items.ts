import type { EventOf, TicketEventType } from '../../../../domain/events.ts';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';

export type EntryOf<T extends TicketEventType> = ShownEntry & { readonly event: EventOf<T> };

export type FileEntry = EntryOf<'attachmentAdded'>;
/** Files that were added with it, in their order. */
interface WithFiles {
  readonly files: readonly FileEntry[];
}

/**
 * What the timeline draws, top to bottom. `fresh` is the line above what is new since the last visit. Files stand with the words that
 * they were added with, or are an item of their own; that a file reached the desk is said on the file.
 */
export type TimelineItem =
  | { readonly kind: 'day'; readonly id: string; readonly at: number }
  | { readonly kind: 'fresh'; readonly id: string }
  | (WithFiles & Said<'note', EntryOf<'noteAdded'>>)
  | (WithFiles & Said<'sheet', EntryOf<'escalated'>>)
  | (WithFiles & Said<'solution', EntryOf<'resolved'>>)
  | (WithFiles & Said<'files', FileEntry>)
  | {
      readonly kind: 'remote';
      readonly id: string;
      readonly entry: EntryOf<'remoteSessionStarted'>;
      readonly end: EntryOf<'remoteSessionEnded'> | null;
      readonly isNew: boolean;
    }
  | (WithFiles & Said<'line', ShownEntry>);

interface Said<K extends string, E> {
  readonly kind: K;
  readonly id: string;
  readonly entry: E;
  readonly isNew: boolean;
}

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

/** Acts of one press carry one time; nobody chooses another file and saves it sooner than this. */
const ONE_MOMENT_MS = 1_000;

/** The words that a file was added with: the latest of its author at that moment. Null: it was added by itself. */
function wordsOf(items: readonly Building[], file: FileEntry, isNew: boolean): FileEntry[] | null {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item === undefined || item.kind === 'day' || item.kind === 'fresh') return null;
    const { entry } = item;
    if (entry.actorId !== file.actorId || Math.abs(entry.occurredAt - file.occurredAt) > ONE_MOMENT_MS) return null;
    const speaks =
      item.kind !== 'remote' && (item.kind !== 'line' || is(entry, 'visitRecorded') || is(entry, 'registered'));
    if (speaks) return item.isNew === isNew ? item.files : null;
  }
  return null;
}

/** Files that were added at the same moment as what comes now, taken from above it. */
function filesBefore(items: Building[], entry: ShownEntry, isNew: boolean): FileEntry[] {
  const last = items.at(-1);
  if (last?.kind !== 'files' || last.isNew !== isNew || last.entry.actorId !== entry.actorId) return [];
  if (Math.abs(last.entry.occurredAt - entry.occurredAt) > ONE_MOMENT_MS) return [];
  items.pop();
  return last.files;
}

type Building<I = TimelineItem> = I extends WithFiles ? Omit<I, 'files'> & { readonly files: FileEntry[] } : I;

/**
 * Entries in store order become items. A remote session that ended with nothing between is one item; else its end is a
 * line of its own, so that nothing moves up past what was written meanwhile.
 */
export function timelineItems(entries: readonly ShownEntry[], context: TimelineContext): TimelineItem[] {
  const items: Building[] = [];
  let day: string | null = null;
  let divided = false;
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index];
    if (entry === undefined || is(entry, 'attachmentArrived')) continue;
    const isNew = isNewEntry(entry, context);
    if (is(entry, 'attachmentAdded')) {
      const together = wordsOf(items, entry, isNew);
      if (together !== null) {
        together.push(entry);
        continue;
      }
    }
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
    if (is(entry, 'noteAdded')) items.push({ kind: 'note', entry, files: [], ...shared });
    else if (is(entry, 'escalated'))
      items.push({ kind: 'sheet', entry, files: filesBefore(items, entry, isNew), ...shared });
    else if (is(entry, 'resolved')) items.push({ kind: 'solution', entry, files: [], ...shared });
    else if (is(entry, 'attachmentAdded')) items.push({ kind: 'files', entry, files: [entry], ...shared });
    else if (is(entry, 'remoteSessionStarted')) {
      const next = entries[index + 1];
      const folded = is(next, 'remoteSessionEnded') && next.event.sessionId === entry.event.sessionId;
      const crossesDivider = folded && isNewEntry(next, context) && !divided;
      if (folded && !crossesDivider) index += 1;
      items.push({ kind: 'remote', entry, end: folded && !crossesDivider ? next : null, ...shared });
    } else items.push({ kind: 'line', entry, files: [], ...shared });
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
