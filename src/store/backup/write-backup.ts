import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Transform } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import pg from 'pg';
import { err, ok, type Result } from '../../shared/result.ts';
import { copyOut } from './copy-stream.ts';
import { BACKUP_FORMAT, type BackupHeader, MAGIC, TRAILER_BYTES } from './file-format.ts';
import { appliedMigrations, columnList, quoted, readSequences, readTables } from './read-schema.ts';

export interface BackupOptions {
  readonly url: string;
  readonly path: string;
  readonly now: () => number;
  onProgress(rows: number, total: number): void;
}
export type BackupFailure =
  | { readonly code: 'exists' }
  | { readonly code: 'noSchema' }
  | { readonly code: 'unwritable'; readonly why: string };
export interface BackupReport {
  readonly desks: BackupHeader['desks'];
  readonly rows: number;
  readonly bytes: number;
}

/** COPY gives a row a message: packed by the piece, each piece after its length. */
const PIECE_BYTES = 64 * 1024;

/**
 * Writes the whole database into one file, as it is at one moment: one REPEATABLE READ transaction, while stores go on serving. The
 * file appears under its name when it is complete and on the disk; it holds password hashes, hashes of tokens and the desks' keys,
 * so only its owner may read it (0600).
 */
export async function writeBackup(options: BackupOptions): Promise<Result<BackupReport, BackupFailure>> {
  const draft = `${options.path}.${process.pid}.part`;
  // Taken first: nobody waits an hour to learn that the file is there.
  const taken = await open(options.path, 'r').catch(() => null);
  if (taken !== null) {
    await taken.close();
    return err({ code: 'exists' });
  }
  const client = new pg.Client({ connectionString: options.url, application_name: 'chasqui-backup' });
  let file: FileHandle;
  try {
    file = await open(draft, 'wx', 0o600);
  } catch (error) {
    return notWritten(error);
  }
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
    const header = await readHeader(client, options.now());
    if (header === null) return err({ code: 'noSchema' });
    const report = await writeRows(client, file, header, options);
    await client.query('commit');
    await file.sync();
    await rename(draft, options.path);
    const folder = await open(dirname(options.path), 'r');
    await folder.sync().finally(() => folder.close());
    return ok(report);
  } catch (error) {
    return notWritten(error);
  } finally {
    await file.close();
    await client.end().catch(() => undefined);
    await rm(draft, { force: true });
  }
}

/** What the file system says of the file is the caller's to hear; anything else is passed on. */
function notWritten(error: unknown): Result<never, BackupFailure> {
  const told = error instanceof Error && 'syscall' in error && 'code' in error && !('address' in error);
  if (!told) throw error;
  return err({ code: 'unwritable', why: String(error.code) });
}

async function readHeader(client: pg.Client, createdAt: number): Promise<BackupHeader | null> {
  const migrations = await appliedMigrations(client);
  if (migrations.length === 0) return null;
  const tables: BackupHeader['tables'] = [];
  for (const table of await readTables(client)) {
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from public.${quoted(table.name)}`);
    tables.push({ ...table, rows: Number(rows[0]?.n) });
  }
  const desks = await client.query<{ id: string; name: string; epoch: string; head: string }>(
    `select d.id, d.name, d.epoch, coalesce((select max(l.seq) from change_log l where l.desk_id = d.id), 0) as head
     from desks d order by d.created_at`,
  );
  return {
    createdAt,
    migrations: [...migrations],
    desks: desks.rows.map((desk) => ({ ...desk, head: Number(desk.head) })),
    tables,
    sequences: await readSequences(client),
  };
}

async function writeRows(
  client: pg.Client,
  file: FileHandle,
  header: BackupHeader,
  { onProgress }: BackupOptions,
): Promise<BackupReport> {
  const hash = createHash('sha256');
  let bytes = 0;
  const put = async (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
    await writeAll(file, chunk);
  };
  await put(Buffer.from(`${MAGIC} ${BACKUP_FORMAT}\n${JSON.stringify(header)}\n`));
  const packer = createZstdCompress();
  const packed = (async () => {
    for await (const chunk of packer as AsyncIterable<Buffer>) await put(chunk);
  })();
  // Its failure is told below, where it is waited for.
  packed.catch((error: Error) => packer.destroy(error));
  const total = header.tables.reduce((sum, table) => sum + table.rows, 0);
  let rows = 0;
  onProgress(0, total);
  for (const table of header.tables) {
    let pieces: Buffer[] = [];
    let size = 0;
    const flush = async () => {
      const piece = Buffer.concat(pieces);
      pieces = [];
      size = 0;
      await write(packer, lengthOf(piece.length));
      if (piece.length > 0) await write(packer, piece);
    };
    const text = `copy public.${quoted(table.name)} (${columnList(table.columns)}) to stdout`;
    for await (const row of copyOut(client, text) as AsyncIterable<Buffer>) {
      pieces.push(row);
      size += row.length;
      rows++;
      if (size < PIECE_BYTES) continue;
      await flush();
      onProgress(rows, total);
    }
    if (size > 0) await flush();
    await flush();
    onProgress(rows, total);
  }
  packer.end();
  await packed;
  await writeAll(file, Buffer.from(`${hash.digest('hex')}\n`));
  return { desks: header.desks, rows, bytes: bytes + TRAILER_BYTES };
}

async function writeAll(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let from = 0; from < chunk.length; ) from += (await file.write(chunk, from)).bytesWritten;
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}

async function write(stream: Transform, chunk: Buffer): Promise<void> {
  if (stream.errored) throw stream.errored;
  if (!stream.write(chunk)) await once(stream, 'drain');
}
