import { join } from 'node:path';
import { type LogDetails, type LogPort, WORDS_A_LINE } from '../core/ports/log.ts';
import { faultOf } from '../shared/fault.ts';
import { openLogFile } from './log-file.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** Words of this program and ids: nothing with a space in it, and nothing long. */
const WORD = /^[\w.:-]{1,64}$/u;
const LEFT_OUT = '(left out)';
const wordOf = (value: string): string => (WORD.test(value) ? value : LEFT_OUT);

/** The types say that nothing else comes here; what a mistake lets through all the same is left out. */
function plain(details: LogDetails): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(details)) {
    if (value === undefined) continue;
    if (value === null || typeof value === 'number') told[key] = value;
    else if (typeof value === 'string') told[key] = wordOf(value);
    else if (Array.isArray(value)) told[key] = value.slice(0, WORDS_A_LINE).map((word) => wordOf(String(word)));
    else if (key === 'error' && details.error !== undefined) told[key] = details.error;
    else told[key] = LEFT_OUT;
  }
  return told;
}

/** Where the components of a console keep their logs. */
export const logFolder = (dataDir: string): string => join(dataDir, 'console', 'logs');

/**
 * One JSON line an event: in the component's file, and from `warn` on standard error as well (standard output belongs to the
 * host's own messages). A log that cannot be written stops nothing.
 */
export function createLineLog(component: string, dataDir: string, least: Level = 'info'): LogPort {
  const file = openLogFile(logFolder(dataDir), component);
  return {
    write(level, event, details) {
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      const line = `${JSON.stringify({ time: new Date().toISOString(), level, component, event, ...plain(details) })}\n`;
      file.append(line);
      if (level === 'warn' || level === 'error') process.stderr.write(line);
    },
  };
}

/** Ends of a thread that nobody caught are in its log before they end it. */
export function logUncaught(log: LogPort): void {
  process.on('uncaughtExceptionMonitor', (error) => log.write('error', 'uncaught', { error: faultOf(error) }));
}
