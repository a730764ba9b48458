import type { DeskTransaction } from '../../src/store/commands/desk-port.ts';
import { plantOf } from './plant.ts';

/** The store does not look whether it has a command already: one that comes again takes effect again. */
export const missingDedupe = plantOf(({ desk }) => {
  const forgetful = (tx: DeskTransaction): DeskTransaction => ({
    ...tx,
    storedCommands: async () => [],
    // Their places are taken back, or the chain would tell.
    async lockChains(keys) {
      const heads = await tx.lockChains(keys);
      return heads.map((head) => ({ ...head, ...(before.get(`${head.deviceId} ${head.incarnation}`) ?? {}) }));
    },
    write: (writes) =>
      tx.write({
        ...writes,
        commands: writes.commands.filter(({ command }) => !desk.state().commands.has(command.id)),
      }),
  });
  /** Predecessor of the first command of each chain in the batch under way. */
  let before = new Map<string, { lastN: number; lastHash: string }>();
  return {
    store: ({ desks, changes }) => ({
      changes,
      desks: {
        ...desks,
        transactMarked: (deskId, sessionId, work) =>
          desks.transactMarked(deskId, sessionId, (tx) => work(forgetful(tx))),
      },
    }),
    routes: (routes) => ({
      ...routes,
      push(token, request) {
        before = new Map();
        for (const { deviceId, incarnation, n, prevHash } of request.commands) {
          const key = `${deviceId} ${incarnation}`;
          if (!before.has(key)) before.set(key, { lastN: n - 1, lastHash: prevHash });
        }
        return routes.push(token, request);
      },
    }),
  };
});
