import type { ClientBase } from 'pg';
import type { Ticket } from '../../domain/ticket.ts';
import { CHAIN_START } from '../../protocol/sync/command.ts';
import type { ChainHead, ChainKey, StoredCommand, StoredTicket } from '../commands/desk-port.ts';
import { named } from './named.ts';

export async function ownDevices(client: ClientBase, deskId: string, accountId: string, ids: readonly string[]) {
  const { rows } = await client.query<{ id: string }>(
    named('select id from devices where desk_id = $1 and account_id = $2 and id = any($3::uuid[])', [
      deskId,
      accountId,
      ids,
    ]),
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * The insert goes first, whether the chain is known or not: a transaction that makes the same chain at this moment is waited
 * for there, so that every statement sent behind this one sees what that transaction committed.
 */
export async function lockChains(client: ClientBase, deskId: string, keys: readonly ChainKey[]): Promise<ChainHead[]> {
  const params = [deskId, keys.map((key) => key.deviceId), keys.map((key) => key.incarnation)];
  const [, { rows }] = await Promise.all([
    client.query(
      named(
        `insert into incarnations (desk_id, device_id, incarnation, last_n, last_hash)
       select $1, k.device_id, k.incarnation, 0, $4 from unnest($2::uuid[], $3::uuid[]) as k(device_id, incarnation)
       order by 2, 3 on conflict do nothing`,
        [...params, CHAIN_START],
      ),
    ),
    client.query<ChainHead>(
      named(
        `select i.device_id as "deviceId", i.incarnation, i.last_n as "lastN", i.last_hash as "lastHash"
       from incarnations i join unnest($2::uuid[], $3::uuid[]) as k(device_id, incarnation) using (device_id, incarnation)
       where i.desk_id = $1 order by i.device_id, i.incarnation for update of i`,
        params,
      ),
    ),
  ]);
  return rows;
}

export async function storedCommands(
  client: ClientBase,
  deskId: string,
  ids: readonly string[],
): Promise<StoredCommand[]> {
  const { rows } = await client.query<StoredCommand>(
    named(
      `select id, device_id as "deviceId", incarnation, n, hash, outcome
     from commands where desk_id = $1 and id = any($2::uuid[])`,
      [deskId, ids],
    ),
  );
  return rows;
}

export async function lockTickets(client: ClientBase, deskId: string, ids: readonly string[]): Promise<StoredTicket[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<{ doc: string; closed: number | null }>(
    named(
      `select doc, closed_recorded_at as closed from tickets
     where desk_id = $1 and id = any($2::uuid[]) order by id for update`,
      [deskId, ids],
    ),
  );
  // Our own rows, written from a checked ticket: not parsed against the schema again on the hot path.
  return rows.map((row) => ({ ticket: JSON.parse(row.doc) as Ticket, closedRecordedAt: row.closed }));
}

export async function problemIds(client: ClientBase, deskId: string, ids: readonly string[]) {
  const { rows } = await client.query<{ id: string }>(
    named(`select id from tickets where desk_id = $1 and kind = 'problem' and id = any($2::uuid[])`, [deskId, ids]),
  );
  return new Set(rows.map((row) => row.id));
}

export async function takenNumbers(client: ClientBase, deskId: string, numbers: readonly string[]) {
  if (numbers.length === 0) return new Set<string>();
  const { rows } = await client.query<{ number: string }>(
    named('select number from tickets where desk_id = $1 and number = any($2::text[])', [deskId, numbers]),
  );
  return new Set(rows.map((row) => row.number));
}

/** Last number given of a kind and year; its row stays locked until the transaction ends. */
export async function lockNumber(client: ClientBase, deskId: string, kind: 'ticket' | 'device', year: number) {
  const select = 'select last from counters where desk_id = $1 and kind = $2 and year = $3 for update';
  const known = await client.query<{ last: number }>(named(select, [deskId, kind, year]));
  if (known.rows[0] !== undefined) return known.rows[0].last;
  await client.query(
    named('insert into counters (desk_id, kind, year, last) values ($1, $2, $3, 0) on conflict do nothing', [
      deskId,
      kind,
      year,
    ]),
  );
  const { rows } = await client.query<{ last: number }>(named(select, [deskId, kind, year]));
  return rows[0]?.last ?? 0;
}
