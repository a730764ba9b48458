import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** `gone` waits until nobody is left and ends what is left then; it answers how many that were. */
export type Group = { members(): number[]; kill(): void; gone(withinMs: number): Promise<number> };

/** The processes of one process group, by the kernel's own table: the leader may be gone while its children live. */
export function createGroup(leader: number): Group {
  const members = (): number[] => {
    // Without the kernel's table only whether anybody is left can be asked.
    if (!existsSync('/proc/self/stat')) return isAnybodyLeft(leader) ? [leader] : [];
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => belongs(pid, leader));
  };
  const kill = (): void => {
    try {
      process.kill(-leader, 'SIGKILL');
    } catch {
      // There is nobody left in the group.
    }
  };
  return {
    members,
    kill,
    gone: async (withinMs) => {
      const until = Date.now() + withinMs;
      let killed = 0;
      for (let left = members(); left.length > 0; left = members()) {
        if (Date.now() > until) {
          killed = Math.max(killed, left.length);
          kill();
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      return killed;
    },
  };
}

function belongs(pid: number, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state !== 'Z' && state !== 'X' && Number(pgrp) === group;
  } catch {
    return false;
  }
}

function isAnybodyLeft(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch {
    return false;
  }
}
