import { type SearchTerm, searchWords } from '../../src/store/changes/search-words.ts';
import type { TicketScope } from '../../src/store/scope/ticket-scope.ts';
import type { DeskState, TicketRecord } from './memory-state.ts';

type Test = (record: TicketRecord, scope: TicketScope) => boolean;

/** What the database's index of words takes from a closed ticket. */
function wordsOf({ doc, requesterName }: TicketRecord): string[] {
  const { number, provisionalCode, vendorCase, subject, solution } = doc.value;
  const texts = [number, provisionalCode, vendorCase, subject, solution, requesterName];
  return searchWords(texts.filter((text) => text !== null).join(' '));
}

export function findClosed(
  state: DeskState,
  terms: readonly SearchTerm[],
  limit: number,
  scope: TicketScope,
  isInScope: Test,
  isInWindow: Test,
): string[] {
  if (terms.length === 0) return [];
  return [...state.tickets.values()]
    .filter((record) => !isInWindow(record, scope) && isInScope(record, scope))
    .filter((record) => {
      const own = wordsOf(record);
      return terms.every(({ word, prefix }) => own.some((other) => (prefix ? other.startsWith(word) : other === word)));
    })
    .sort((a, b) => (b.closedRecordedAt ?? 0) - (a.closedRecordedAt ?? 0) || (a.doc.value.id < b.doc.value.id ? 1 : -1))
    .slice(0, limit)
    .map((record) => record.doc.text);
}
