import { planDirectory } from '../plan-directory.ts';
import type { PlannedCommand } from '../planned-command.ts';
import { type CaseTally, emptyTally } from './case-tally.ts';
import { directoryOf } from './directory.ts';
import { planCase } from './plan-case.ts';
import type { Log } from './read-log.ts';

/** Moves between tiers, `"1→2"` to how often. */
export type Moves = Record<string, number>;

export interface LogCounts {
  readonly tickets: number;
  readonly moves: Moves;
  /** Cases by the tier that they begin at. */
  readonly startsAt: Record<string, number>;
  readonly reopenings: number;
}
export interface LogPlan {
  readonly directory: ReturnType<typeof directoryOf>;
  /** In time order; within a case, in the log's order. */
  readonly commands: readonly PlannedCommand[];
  readonly tally: CaseTally;
  readonly counts: LogCounts;
}

export function planLog(log: Log, importerId: string): LogPlan {
  const directory = directoryOf(log);
  const tally = emptyTally();
  const planner = { fileHash: log.fileHash, directory: planDirectory(directory), importerId };
  const commands = log.cases.flatMap((source, index) => planCase(planner, source, index, tally));
  // Array.prototype.sort is stable: acts of one case that share a time keep their order.
  commands.sort((a, b) => a.sortAt - b.sortAt);
  return { directory, commands, tally, counts: countsOf(log) };
}

/** The log's own figures, from its rows alone: every adjacent pair of a case in file order, whatever the status. */
export function countsOf({ cases }: Log): LogCounts {
  const moves: Moves = {};
  const startsAt: Record<string, number> = {};
  let reopenings = 0;
  for (const { rows } of cases) {
    const first = rows[0];
    if (first !== undefined) startsAt[first.line] = (startsAt[first.line] ?? 0) + 1;
    for (let i = 1; i < rows.length; i++) {
      const [a, b] = [rows[i - 1], rows[i]];
      if (a === undefined || b === undefined) continue;
      if (a.line !== b.line) moves[`${a.line}→${b.line}`] = (moves[`${a.line}→${b.line}`] ?? 0) + 1;
      if (a.status === 'Completed' && (b.status === 'Accepted' || b.status === 'Queued')) reopenings++;
    }
  }
  return { tickets: cases.length, moves, startsAt, reopenings };
}
