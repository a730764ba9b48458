import { plantOf } from './plant.ts';

/** An answered command leaves the outbox at the next contact, so a restored store cannot get it back. */
export const prunedEarly = plantOf(() => ({
  outbox: (port) => ({ ...port, prune: () => port.prune(Number.MAX_SAFE_INTEGER) }),
}));
