import type { HelloRequest, HelloResponse } from '../../protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import type { Principal } from '../auth/principal.ts';
import type { ChangeDeps } from './change-deps.ts';

/** Where store and console stand towards each other. */
export async function answerHello(
  deps: ChangeDeps,
  principal: Principal,
  request: HelloRequest,
): Promise<HelloResponse> {
  const { deskId, deviceId } = principal;
  const reads = deps.changes.live(deskId);
  const [desk, head, lastN, known] = await Promise.all([
    reads.desk(),
    reads.head(),
    reads.chainEnd(deviceId, request.incarnation),
    request.cursor === null ? null : reads.hashAt(request.cursor),
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
    lastN,
    serverTime: deps.now(),
    scopeVersion: principal.scopeVersion,
    restoredAt: desk.restoredAt,
  };
}
