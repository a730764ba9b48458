import type { Action } from './action.ts';
import { appActions } from './app-actions.ts';
import { goActions } from './go-actions.ts';
import { listActions } from './list-actions.ts';
import { ticketActions } from './ticket-actions.ts';

/** Every act of the console. Order is the order of palette and help; for one key, the first that applies. */
export const allActions: readonly Action[] = [...ticketActions, ...appActions, ...goActions, ...listActions];
