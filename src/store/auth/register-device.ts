import type { ClientBase } from 'pg';
import { toBase32 } from '../../domain/numbering.ts';
import { lockNumber } from '../db/desk-reads.ts';
import { storableText } from '../db/storable-text.ts';

export interface DeviceRequest {
  readonly deskId: string;
  readonly accountId: string;
  /** The id that the console kept from before, if any. */
  readonly id: string | null;
  readonly name: string;
  readonly now: number;
  readonly newId: () => string;
}

/**
 * Finds or registers the device of a sign-in. A console keeps its id; a store that was restored from before the device's
 * time takes the id back, and one that belongs to another account is not taken. Null: the device was revoked.
 */
export async function registerDevice(client: ClientBase, request: DeviceRequest): Promise<string | null> {
  const { deskId, accountId, now } = request;
  const name = storableText(request.name);
  const { rows } = await client.query<{ account: string; revoked: boolean }>(
    'select account_id as account, revoked_at is not null as revoked from devices where desk_id = $1 and id = $2',
    [deskId, request.id],
  );
  const known = rows[0];
  if (known !== undefined && known.account === accountId) {
    if (known.revoked) return null;
    await client.query('update devices set last_seen_at = $3, name = $4 where desk_id = $1 and id = $2', [
      deskId,
      request.id,
      now,
      name,
    ]);
    return request.id;
  }
  const id = request.id === null || known !== undefined ? request.newId() : request.id;
  const next = (await lockNumber(client, deskId, 'device', 0)) + 1;
  await client.query(`update counters set last = $2 where desk_id = $1 and kind = 'device' and year = 0`, [
    deskId,
    next,
  ]);
  await client.query(
    `insert into devices (desk_id, id, account_id, name, prefix, created_at, last_seen_at) values ($1, $2, $3, $4, $5, $6, $6)`,
    [deskId, id, accountId, name, toBase32(next, 2), now],
  );
  return id;
}
