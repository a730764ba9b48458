import { readFile } from 'node:fs/promises';

/** Most memory that a process ever held, in millions of bytes; Linux tells. */
export async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1_024) / 1e6;
}
