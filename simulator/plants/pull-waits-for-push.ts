import { plantOf } from './plant.ts';

/** Nothing is pulled while something waits to be sent: whoever is put off hears nothing either. */
export const pullWaitsForPush = plantOf(({ scheduler }) => ({
  client: (port, machine) => ({
    ...port,
    async *pull(token, request) {
      while (machine.process() !== null && machine.disk.outbox.open.size > 0)
        await new Promise<void>((resolve) => void scheduler.after(1_000, resolve));
      yield* port.pull(token, request);
    },
  }),
}));
