import type { LogMark, SnapshotEntity } from '../../protocol/sync/messages.ts';
import type { Page } from './change-reads.ts';

/** Sessions that rows are kept for, of some 1.3 MB each: with more of them filling at once, the others are read for as they ask. */
const MOST = 16;
/** Rows that nobody came for in this time (ms) are dropped when others are read. */
const KEPT_MS = 5_000;

/** What rows are read by, but for who asks. */
export interface PageQuestion {
  readonly entity: SnapshotEntity;
  readonly after: string;
  readonly rows: number;
  readonly scopeVersion: string;
  readonly closedWindowDays: number | null;
}
interface Ahead {
  readonly question: PageQuestion;
  /** Where the log ended before the rows were read. */
  readonly mark: LogMark;
  readonly at: number;
  /** Null: the read failed. */
  readonly page: Promise<Page | null>;
}

/**
 * The first rows of the page that a session will ask for next, read while its console writes the one before. What is given out is what a read
 * of now would give: the log still ends where it did before they were read. One page a session.
 */
export interface ReadAhead {
  /** @param read called at once where there is room; where it rejects there will be nothing to take. */
  keep(sessionId: string, question: PageQuestion, mark: LogMark, read: () => Promise<Page>): void;
  /** Gives what is kept once, and drops it. @param markOfNow asked only where rows for the question are here. Null: none are, or something was written since. */
  take(sessionId: string, question: PageQuestion, markOfNow: () => Promise<LogMark>): Promise<Page | null>;
}

export function createReadAhead(now: () => number): ReadAhead {
  const kept = new Map<string, Ahead>();
  return {
    keep(sessionId, question, mark, read) {
      const at = now();
      for (const [other, ahead] of kept) if (at - ahead.at > KEPT_MS) kept.delete(other);
      if (kept.size < MOST) kept.set(sessionId, { question, mark, at, page: read().catch(() => null) });
    },
    async take(sessionId, question, markOfNow) {
      const ahead = kept.get(sessionId);
      kept.delete(sessionId);
      if (ahead === undefined || now() - ahead.at > KEPT_MS || !isSame(ahead.question, question)) return null;
      // A seal is of an epoch, a place and the hash up to it: equal seals, equal logs, equal rows.
      return (await markOfNow()).seal === ahead.mark.seal ? ahead.page : null;
    },
  };
}

const isSame = (a: PageQuestion, b: PageQuestion): boolean =>
  a.entity === b.entity &&
  a.after === b.after &&
  a.rows === b.rows &&
  a.scopeVersion === b.scopeVersion &&
  a.closedWindowDays === b.closedWindowDays;
