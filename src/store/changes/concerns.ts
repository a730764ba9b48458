import type { ScopeGrant, ScopeKeys } from '../../domain/scope.ts';
import { mayHaveHeld } from '../scope/ticket-scope.ts';

/** One place of the log, as far as it says whom it concerns. Both null: no ticket. */
export interface ChangedKeys {
  readonly seq: number;
  readonly before: ScopeKeys | null;
  readonly after: ScopeKeys | null;
}
/** Whether somebody with this grant may hold, or have held, any of what changed. */
export type Concerns = (grant: ScopeGrant) => boolean;

export const concernsAll: Concerns = () => true;

/** Of changes that are tickets all: who may see one of them as it is, or as it was. The directory is everybody's. */
export function concernsOf(changes: readonly ChangedKeys[]): Concerns {
  if (changes.some(({ before, after }) => before === null && after === null)) return concernsAll;
  const keys = changes.flatMap(({ before, after }) => [before, after]).filter((one) => one !== null);
  return (grant) => keys.some((one) => mayHaveHeld(grant, one));
}
