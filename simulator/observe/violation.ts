/** Rules of docs/spec/sync.md, and `BUG` for what only a bug does: an exception in a loop, a rejection that nobody took. */
export type Rule =
  | 'SY1'
  | 'SY2'
  | 'SY3'
  | 'SY4'
  | 'SY5'
  | 'SY6'
  | 'SY7'
  | 'SY8'
  | 'SY9'
  | 'SY10'
  | 'SY11'
  | 'SY12'
  | 'SY13'
  | 'SY14'
  | 'SY15'
  | 'SY16'
  | 'BUG';

export interface Violation {
  readonly rule: Rule;
  readonly text: string;
  /** True time since the beginning of the history. */
  readonly atMs: number;
}

/** Keeps the first violation of a history; whoever steps through it looks here after every event. */
export interface Court {
  accuse(rule: Rule, text: string): void;
  verdict(): Violation | null;
}
export function createCourt(elapsed: () => number): Court {
  let first: Violation | null = null;
  return {
    accuse(rule, text) {
      first ??= { rule, text, atMs: elapsed() };
    },
    verdict: () => first,
  };
}
