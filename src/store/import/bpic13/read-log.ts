import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { z } from 'zod';

/** One line of BPI Challenge 2013's incident log, as published. `timestamp` in milliseconds since 1970. */
const logRowSchema = z.object({
  case: z.string().min(1),
  status: z.string(),
  sub_status: z.string(),
  timestamp: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  resource: z.string().min(1),
  group: z.string().min(1),
  line: z.enum(['1', '2', '3']).transform((text) => (text === '1' ? 1 : text === '2' ? 2 : 3)),
  org_line: z.string(),
  role: z.string(),
  impact: z.string(),
  product: z.string().min(1),
  resource_country: z.string(),
  org_country: z.string(),
});
export type LogRow = z.infer<typeof logRowSchema>;

export interface LogCase {
  readonly id: string;
  /** In file order. */
  readonly rows: readonly LogRow[];
}
export interface Log {
  /** SHA-256 of the file as it lies on the disk: names everything that is derived from it. */
  readonly fileHash: string;
  readonly cases: readonly LogCase[];
  /** Lines that do not read as the format says; reported, never dropped in silence. */
  readonly unreadable: readonly { readonly line: number; readonly why: string }[];
}

/** Reads the CSV, gzipped or not. Rejects with the system's error when the file cannot be read. */
export async function readLog(path: string): Promise<Log> {
  const hash = createHash('sha256');
  const file = createReadStream(path);
  file.on('data', (chunk) => hash.update(chunk));
  const parser = parse({ columns: true, skip_empty_lines: true, relax_column_count: true, info: true });
  const source = path.endsWith('.gz') ? file.pipe(createGunzip().on('error', (error) => parser.destroy(error))) : file;
  file.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  const cases = new Map<string, LogRow[]>();
  const unreadable: { line: number; why: string }[] = [];
  for await (const item of parser) {
    const { record, info } = infoRecord.parse(item);
    const row = logRowSchema.safeParse(record);
    if (!row.success) {
      unreadable.push({ line: info.lines, why: row.error.issues[0]?.path.join('.') || 'line' });
      continue;
    }
    const rows = cases.get(row.data.case);
    if (rows === undefined) cases.set(row.data.case, [row.data]);
    else rows.push(row.data);
  }
  return { fileHash: hash.digest('hex'), cases: [...cases].map(([id, rows]) => ({ id, rows })), unreadable };
}

const infoRecord = z.object({ record: z.record(z.string(), z.unknown()), info: z.object({ lines: z.number() }) });
