import type { StoreErrorCode } from '../../protocol/sync/auth.ts';
import type { LogMark } from '../../protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION } from '../../protocol/versions.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { isPutBack } from '../epoch/seal.ts';
import type { ChangeDeps } from './change-deps.ts';
import type { ChangeReads, DeskRow, NearHead } from './change-reads.ts';

/** Why a read gave nothing; `code` is the wire's. */
export type ReadFailure =
  | { readonly code: 'EPOCH'; readonly details: { readonly epoch: string } }
  | { readonly code: 'SCOPE'; readonly details: { readonly scopeVersion: string } }
  | { readonly code: Extract<StoreErrorCode, 'protocolTooOld' | 'badRequest'>; readonly details?: undefined };

/** What needs no database: the protocol, and the scope that the console believes to have (SY7). */
export function checkAsker(
  { minProtocol = MIN_PROTOCOL_VERSION }: Pick<ChangeDeps, 'minProtocol'>,
  principal: Principal,
  request: { readonly protocol: number; readonly scopeVersion?: string },
): Result<null, ReadFailure> {
  if (request.protocol < minProtocol) return err({ code: 'protocolTooOld' });
  const { scopeVersion } = principal;
  if (request.scopeVersion !== undefined && request.scopeVersion !== scopeVersion) {
    return err({ code: 'SCOPE', details: { scopeVersion } });
  }
  return ok(null);
}

/** Where a console stands, and what it was told of beyond. */
interface Asked {
  readonly epoch: string;
  readonly cursor: number;
  readonly logHash?: string | undefined;
  readonly mark?: LogMark | undefined;
}
export interface Standing {
  readonly desk: DeskRow;
  readonly cursorHash: string;
}

/** Whether the console's cursor is a place of this log in this epoch; whatever else is asked for shares the round trip. */
export async function readStanding<T>(
  reads: ChangeReads,
  request: Asked,
  besides: Promise<T>,
): Promise<Result<Standing & { readonly besides: T }, ReadFailure>> {
  const { mark } = request;
  const [desk, cursorHash, hashAtMark, rest] = await Promise.all([
    reads.desk(),
    reads.hashAt(request.cursor),
    mark === undefined ? null : reads.hashAt(mark.seq),
    besides,
  ]);
  const standing = standingOf(request, { desk, cursorHash, hashAtMark });
  return standing.ok ? ok({ ...standing.value, besides: rest }) : standing;
}

/** The same of what was read already. */
export function standingOf(
  { epoch, logHash, mark }: Asked,
  { desk, cursorHash, hashAtMark }: Pick<NearHead, 'desk' | 'cursorHash' | 'hashAtMark'>,
): Result<Standing, ReadFailure> {
  // A log put back to an older state and grown again has the place, with another hash.
  const another = logHash !== undefined && logHash !== cursorHash;
  if (desk.epoch !== epoch || cursorHash === null || another || isPutBack(desk, mark, hashAtMark))
    return err({ code: 'EPOCH', details: { epoch: desk.epoch } });
  return ok({ desk, cursorHash });
}
