import { COMMAND_VERSION } from '../../domain/commands.ts';
import { CHAIN_START, commandHashInput, outcomeSchema, type WireCommand } from '../../protocol/sync/command.ts';
import { PUSH_MAX_COMMANDS } from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { type PushDeps, type PushFailure, processPush } from '../commands/process-push.ts';
import type { PlannedCommand } from './planned-command.ts';

export interface SubmitDeps extends PushDeps {
  readonly principal: Principal;
  /** Chain of this plan: the same source always writes to the same one, which is how it knows where it stopped. */
  readonly incarnation: string;
  readonly onProgress: (done: number, total: number) => void;
  /** True: stop after the batch under way. The next run goes on from there. */
  readonly shouldStop: () => boolean;
}
export interface SubmitReport {
  readonly total: number;
  /** Written by an earlier run of the same plan. */
  readonly resumedAt: number;
  readonly stopped: boolean;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly refused: readonly { readonly commandId: string; readonly type: string; readonly code: string }[];
}

/** Sends a plan through the same command processing as any console, in its order, in batches that resume. */
export async function submitPlan(
  deps: SubmitDeps,
  plan: readonly PlannedCommand[],
): Promise<Result<SubmitReport, PushFailure>> {
  const { principal, incarnation } = deps;
  const chain = { deviceId: principal.deviceId, incarnation };
  const heads = await deps.desks.transact(principal.deskId, (tx) => tx.lockChains([chain]));
  if (!heads.ok) return err({ code: 'busy' });
  const resumedAt = heads.value[0]?.lastN ?? 0;
  const verdicts: Record<string, number> = {};
  const refused: SubmitReport['refused'][number][] = [];
  let prevHash = CHAIN_START;
  let batch: WireCommand[] = [];

  const send = async (): Promise<Result<null, PushFailure>> => {
    const answer = await processPush(deps, principal, { commands: batch });
    if (!answer.ok) return answer;
    answer.value.results.forEach((result, index) => {
      const { verdict, commandId } = outcomeSchema.parse(JSON.parse(result.outcome));
      verdicts[verdict.kind] = (verdicts[verdict.kind] ?? 0) + 1;
      if (verdict.kind === 'refused')
        refused.push({ commandId, type: batch[index]?.type ?? '', code: verdict.refusal.code });
    });
    batch = [];
    return ok(null);
  };

  for (const [index, planned] of plan.entries()) {
    const command = toWire(planned, chain, index + 1, prevHash);
    prevHash = deps.sha256(commandHashInput(command));
    if (index < resumedAt) continue;
    batch.push(command);
    if (batch.length < PUSH_MAX_COMMANDS && index < plan.length - 1) continue;
    const sent = await send();
    if (!sent.ok) return sent;
    deps.onProgress(index + 1, plan.length);
    if (deps.shouldStop())
      return ok({ total: plan.length, resumedAt, stopped: index < plan.length - 1, verdicts, refused });
  }
  return ok({ total: plan.length, resumedAt, stopped: false, verdicts, refused });
}

/** A plan has no clock of its own: its times are the source's, so that a second run hashes to the same chain. */
const toWire = (
  planned: PlannedCommand,
  chain: { deviceId: string; incarnation: string },
  n: number,
  prevHash: string,
): WireCommand => ({
  id: planned.id,
  ...chain,
  n,
  prevHash,
  commandVersion: COMMAND_VERSION,
  ticketId: planned.ticketId,
  time: { deviceAt: planned.at, bootId: 'plan', monotonicMs: n, lastOffset: 0 },
  seenVersion: null,
  onBehalf: { personId: planned.personId, occurredAt: planned.at },
  type: planned.command.type,
  payload: planned.command.payload,
});
