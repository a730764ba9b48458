import { readdirSync, readFileSync } from 'node:fs';

export type Group = { members(): number[]; kill(): void; gone(withinMs: number): Promise<void> };

/** The processes of one process group, by the kernel's own table: the leader may be gone while its children live. */
export function createGroup(leader: number): Group {
  const members = (): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => belongs(pid, leader));
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
      while (members().length > 0) {
        // What did not end by itself in time is ended; a test that cares looks at `members` before.
        if (Date.now() > until) kill();
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
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
