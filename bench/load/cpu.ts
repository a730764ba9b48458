import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of a second in /proc: 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** Fields after the name of the program, which may hold anything. */
function fieldsOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Processor time of a process so far, in seconds; of its children that it waited for as well. 0: it is gone. */
function secondsOf(pid: number): number {
  const fields = fieldsOf(pid);
  if (fields === null) return 0;
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / TICKS_A_SECOND;
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && Number(fieldsOf(pid)?.[1]) === parent);

export interface CpuWatch {
  /** Cores used since the last call, or since the beginning. */
  take(): { readonly stores: number; readonly postgres: number; readonly clients: number };
}

/** Watches store processes, a PostgreSQL with its backends, and this process, which is the consoles. */
export function watchCpu(storePids: readonly number[], postmaster: number): CpuWatch {
  const read = () => ({
    at: performance.now(),
    stores: storePids.reduce((sum, pid) => sum + secondsOf(pid), 0),
    postgres: [postmaster, ...childrenOf(postmaster)].reduce((sum, pid) => sum + secondsOf(pid), 0),
    clients: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
  });
  let before = read();
  return {
    take() {
      const now = read();
      const seconds = (now.at - before.at) / 1_000;
      const cores = {
        stores: (now.stores - before.stores) / seconds,
        // A backend that ended meanwhile takes its time with it.
        postgres: Math.max(0, now.postgres - before.postgres) / seconds,
        clients: (now.clients - before.clients) / seconds,
      };
      before = now;
      return cores;
    },
  };
}
