import type { LogPort } from '../core/ports/log.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** One JSON line an event, to standard error: standard output belongs to the host's own messages. */
export function createLineLog(component: string, least: (typeof levels)[number] = 'info'): LogPort {
  return {
    write(level, event, details) {
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      process.stderr.write(
        `${JSON.stringify({ time: new Date().toISOString(), level, component, event, ...details })}\n`,
      );
    },
  };
}
