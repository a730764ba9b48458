import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { spawnTestConsole } from '../../test/console-process/spawn.ts';
import { askQueue } from './ask-queue.ts';
import { fill } from './fill-console.ts';
import { serveCalls } from './serve-calls.ts';

const LOOK_MS = 25;

/** A console in a process of its own, which the bench can kill, and whose memory is nobody else's. */
const placeSchema = z.object({ storeUrl: z.string(), dataDir: z.string() });
const fillSchema = placeSchema.extend({ account: z.object({ user: z.string(), password: z.string() }) });

serveCalls(
  {
    fill(params) {
      const { storeUrl, dataDir, account } = fillSchema.parse(params);
      let tenths = 0;
      return fill(storeUrl, dataDir, account, ({ fill: progress }) => {
        if (progress === null || progress.total === null) return;
        const now = Math.floor((10 * progress.done) / progress.total);
        if (now === tenths) return;
        tenths = now;
        process.stderr.write(`  ${progress.done} of ${progress.total} rows\n`);
      });
    },
    /** A console that was killed: its session is there, and it goes on by itself. */
    async goOn(params) {
      const { storeUrl, dataDir } = placeSchema.parse(params);
      const spawned = await spawnTestConsole(storeUrl, dataDir);
      while ((await spawned.call('connection.get', {})).state !== 'online') await sleep(LOOK_MS);
      await spawned.console.stop();
      return null;
    },
    async queue(params) {
      const { storeUrl, dataDir } = placeSchema.parse(params);
      const spawned = await spawnTestConsole(storeUrl, dataDir);
      try {
        return await askQueue(spawned);
      } finally {
        await spawned.console.stop();
      }
    },
  },
  async () => undefined,
);
