import type { ClientBase } from 'pg';
import type { SearchTerm } from '../changes/search-words.ts';
import { scopeCondition, scopeParams, type TicketScope } from '../scope/ticket-scope.ts';

/**
 * Documents of closed tickets in scope that are out of the window and have every term. The terms go in as a value, so that the
 * planner sees how common they are: it walks the newest closings for common ones and the index of words for rare ones.
 */
export async function searchClosed(
  db: Pick<ClientBase, 'query'>,
  deskId: string,
  terms: readonly SearchTerm[],
  limit: number,
  scope: TicketScope,
): Promise<string[]> {
  if (terms.length === 0 || scope.closedWindowDays === null) return [];
  // Words are letters and digits only (`searchWords`), so a quote cannot end one.
  const quoted = (word: string) => `'${word.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  const query = terms.map(({ word, prefix }) => `${quoted(word)}${prefix ? ':*' : ''}`).join(' & ');
  const { rows } = await db.query<{ doc: string }>(
    `select t.doc from tickets t
     where t.desk_id = $1 and ${scopeCondition(scope, 't', 2)} and t.closed_recorded_at < $6::bigint
       and t.search_words @@ $7::tsquery
     order by t.closed_recorded_at desc nulls last, t.id desc nulls last limit $8`,
    [deskId, ...scopeParams(scope), query, limit],
  );
  return rows.map((row) => row.doc);
}
