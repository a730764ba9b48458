/** What the rows became, for the report: nothing of the log is dropped in silence. */
export interface CaseTally {
  /** Adjacent pairs of the log that go from Completed back to work. */
  reopened: number;
  /** Reopened after a row whose status has no counterpart: not an adjacent pair. */
  reopenedAfterUnmapped: number;
  /** Completed rows that move a completed ticket: reopened, moved, completed again. */
  reopenedForMove: number;
  /** Changes of group within a line. */
  regrouped: number;
  /** Rows that change nothing but the time: kept as notes. */
  unchanged: number;
  /** Rows whose status has no counterpart: kept as notes. */
  unmapped: number;
  /** Waits whose reason the log does not name exactly. */
  approximated: number;
  /** Completed again in other words: kept as notes. */
  repeatedCompletion: number;
  /** Acts that the domain refused. */
  readonly refused: { readonly row: number; readonly command: string; readonly code: string }[];
}

export const emptyTally = (): CaseTally => ({
  reopened: 0,
  reopenedAfterUnmapped: 0,
  reopenedForMove: 0,
  regrouped: 0,
  unchanged: 0,
  unmapped: 0,
  approximated: 0,
  repeatedCompletion: 0,
  refused: [],
});
