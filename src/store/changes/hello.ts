import type { HelloRequest, HelloResponse } from '../../protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import type { Principal } from '../auth/principal.ts';
import type { StoreDeps } from '../store-deps.ts';
import { deskRow, logHashAt, logHead } from './desk-head.ts';

/** Where store and console stand towards each other. */
export async function answerHello(
  deps: Pick<StoreDeps, 'db' | 'now'>,
  principal: Principal,
  request: HelloRequest,
): Promise<HelloResponse> {
  const { deskId, deviceId } = principal;
  const { pool } = deps.db;
  const [desk, head, chain, known] = await Promise.all([
    deskRow(pool, deskId),
    logHead(pool, deskId),
    pool.query<{ lastN: number }>(
      'select last_n as "lastN" from incarnations where desk_id = $1 and device_id = $2 and incarnation = $3',
      [deskId, deviceId, request.incarnation],
    ),
    request.cursor === null ? null : logHashAt(pool, deskId, request.cursor),
  ]);
  return {
    protocol: PROTOCOL_VERSION,
    minProtocol: MIN_PROTOCOL_VERSION,
    schema: SCHEMA_VERSION,
    deskId,
    deskName: desk.name,
    epoch: desk.epoch,
    cursorKnown: known !== null && known === request.logHash,
    head: head.seq,
    // Commits wait for the disk (synchronous_commit), so whatever can be read is durable.
    durable: head.seq,
    lastN: chain.rows[0]?.lastN ?? 0,
    serverTime: deps.now(),
    scopeVersion: principal.scopeVersion,
  };
}
