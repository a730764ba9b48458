import type { ClientBase } from 'pg';

/** Rows that say `revoked_at`, and whom a restore must not let in again. */
const TABLES = ['accounts', 'devices', 'sessions'] as const;

/**
 * Remembers, for the length of the transaction, what the database that is about to be replaced has revoked: a backup of before the theft
 * of a laptop would else give the desk's tickets to it again (SY7).
 */
export async function noteRevocations(client: Pick<ClientBase, 'query'>): Promise<void> {
  for (const table of TABLES)
    await client.query(
      `create temp table revoked_${table} on commit drop as
       select desk_id, id, revoked_at from public.${table} where revoked_at is not null`,
    );
}

/** Revokes it in what was restored; gives how many accounts and devices that concerned. Sessions are ended without a word. */
export async function revokeAgain(client: Pick<ClientBase, 'query'>): Promise<number> {
  let again = 0;
  for (const table of TABLES) {
    const { rowCount } = await client.query(
      `update public.${table} t set revoked_at = r.revoked_at from revoked_${table} r
       where t.desk_id = r.desk_id and t.id = r.id and t.revoked_at is null`,
    );
    if (table !== 'sessions') again += rowCount ?? 0;
  }
  return again;
}
