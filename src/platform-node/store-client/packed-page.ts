import type { PackedRows } from '../../core/ports/page-rows.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { type EntryFacts, entryFacts, numberColumns, REFS, type TicketFacts, ticketFacts } from '../ticket-columns.ts';

/**
 * Tickets or entries as what the cache writes of them: facts as numbers, documents as the bytes that came. Plain data, so that it
 * goes from thread to thread; what is large goes by transfer and is never copied.
 */
export interface PackedData {
  readonly entity: 'ticket' | 'entry';
  readonly count: number;
  /** Every id that the page names, once; the numbers of the rows are places in it. */
  readonly ids: readonly string[];
  /** `WIDTHS[entity]` a row; what is null is NaN. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Of a ticket: key of its subject, key of a requester who is in no directory. */
  readonly texts: readonly string[];
  /** Where the documents begin and end in `bytes`. */
  readonly spans: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const RELATIVES = 3;
/** Before the numbers of a ticket's columns: its own id and its version. */
const OWN = 2;
const WIDTHS = { ticket: OWN + RELATIVES + numberColumns.length, entry: 6 };
const unlessNull = (value: number | null): number => value ?? Number.NaN;
const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** Takes rows one by one, each with the place of its document. */
export function createPacker(entity: PackedData['entity'], most: number) {
  const width = WIDTHS[entity];
  const numbers = new Float64Array(most * width);
  const spans = new Uint32Array(most * 2);
  const texts: string[] = [];
  const places = new Map<string, number>();
  const own = new Set<string>();
  let count = 0;

  const placeOf = (id: string): number => {
    let place = places.get(id);
    if (place === undefined) {
      place = places.size;
      places.set(id, place);
    }
    return place;
  };
  function span(start: number, end: number): void {
    spans[count * 2] = start;
    spans[count * 2 + 1] = end;
    count += 1;
  }
  return {
    full: () => count === most,
    /** False: this ticket is in the page already. */
    ticket(ticket: Ticket, start: number, end: number): boolean {
      if (own.has(ticket.id)) return false;
      own.add(ticket.id);
      let at = count * width;
      numbers[at++] = placeOf(ticket.id);
      const facts = ticketFacts(ticket, placeOf);
      numbers[at++] = facts.version;
      for (const relative of facts.relatives) numbers[at++] = unlessNull(relative);
      for (const number of facts.numbers) numbers[at++] = unlessNull(number);
      texts.push(facts.subjectKey, facts.unlistedKey);
      span(start, end);
      return true;
    },
    entry(entry: TimelineEntry, start: number, end: number): void {
      let at = count * width;
      for (const number of entryFacts(entry, placeOf)) numbers[at++] = unlessNull(number);
      span(start, end);
    },
    packed: (bytes: Uint8Array<ArrayBuffer>): PackedData => ({
      entity,
      count,
      ids: [...places.keys()],
      numbers,
      texts,
      spans,
      bytes,
    }),
  };
}

/** What of packed rows goes to another thread by transfer. */
export const transferOf = ({ numbers, spans, bytes }: PackedData): ArrayBuffer[] => [
  numbers.buffer,
  spans.buffer,
  bytes.buffer,
];

/** Packed rows as the core and the cache are given them. */
export class PackedPage implements PackedRows {
  readonly form = 'packed';
  readonly data: PackedData;
  private readonly onKept: ((bytes: ArrayBuffer) => void) | undefined;
  /** @param onKept given the bytes once nobody needs them any more. */
  constructor(data: PackedData, onKept?: (bytes: ArrayBuffer) => void) {
    this.data = data;
    this.onKept = onKept;
  }
  /** Its rows were written; they are read no more. */
  kept(): void {
    this.onKept?.(this.data.bytes.buffer);
  }
  touching(tickets: ReadonlySet<string>): readonly string[] {
    if (tickets.size === 0) return [];
    const { count, entity, ids, numbers } = this.data;
    const found = new Set<string>();
    for (let row = 0; row < count; row++) {
      // The first number of a ticket is its own place, that of an entry its ticket's.
      const id = ids[numbers[row * WIDTHS[entity]] ?? 0];
      if (id !== undefined && tickets.has(id)) found.add(id);
    }
    return [...found];
  }
  /** Each ticket's ref, facts and document. @param refs of `ids`, by their place. */
  *tickets(refs: Float64Array): Generator<[ref: number, facts: TicketFacts, doc: Uint8Array]> {
    const { count, numbers, texts } = this.data;
    const refAt = (value: number | undefined) => orNull(value === undefined ? value : refs[value]);
    for (let row = 0; row < count; row++) {
      const from = row * WIDTHS.ticket;
      const columns: (number | null)[] = [];
      for (let at = 0; at < numberColumns.length; at++) {
        const value = numbers[from + OWN + RELATIVES + at];
        columns.push(REFS.has(at) ? refAt(value) : orNull(value));
      }
      const facts: TicketFacts = {
        version: numbers[from + 1] ?? 0,
        relatives: [refAt(numbers[from + OWN]), refAt(numbers[from + OWN + 1]), refAt(numbers[from + OWN + 2])],
        numbers: columns,
        subjectKey: texts[row * 2] ?? '',
        unlistedKey: texts[row * 2 + 1] ?? '',
      };
      yield [refs[numbers[from] ?? 0] ?? 0, facts, this.doc(row)];
    }
  }
  *entries(refs: Float64Array): Generator<[facts: EntryFacts, doc: Uint8Array]> {
    const { count, numbers } = this.data;
    const refAt = (place: number) => refs[numbers[place] ?? 0] ?? 0;
    for (let row = 0; row < count; row++) {
      const at = row * WIDTHS.entry;
      const facts: EntryFacts = [
        refAt(at),
        numbers[at + 1] ?? 0,
        refAt(at + 2),
        numbers[at + 3] ?? 0,
        orNull(numbers[at + 4]),
        numbers[at + 5] ?? 0,
      ];
      yield [facts, this.doc(row)];
    }
  }
  private doc(row: number): Uint8Array {
    const { bytes, spans } = this.data;
    return Buffer.from(bytes.buffer, spans[row * 2], (spans[row * 2 + 1] ?? 0) - (spans[row * 2] ?? 0));
  }
}
