import type { ClientBase } from 'pg';
import { scopeKeysSchema } from '../../domain/scope.ts';
import type { ChangedKeys } from '../changes/concerns.ts';
import { named } from './named.ts';

const keysOf = (json: string | null) => (json === null ? null : scopeKeysSchema.parse(JSON.parse(json)));

/** Scope keys of the places behind `after`, in order, and one more than `limit` where there are so many. */
export async function changedKeys(
  db: Pick<ClientBase, 'query'>,
  deskId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly ChangedKeys[]> {
  const { rows } = await db.query<{ seq: number; before: string | null; after: string | null }>(
    named('select seq, before, after from change_log where desk_id = $1 and seq > $2 order by seq limit $3', [
      deskId,
      after,
      limit + 1,
    ]),
  );
  return rows.map((row) => ({ seq: row.seq, before: keysOf(row.before), after: keysOf(row.after) }));
}
