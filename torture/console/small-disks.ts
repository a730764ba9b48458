import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const DISK_MB = 64;

/** A disk so small that it can be filled. */
export interface SmallDisk {
  /** The folder as processes on it see it. */
  readonly folder: string;
  /** The same as everybody else sees it. */
  readonly outside: string;
  /** Put before a command line to run it there. */
  readonly enter: readonly string[];
  /** Nothing but so many bytes stays free. */
  fill(leave: number): void;
  free(): void;
}
export interface SmallDisks {
  readonly disks: readonly SmallDisk[];
  close(): void;
}

/**
 * Small tmpfs, mounted in a user and mount namespace that no one else is in, and that lives as long as a process which holds it. Null where
 * the machine allows no such thing.
 */
export async function mountSmallDisks(root: string, count: number): Promise<SmallDisks | null> {
  if (process.platform !== 'linux') return null;
  const folders = Array.from({ length: count }, (_, n) => join(root, `disk-${n}`));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const mounts = folders.map((folder) => `mount -t tmpfs -o size=${DISK_MB}m tmpfs '${folder}'`);
  const script = [...mounts, 'echo mounted', 'exec sleep infinity'].join(' && ');
  const holder = spawn('unshare', ['-rm', 'setpriv', '--pdeathsig', 'KILL', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (!(await saysSo(holder)) || holder.pid === undefined) {
    holder.kill('SIGKILL');
    return null;
  }
  const enter = ['nsenter', '--target', String(holder.pid), '--user', '--mount', '--preserve-credentials', '--'];
  return {
    disks: folders.map((folder) => smallDisk(folder, `/proc/${holder.pid}/root${folder}`, enter)),
    close: () => void holder.kill('SIGKILL'),
  };
}

const saysSo = (holder: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => {
    holder.stdout?.on('data', (text: Buffer) => resolve(text.includes('mounted')));
    holder.on('exit', () => resolve(false));
    holder.on('error', () => resolve(false));
  });

function smallDisk(folder: string, outside: string, enter: readonly string[]): SmallDisk {
  const filler = join(outside, 'filler');
  return {
    folder,
    outside,
    enter,
    fill(leave) {
      const file = openSync(filler, 'w');
      const piece = Buffer.alloc(1_048_576, 1);
      let size = 0;
      try {
        for (;;) size += writeSync(file, piece);
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error;
      } finally {
        ftruncateSync(file, Math.max(0, size - leave));
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
  };
}
