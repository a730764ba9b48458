import { z } from 'zod';
import { serveCalls, tell } from '../../support/serve-calls.ts';
import { wallClock } from '../support/live-rounds.ts';
import { loadModel, type ZeroClient } from './model.ts';

/** A console on Zero in a process of its own. On Node its store is in memory. */
const [cacheURL = '', storageKey = ''] = process.argv.slice(2);
const { zero, schema, mutators, queries } = await loadModel();
const noteSchema = z.object({ id: z.string(), ticketId: z.string(), text: z.string() });
let client: ZeroClient | null = null;

serveCalls(
  {
    /** Resolves with how many notes there are once all that the server has is here. */
    live: () =>
      new Promise((resolve) => {
        client = new zero.Zero({
          userID: 'desk',
          storageKey,
          cacheURL,
          schema,
          mutators,
          kvStore: 'mem',
          logLevel: 'error',
        });
        const held = new Set<string>();
        client.materialize(queries.notes()).addListener((rows, state) => {
          const at = wallClock();
          for (const { id } of rows) {
            if (held.has(id)) continue;
            held.add(id);
            tell('arrived', { id, at });
          }
          if (state === 'complete') resolve(rows.length);
        });
      }),
    async note(params) {
      const note = noteSchema.parse(params);
      const at = wallClock();
      const sent = client?.mutate(mutators.note.add(note));
      // The last may still be under way when the console is closed.
      sent?.server.catch(() => undefined);
      await sent?.client;
      return at;
    },
  },
  async () => {
    await client?.close();
  },
);
