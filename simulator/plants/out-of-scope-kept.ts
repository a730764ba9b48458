import { plantOf } from './plant.ts';

/** Rows that left the person's scope stay in the cache. */
export const outOfScopeKept = plantOf(() => ({
  cache: (port) => ({
    ...port,
    transaction: (work) => port.transaction((tx) => work({ ...tx, removeTicket: () => {}, endFill: () => {} })),
  }),
}));
