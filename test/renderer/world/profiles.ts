import type { ConsoleResult } from '../../../src/protocol/console/methods.ts';

/** Accounts of the drawn computer: Marisol's, at work, and Ana's, who left something to send. */
export const profilesOf = (
  signedIn: boolean,
  pendingActs: number,
  lastUsedAt: number,
): ConsoleResult<'session.get'>['profiles'] => [
  { id: 'a', user: 'marisol@trabajo.gob.pe', personName: 'Marisol Tupa', pendingActs, signedIn, lastUsedAt },
  { id: 'b', user: 'ana@trabajo.gob.pe', personName: 'Ana Morales', pendingActs: 3, signedIn: false, lastUsedAt },
];
