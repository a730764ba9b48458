import type { ConsoleError } from '../../../protocol/console/client.ts';
import { traceOf } from '../../../protocol/sync/trace.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { failed, storageError, troubleOf } from '../../failures.ts';
import type { Json, UsedDraft } from '../../ports/outbox.ts';
import { chainAfter } from '../../sync/chain.ts';
import type { Desk, World } from '../../world.ts';
import { missingFile, uploadsOf } from './held-files.ts';
import { type Act, type ActPlan, planActs } from './plan-acts.ts';

export interface WriteRequest {
  readonly acts: readonly Act[];
  readonly atomic: boolean;
  /** Null: the caller repeats nothing. */
  readonly requestId: string | null;
  readonly clearDraft: UsedDraft | null;
  /** What a repetition of the request is told. */
  readonly answer: (plan: ActPlan) => Json;
  /** Counter of provisional codes after these acts; absent when none was used. */
  readonly provisionalCounter?: number;
}

/**
 * The only way into the outbox. Order: rules, then one durable write of everything (commands, answer, draft), then the push goes out, then
 * the overlay, then news. Nothing that comes from outside gets between: the next act is judged with this one. What this returns as written is on the disk (SY1); an overlay that cannot be written costs only what is shown,
 * and is made again later.
 */
export async function writeActs(
  world: World,
  { runtime, session }: Desk,
  request: WriteRequest,
): Promise<Result<ActPlan, ConsoleError>> {
  const { deps, hub } = world;
  const { outbox, cache } = runtime.files;
  const identity = outbox.identity();
  if (identity === null) return failed('notSignedIn');
  /** One that is not held may have been opened online. */
  const shown = (ticketId: string) =>
    cache.shown(ticketId) ?? world.online.folded(runtime, session, ticketId)?.ticket ?? null;
  const plan = planActs(request.acts, request.atomic, {
    session,
    directory: cache.directory(),
    otherTicket: shown,
    shown,
    base: (ticketId) => cache.base(ticketId) ?? world.online.base(runtime, ticketId),
    lacks: (act) => missingFile(act, runtime.files),
    newId: deps.random.id,
    time: runtime.time.stamp(),
  });
  if (plan.commands.length === 0) return ok(plan);

  const now = deps.clock.now();
  const provisionalCounter = request.provisionalCounter ?? identity.provisionalCounter;
  const chained = chainAfter(
    { ...identity, provisionalCounter },
    plan.commands.map((planned) => planned.command),
    deps.hasher,
  );
  const uploads = uploadsOf(plan.commands, now);
  const written = outbox.append({
    commands: chained.links.map((link, index) => ({
      ...link,
      label: plan.commands[index]?.label ?? { code: '', subject: '' },
      createdAt: now,
    })),
    identity: chained.identity,
    request:
      request.requestId === null
        ? null
        : // In the store's time, by which it is forgotten: a wall clock that jumps must not make a repetition a second act.
          { id: request.requestId, answer: request.answer(plan), at: runtime.time.storeNow() },
    clearDraft: request.clearDraft,
    uploads,
  });
  if (!written.ok) {
    runtime.engine.trouble(troubleOf(written.error));
    return storageError(written.error);
  }

  for (const { command } of plan.commands)
    deps.log.write('info', 'actSaved', { trace: traceOf(command.id), type: command.type });
  runtime.engine.workAdded();
  await deps.timers.sent();
  const ticketIds = new Set(plan.commands.map((planned) => planned.command.ticketId));
  const overlaid = runtime.overlays.refresh(ticketIds);
  if (overlaid.ok) runtime.engine.trouble(null);
  else {
    deps.log.write('error', 'overlayNotWritten', { code: overlaid.error.code });
    runtime.engine.trouble(troubleOf(overlaid.error));
  }
  hub.emit('outbox', { count: plan.commands.length });
  hub.emit('connection');
  if (overlaid.ok) for (const ticketId of overlaid.value) ticketIds.add(ticketId);
  hub.emit('queue', { count: ticketIds.size });
  for (const ticketId of ticketIds) hub.emit('ticket', { ticketId });
  for (const ticketId of new Set(uploads.map((upload) => upload.ticketId)))
    runtime.attachments.transfers.changed(ticketId);
  return ok(plan);
}
