import { ok } from '../../src/shared/result.ts';
import { plantOf } from './plant.ts';

/** A chain that the store does not follow is gone on with. */
export const forkIgnored = plantOf(() => ({
  outbox: (port) => ({ ...port, relink: () => ok(null) }),
}));
