import type { LogMark, PushRequest } from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { type PushAnswer, type PushDeps, type PushFailure, processPush } from '../commands/process-push.ts';

export interface PushedAnswer extends PushAnswer {
  readonly serverTime: number;
  /** Every effect of this answer is at or before it. Null for the revoked, who are told nothing of the log. */
  readonly mark: LogMark | null;
}

/** A push and where the log stands after it. */
export async function answerPush(
  deps: PushDeps,
  principal: Principal,
  request: PushRequest,
): Promise<Result<PushedAnswer, PushFailure>> {
  const pushed = await processPush(deps, principal, request);
  if (!pushed.ok) return pushed;
  const mark = principal.revoked ? null : (pushed.value.mark ?? (await deps.desks.mark(principal.deskId)));
  return ok({ ...pushed.value, serverTime: deps.now(), mark });
}

/** Body of the answer. Outcomes go out as they are stored, byte for byte (SY11). */
export function pushedToText({ results, heldId, serverTime, mark }: PushedAnswer): string {
  const parts = results.map(({ replayed, outcome }) => `{"replayed":${replayed},"outcome":${outcome}}`);
  const held = heldId === null ? 'null' : JSON.stringify({ commandId: heldId, code: 'storeTooOld' });
  const head = mark?.seq ?? 0;
  return `{"results":[${parts.join(',')}],"held":${held},"serverTime":${serverTime},"head":${head},"mark":${JSON.stringify(mark)}}`;
}
