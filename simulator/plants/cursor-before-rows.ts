import type { CachePort } from '../../src/core/ports/cache.ts';
import type { PullPart } from '../../src/core/ports/store-client.ts';
import type { Machine } from '../console/machine.ts';
import { plantOf } from './plant.ts';

/** The cursor is saved as the answer of a pull comes in, and its rows after that: a death between the two loses them. */
export const cursorBeforeRows = plantOf(() => {
  const caches = new Map<Machine, CachePort>();
  return {
    cache(port, machine) {
      caches.set(machine, port);
      return port;
    },
    client: (port, machine) => ({
      ...port,
      async *pull(token, request) {
        const parts: PullPart[] = [];
        for await (const part of port.pull(token, request)) parts.push(part);
        const end = parts.at(-1);
        const cache = caches.get(machine);
        if (end?.kind === 'end' && cache !== undefined) {
          const { cursor, logHash, seal } = end;
          cache.transaction((tx) => tx.setMeta({ ...cache.meta(), cursor, logHash, seal }));
        }
        yield* parts;
      },
    }),
  };
});
