import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Breach } from '../observe/compare.ts';

/** What is known of a run so far, written down as it comes: a run that is cut off leaves it behind. */
export interface Evidence {
  readonly breaches: readonly Breach[];
  /** A line of `events.txt`. */
  note(words: string): void;
  accuse(rule: string, words: string): void;
  /** Milliseconds since the run began. */
  now(): number;
}

export function createEvidence(folder: string): Evidence {
  const began = performance.now();
  const breaches: Breach[] = [];
  const now = () => Math.round(performance.now() - began);
  const note = (words: string) => appendFileSync(join(folder, 'events.txt'), `${now()} ${words.trim()}\n`);
  return {
    breaches,
    note,
    accuse(rule, words) {
      breaches.push({ rule, words });
      note(`BREACH ${rule} ${words}`);
    },
    now,
  };
}
