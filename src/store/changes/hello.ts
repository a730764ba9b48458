import type { HelloRequest, HelloResponse } from '../../protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import type { Principal } from '../auth/principal.ts';
import type { DeskStore } from '../commands/desk-port.ts';
import { isSealed } from '../epoch/seal.ts';
import type { ChangeDeps } from './change-deps.ts';
import type { ChangeReads, DeskRow } from './change-reads.ts';

export interface HelloDeps extends ChangeDeps {
  readonly desks: Pick<DeskStore, 'openEpoch'>;
  readonly newId: () => string;
  /** A mark proved that the desk had been replaced by an older state; its new epoch is open. For the log. */
  readonly onRestoreFound?: (deskId: string) => void;
}

/**
 * The desk in its present epoch. A mark with the desk's own seal, of this very epoch, that the log does not have proves that
 * the database was replaced by an older state of itself: a new epoch begins at once, by whichever process gets there first (SY14).
 * So does a mark of any other epoch, with that seal, to a desk that knows of no restore: it was restored, and put back to before that.
 */
async function deskOf(
  deps: HelloDeps,
  reads: ChangeReads,
  deskId: string,
  marks: HelloRequest['marks'],
): Promise<DeskRow> {
  const desk = await reads.desk();
  const ours = marks.filter((mark) => isSealed(desk.sealKey, mark));
  const present = ours.filter((mark) => mark.epoch === desk.epoch);
  const hashes = await Promise.all(present.map((mark) => reads.hashAt(mark.seq)));
  const known = present.every((mark, index) => hashes[index] === mark.hash);
  if (known && (desk.restoredAt !== null || present.length === ours.length)) return desk;
  const opened = await deps.desks.openEpoch(deskId, { from: desk.epoch, to: deps.newId(), at: deps.now() });
  if (opened) deps.onRestoreFound?.(deskId);
  return reads.desk();
}

/** Where store and console stand towards each other. */
export async function answerHello(
  deps: HelloDeps,
  principal: Principal,
  request: HelloRequest,
): Promise<HelloResponse> {
  const { deskId, deviceId } = principal;
  const reads = deps.changes.live(deskId);
  const [desk, head, lastN, known] = await Promise.all([
    deskOf(deps, reads, deskId, request.marks),
    reads.head(),
    reads.chainEnd(deviceId, request.incarnation),
    request.cursor === null ? null : reads.hashAt(request.cursor),
  ]);
  return {
    protocol: PROTOCOL_VERSION,
    minProtocol: deps.minProtocol ?? MIN_PROTOCOL_VERSION,
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
