import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of the file that is being written; there is one older one beside it. */
const MAX_BYTES = 1_000_000;

export const logFiles = (folder: string, component: string) => ({
  present: join(folder, `${component}.log`),
  older: join(folder, `${component}.1.log`),
});

/** A log that is turned over at a size, so that it never fills a disk. One writer a component. */
export function openLogFile(folder: string, component: string, maxBytes = MAX_BYTES): { append(line: string): void } {
  const { present, older } = logFiles(folder, component);
  let bytes: number | null = null;

  function begin(): number {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return statSync(present, { throwIfNoEntry: false })?.size ?? 0;
  }
  return {
    append(line) {
      try {
        bytes ??= begin();
        if (bytes > 0 && bytes + line.length > maxBytes) {
          renameSync(present, older);
          bytes = 0;
        }
        appendFileSync(present, line, { mode: 0o600 });
        bytes += Buffer.byteLength(line);
      } catch {
        // A full disk, a folder that is gone, a file that another program holds: the next line begins anew.
        bytes = null;
      }
    },
  };
}
