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
}
