import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
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
  let open: { readonly fd: number; bytes: number } | null = null;

  function begin(): { readonly fd: number; bytes: number } {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fd = openSync(present, 'a', 0o600);
    return { fd, bytes: fstatSync(fd).size };
  }
  function end(): void {
    const last = open;
    open = null;
    if (last !== null) closeSync(last.fd);
  }
  return {
    append(line) {
      try {
        open ??= begin();
        const bytes = Buffer.byteLength(line);
        if (open.bytes > 0 && open.bytes + bytes > maxBytes) {
          // Closed first: a file that is open keeps its name on Windows.
          end();
          renameSync(present, older);
          open = begin();
        }
        writeSync(open.fd, line);
        open.bytes += bytes;
      } catch {
        // A full disk, a folder that is gone, a file that another program holds: the next line begins anew.
        try {
          end();
        } catch {
          open = null;
        }
      }
    },
  };
}
