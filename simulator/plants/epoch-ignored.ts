import { ok } from '../../src/shared/result.ts';
import { plantOf } from './plant.ts';

/** Another epoch changes nothing for what was answered: it is not sent again. */
export const epochIgnored = plantOf(() => ({
  outbox: (port) => ({ ...port, oweReplay: () => ok({ owed: 0 }) }),
}));
