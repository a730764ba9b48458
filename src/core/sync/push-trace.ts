import { traceOf, traceparentOf } from '../../protocol/sync/trace.ts';
import type { CoreDeps } from '../deps.ts';
import { WORDS_A_LINE } from '../ports/log.ts';
import type { OutboxCommand, RecordedOutcome } from '../ports/outbox.ts';

/**
 * Tells the log what a push sends and what comes of it, by the traces of all its commands. A push is traced as its first command; its spans
 * are made of that, of a count and of the time since boot, so that the same history gives the same bytes (SY13).
 */
export function createPushTrace({ log, hasher, clock }: Pick<CoreDeps, 'log' | 'hasher' | 'clock'>) {
  let sent = 0;
  return {
    /** The `traceparent` of the next request that carries these commands, in a batch of at least one. */
    next(commands: readonly OutboxCommand[]): string {
      sent += 1;
      const [trace = '', ...others] = commands.map(({ wire }) => traceOf(wire.id));
      const span = hasher.sha256Hex(`${trace} ${sent} ${clock.monotonicMs()}`).slice(0, 16);
      const told = { trace, span, commands: commands.length };
      if (others.length === 0) log.write('info', 'pushSent', told);
      for (let at = 0; at < others.length; at += WORDS_A_LINE)
        log.write('info', 'pushSent', { ...told, traces: others.slice(at, at + WORDS_A_LINE) });
      return traceparentOf(trace, span);
    },
    answered(outcomes: readonly RecordedOutcome[]): void {
      for (const { commandId, outcome } of outcomes) {
        const { verdict } = outcome;
        const code = verdict.kind === 'refused' ? verdict.refusal.code : null;
        log.write('info', 'actAnswered', { trace: traceOf(commandId), verdict: verdict.kind, code });
      }
    },
  };
}
