import type { Role } from '../../../src/domain/vocabulary.ts';
import type { Connection } from '../../../src/protocol/console/rows.ts';

/** What the drawn console is to show. */
export interface Scenario {
  readonly signedIn: boolean;
  readonly connection: Connection['state'];
  readonly role: Role;
  readonly person: number;
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: 'es' | 'en';
  readonly density: 'comfortable' | 'compact';
  readonly many: number;
  /** Acts already waiting, and one refused. */
  readonly withOutbox: boolean;
  readonly empty: boolean;
  /** Kinds of notices, newest first. */
  readonly notices: readonly string[];
  /** Store time less device time. */
  readonly clockSkewMs: number | null;
  readonly trouble: Connection['trouble'];
  /** A revoked device has erased itself: told to the desk, or not yet. */
  readonly farewell: 'none' | 'told' | 'untold';
  /** What this device has of the first copy, of 7,554. */
  readonly filled: number | null;
}
