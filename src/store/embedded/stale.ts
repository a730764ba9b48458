import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** True when the process works in that data folder: a postmaster's working directory is its cluster. */
async function worksIn(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return isAlive(pid);
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return cwd === cluster;
}

const gone = async (pid: number, withinMs: number): Promise<boolean> => {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (!isAlive(pid)) return true;
    await sleep(50);
  }
  return !isAlive(pid);
};

/**
 * Clears what a killed process left: a postmaster of this cluster that still runs is asked to end (fast, then at once),
 * and a pid file whose process is gone, or is now another program, is removed.
 */
export async function clearStalePostmaster(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  const pid = Number.parseInt(text.split('\n')[0] ?? '', 10);
  if (Number.isInteger(pid) && pid > 1 && isAlive(pid) && (await worksIn(pid, cluster))) {
    process.kill(pid, 'SIGINT');
    if (!(await gone(pid, 10_000))) {
      process.kill(pid, 'SIGQUIT');
      if (!(await gone(pid, 5_000))) throw new Error(`PostgreSQL ${pid} of ${cluster} does not end: end it by hand`);
    }
  }
  await rm(file, { force: true });
}
