import type { Fault } from '../../shared/fault.ts';

/** A word that this program wrote: a code, the name of a kind, an id. Never what a person wrote. */
type Word = string;

/** As many words as a list in a line holds: what has more is told in several lines. */
export const WORDS_A_LINE = 20;

/**
 * All that a line may hold beside its event. The list is closed, and none of it is made of what people write: so no password, no
 * token, no name and no text of a ticket comes into a log.
 */
export interface LogDetails {
  /** Trace of an act: the id of its command without hyphens. */
  readonly trace?: Word;
  readonly span?: Word;
  readonly code?: Word | null;
  readonly kind?: Word;
  readonly way?: Word;
  readonly type?: Word;
  readonly verdict?: Word;
  readonly method?: Word;
  readonly profile?: Word;
  /** Further traces of the same event, at most `WORDS_A_LINE`. */
  readonly traces?: readonly Word[];
  /** Rows, each by entity and id. */
  readonly first?: readonly Word[];
  readonly error?: Fault;
  readonly commands?: number;
  readonly drafts?: number;
  readonly lost?: number;
  readonly unsent?: number;
  readonly count?: number;
  readonly lastN?: number;
  readonly mine?: number;
  readonly theirs?: number;
  readonly rows?: number;
  readonly tried?: number;
  readonly mended?: number;
  readonly differed?: number;
  readonly at?: number;
  readonly ms?: number;
}

/** Structured, one line an event. */
export interface LogPort {
  write(level: 'debug' | 'info' | 'warn' | 'error', event: string, details: LogDetails): void;
}
