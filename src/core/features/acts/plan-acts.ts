import { type CommandType, commandVersionOf } from '../../../domain/commands.ts';
import { parseCommand } from '../../../domain/parse-command.ts';
import type { Refusal } from '../../../domain/refusals.ts';
import { runCommand } from '../../../domain/run-command.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import type { ActResult } from '../../../protocol/console/methods.ts';
import type { WireCommand } from '../../../protocol/sync/command.ts';
import type { OutboxCommand } from '../../ports/outbox.ts';
import type { LooseCommand } from '../../sync/chain.ts';
import { type ContextSource, consoleContext } from '../../sync/decide-context.ts';

export interface Act {
  readonly ticketId: string;
  readonly type: CommandType;
  readonly payload: unknown;
}
export interface PlannedCommand {
  readonly command: LooseCommand;
  readonly label: OutboxCommand['label'];
}
export interface ActPlan {
  /** One for each act, in order. */
  readonly results: readonly ActResult[];
  readonly commands: readonly PlannedCommand[];
}
export interface PlanSource extends ContextSource {
  readonly shown: (ticketId: string) => Ticket | null;
  readonly base: (ticketId: string) => Ticket | null;
  /** Why this console cannot write an act, whatever the rules say of it; null: it can. */
  readonly lacks: (act: Act) => Refusal | null;
  readonly newId: () => string;
  readonly time: WireCommand['time'];
}

/**
 * Runs acts over what the screen shows, each after the ones before it, by the rules of the store. Nothing is written here: a
 * refused act never becomes a command. `atomic`: one refusal refuses all, each with that reason.
 */
export function planActs(acts: readonly Act[], atomic: boolean, source: PlanSource): ActPlan {
  const shownById = new Map<string, Ticket | null>();
  const others: ContextSource = {
    ...source,
    otherTicket: (ticketId) => shownById.get(ticketId) ?? source.otherTicket(ticketId),
  };
  const results: ActResult[] = [];
  const commands: PlannedCommand[] = [];
  for (const act of acts) {
    const { ticketId, type, payload } = act;
    const shown = shownById.get(ticketId) ?? source.shown(ticketId);
    const parsed = parseCommand(type, payload);
    const id = source.newId();
    const loose = { id, time: source.time, seenVersion: source.base(ticketId)?.version ?? null };
    const run = parsed.ok ? runCommand(shown, ticketId, parsed.value, consoleContext(loose, others)) : null;
    const refusal = !parsed.ok
      ? parsed.error
      : run?.decision.kind === 'refused'
        ? run.decision.refusal
        : source.lacks(act);
    if (refusal !== null || !parsed.ok || run === null) {
      const no = refusal ?? { code: 'invalid' as const, params: { field: type } };
      if (atomic)
        return { results: acts.map((each) => ({ ok: false, ticketId: each.ticketId, refusal: no })), commands: [] };
      results.push({ ok: false, ticketId, refusal: no });
      continue;
    }
    shownById.set(ticketId, run.ticket);
    results.push({ ok: true, commandId: id, ticketId });
    commands.push({
      command: {
        ...loose,
        commandVersion: commandVersionOf(type),
        ticketId,
        onBehalf: null,
        type,
        payload: parsed.value.payload,
      },
      label: { code: run.ticket?.number ?? run.ticket?.provisionalCode ?? '', subject: run.ticket?.subject ?? '' },
    });
  }
  return { results, commands };
}
