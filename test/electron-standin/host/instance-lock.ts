import { randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export type SecondInstance = { argv: string[]; cwd: string; data: unknown };
export type InstanceLock = { release(): void };

/**
 * The single-instance lock of a user-data folder: a file that is linked into place whole, owned as long as its process
 * lives. A second instance leaves its arguments in the owner's inbox, and is told at once that it is the second.
 */
export function takeInstanceLock(
  userData: string,
  mine: SecondInstance,
  onSecond: (other: SecondInstance) => void,
): InstanceLock | undefined {
  const home = join(userData, 'electron-standin');
  const inbox = join(home, 'second-instances');
  mkdirSync(inbox, { recursive: true });
  const file = join(home, 'instance.lock');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, began: beganAt(process.pid) }));
  try {
    for (;;) {
      try {
        linkSync(draft, file);
        break;
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
      }
      if (ownerLives(file)) {
        const name = join(inbox, `${Date.now()}-${randomUUID()}`);
        writeFileSync(`${name}.part`, JSON.stringify(mine));
        renameSync(`${name}.part`, `${name}.json`);
        return undefined;
      }
      rmSync(file, { force: true });
    }
  } finally {
    unlinkSync(draft);
  }
  for (const left of readdirSync(inbox)) rmSync(join(inbox, left), { force: true });
  const read = (): void => {
    // A test that removes its folder under us has no second instance to tell of.
    if (!existsSync(inbox)) return;
    for (const name of readdirSync(inbox).sort()) {
      if (!name.endsWith('.json')) continue;
      const other = JSON.parse(readFileSync(join(inbox, name), 'utf8')) as SecondInstance;
      rmSync(join(inbox, name));
      onSecond(other);
    }
  };
  const watcher = watch(inbox, { persistent: false }, read);
  return {
    release: () => {
      watcher.close();
      rmSync(file, { force: true });
    },
  };
}

function ownerLives(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return false;
  }
  const owner = JSON.parse(text) as { pid: number; began: string | undefined };
  const began = beganAt(owner.pid);
  return began !== undefined && began === owner.began;
}

/** When a process began, in the kernel's ticks: with it a number that was given again is told from its first owner. */
function beganAt(pid: number): string | undefined {
  try {
    // Where there is no such table, being there at all must do.
    if (!existsSync('/proc/self/stat')) return String(process.kill(pid, 0));
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
