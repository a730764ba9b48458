import { readFileSync } from 'node:fs';
import { type ReportLogLine, reportLogLineSchema, type SupportFiles } from '../protocol/console/support-methods.ts';
import { logFolder } from './log.ts';
import { logFiles } from './log-file.ts';
import { parseJson } from './outbox-row.ts';

/** Threads and processes of a console that write a log. */
const COMPONENTS = ['host', 'engine', 'reader'] as const;
/** Together they stay far below what a frame takes. */
const LINES = 2_000;
const CHARACTERS = 400_000;

/** The newest lines of each log, each checked to be what this program writes: another line is counted and left out. */
export const readLogs = (dataDir: string): SupportFiles['logs'] =>
  COMPONENTS.map((component) => {
    const { present, older } = logFiles(logFolder(dataDir), component);
    const texts = [textOf(older), textOf(present)];
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const lines = texts.join('').split('\n').filter(Boolean);
    const kept: ReportLogLine[] = [];
    let room = CHARACTERS;
    for (const line of lines.slice(-LINES).reverse()) {
      room -= line.length;
      if (room < 0) break;
      const parsed = reportLogLineSchema.safeParse(parseJson(line));
      if (parsed.success) kept.push(parsed.data);
    }
    return { component, bytes, leftOut: lines.length - kept.length, lines: kept.reverse() };
  });

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
