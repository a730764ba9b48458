import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/result.ts';

/*
 * A backup is one file:
 *   `chasqui-backup 1\n`
 *   the header, one line of JSON
 *   zstd of, for each table in the header's order: pieces of COPY text, each after its length (4 bytes), then a length of 0
 *   SHA-256 of everything before it, in hex, and `\n`
 */
export const BACKUP_FORMAT = 1;
export const MAGIC = 'chasqui-backup';
export const TRAILER_BYTES = 65;
const LONGEST_HEADER = 1_000_000;

export const backupHeaderSchema = z.object({
  createdAt: z.int(),
  /** Migrations of the schema that the rows are of, by their hash, oldest first. */
  migrations: z.array(z.string()),
  desks: z.array(z.object({ id: z.string(), name: z.string(), epoch: z.string(), head: z.int() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.int() })),
  sequences: z.array(z.object({ name: z.string(), last: z.int() })),
});
export type BackupHeader = z.infer<typeof backupHeaderSchema>;

export type BadFile =
  | { readonly code: 'unreadable'; readonly why: string }
  | { readonly code: 'notABackup' }
  | { readonly code: 'otherFormat'; readonly format: number }
  | { readonly code: 'cutShort' }
  | { readonly code: 'changed' };

export interface BackupFile {
  readonly path: string;
  readonly header: BackupHeader;
  /** First and last byte of the packed rows. */
  readonly from: number;
  readonly to: number;
}

const isNodeError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error;

/** Checks a file from its first to its last byte, and reads its header. Nothing of it is used before. */
export async function openBackup(path: string, onProgress: (done: number, total: number) => void) {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isNodeError(error)) return err<BadFile>({ code: 'unreadable', why: error.code ?? 'unknown' });
    throw error;
  }
  try {
    return await readOpened(file, path, onProgress);
  } catch (error) {
    if (isNodeError(error) && error.syscall === 'read')
      return err<BadFile>({ code: 'unreadable', why: error.code ?? 'unknown' });
    throw error;
  } finally {
    await file.close();
  }
}

async function readOpened(
  file: FileHandle,
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<Result<BackupFile, BadFile>> {
  const { size } = await file.stat();
  const start = Buffer.alloc(Math.min(size, LONGEST_HEADER));
  await file.read(start, 0, start.length, 0);
  const firstEnd = start.indexOf('\n');
  const format = new RegExp(`^${MAGIC} (\\d{1,6})$`).exec(start.subarray(0, Math.max(firstEnd, 0)).toString('latin1'));
  if (format === null) return err({ code: 'notABackup' });
  if (Number(format[1]) !== BACKUP_FORMAT) return err({ code: 'otherFormat', format: Number(format[1]) });
  const headerEnd = start.indexOf('\n', firstEnd + 1);
  const to = size - TRAILER_BYTES - 1;
  if (headerEnd === -1 || to <= headerEnd) return err({ code: 'cutShort' });

  const trailer = Buffer.alloc(TRAILER_BYTES);
  await file.read(trailer, 0, TRAILER_BYTES, size - TRAILER_BYTES);
  // Packed bytes hardly ever look like 64 hex digits and a line's end: a file that stops early is told from one that was changed.
  if (!/^[0-9a-f]{64}\n$/.test(trailer.toString('latin1'))) return err({ code: 'cutShort' });
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(path, { end: to }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    done += chunk.length;
    onProgress(done, to + 1);
  }
  if (`${hash.digest('hex')}\n` !== trailer.toString('latin1')) return err({ code: 'changed' });
  const header = backupHeaderSchema.parse(JSON.parse(start.subarray(firstEnd + 1, headerEnd).toString('utf8')));
  return ok({ path, header, from: headerEnd + 1, to });
}
