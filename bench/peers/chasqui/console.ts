import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { spawnTestConsole } from '../../../test/console-process/spawn.ts';
import { fill } from '../../first-fill.ts';
import { serveCalls } from '../support/serve-calls.ts';

const LOOK_MS = 25;

/** A console in a process of its own, which the bench can kill. */
const fillSchema = z.object({
  storeUrl: z.string(),
  dataDir: z.string(),
  account: z.object({ user: z.string(), password: z.string() }),
});

serveCalls(
  {
    fill(params) {
      const { storeUrl, dataDir, account } = fillSchema.parse(params);
      return fill(storeUrl, dataDir, account);
    },
    /** A console that was killed: its session is there, and it goes on by itself. */
    async goOn(params) {
      const { storeUrl, dataDir } = fillSchema.parse(params);
      const spawned = await spawnTestConsole(storeUrl, dataDir);
      while ((await spawned.call('connection.get', {})).state !== 'online') await sleep(LOOK_MS);
      await spawned.console.stop();
      return null;
    },
  },
  async () => undefined,
);
