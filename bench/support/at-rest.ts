import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 1_000;
/** Of a core; a console that only listens takes far less. */
const REST = 0.03;
const LIMIT_MS = 600_000;

/**
 * Waits until this process, with the consoles in it, has nothing left to do: a contact begins with a comparison of digests beside the work,
 * which takes the longer the more is held. Gives the milliseconds that it took.
 */
export async function untilAtRest(): Promise<number> {
  const began = performance.now();
  for (;;) {
    const before = process.cpuUsage();
    const at = performance.now();
    await sleep(LOOK_MS);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1_000 / (performance.now() - at) < REST) return performance.now() - began;
    if (performance.now() - began > LIMIT_MS) throw new Error('the consoles do not come to rest');
  }
}
