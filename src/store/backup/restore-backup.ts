import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { err, ok, type Result } from '../../shared/result.ts';
import { verifyDeskIn } from '../admin/verify.ts';
import { lockMigrations } from '../db/migrate.ts';
import { numericTypes } from '../db/pool.ts';
import { clusterOf } from '../epoch/check-cluster.ts';
import { takeServeLock } from '../epoch/serve-lock.ts';
import { copyIn } from './copy-stream.ts';
import { type BackupFile, type BackupHeader, type BadFile, openBackup } from './file-format.ts';
import { noteRevocations, revokeAgain } from './keep-revocations.ts';
import { columnList, quoted, readSequences, readTables } from './read-schema.ts';
import { prepareSchema, type SchemaMismatch } from './schema-steps.ts';
import { unpack } from './unpack.ts';

export interface RestoreOptions {
  readonly url: string;
  readonly path: string;
  /** Puts the backup in the place of what the database holds; without it only an empty one is taken. */
  readonly replace: boolean;
  readonly now: () => number;
  readonly newId: () => string;
  onProgress(what: 'check' | 'load', done: number, total: number): void;
}
export type RestoreFailure =
  | BadFile
  | SchemaMismatch
  | { readonly code: 'served' }
  | { readonly code: 'notEmpty'; readonly desks: readonly string[] }
  | { readonly code: 'tablesDiffer'; readonly table: string }
  | { readonly code: 'countDiffers'; readonly table: string; readonly expected: number; readonly found: number }
  | { readonly code: 'faults'; readonly desk: string; readonly faults: readonly string[] };
export interface RestoreReport {
  readonly createdAt: number;
  readonly rows: number;
  /**
   * Accounts and devices in service by the backup that the replaced database had revoked: they stay so. Null where it replaced
   * nothing: what was revoked after the backup is in service again, and nobody here can know of it.
   */
  readonly revokedAgain: number | null;
  readonly desks: readonly { readonly name: string; readonly epoch: string; readonly head: number }[];
}

/**
 * Puts a backup into a database and opens a new epoch for every desk, so that consoles send again what came after it (SY14).
 *
 * All of it is one transaction: while it runs, and if it is killed, the database is what it was before, and the same restore can
 * be run again. It is committed only after every row has been counted and every desk verified against itself.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Result<RestoreReport, RestoreFailure>> {
  const opened = await openBackup(options.path, (done, total) => options.onProgress('check', done, total));
  if (!opened.ok) return opened;
  const lock = await takeServeLock({ url: options.url, mode: 'restore', onLost: () => undefined });
  if (lock === null) return err({ code: 'served' });
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'chasqui-restore',
    types: numericTypes,
  });
  try {
    await client.connect();
    // Session locks outlive the transaction below: no store may migrate under it.
    const unlock = await lockMigrations(client);
    await client.query('begin isolation level read committed');
    const done = await restoreInto(client, opened.value, options);
    await client.query(done.ok ? 'commit' : 'rollback');
    if (done.ok) await client.query('analyze');
    await unlock();
    return done;
  } finally {
    await client.end().catch(() => undefined);
    await lock.release();
  }
}

async function restoreInto(
  client: pg.Client,
  file: BackupFile,
  options: RestoreOptions,
): Promise<Result<RestoreReport, RestoreFailure>> {
  const { header } = file;
  const schema = await prepareSchema(client, header.migrations);
  if (!schema.ok) return schema;
  const { rows: present } = await client.query<{ name: string }>('select name from desks order by created_at');
  if (present.length > 0 && !options.replace) return err({ code: 'notEmpty', desks: present.map(({ name }) => name) });

  const differs = await differentTable(client, header);
  if (differs !== null) return err({ code: 'tablesDiffer', table: differs });
  const tables = header.tables.map(({ name }) => `public.${quoted(name)}`);
  // Our own triggers would log every row anew and forbid to empty the tables; the owner of the tables may switch them off.
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
  await noteRevocations(client);
  await client.query(`truncate ${tables.join(', ')}`);
  const short = await loadRows(client, file, options);
  if (short !== null) return err(short);
  const revokedAgain = await revokeAgain(client);
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`);

  const now = new Map((await readSequences(client)).map(({ name, last }) => [name, last]));
  for (const { name, last } of header.sequences) {
    // Beyond whatever the replaced database had given: no place of the log is ever given twice here.
    await client.query('select setval($1::regclass, $2)', [
      `public.${quoted(name)}`,
      Math.max(last, now.get(name) ?? 1),
    ]);
  }
  await schema.value.finish();
  const done = await openAndVerify(client, header, options);
  return done.ok ? ok({ ...done.value, revokedAgain: present.length === 0 ? null : revokedAgain }) : done;
}

/** Name of a table that is not as the backup says, or null. */
async function differentTable(client: pg.Client, header: BackupHeader): Promise<string | null> {
  const shape = ({ name, columns }: { name: string; columns: readonly string[] }) => [name, ...columns].join(' ');
  const ours = new Map((await readTables(client)).map((table) => [table.name, shape(table)]));
  const theirs = new Map(header.tables.map((table) => [table.name, shape(table)]));
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) if (ours.get(name) !== theirs.get(name)) return name;
  return null;
}

async function loadRows(
  client: pg.Client,
  file: BackupFile,
  { onProgress }: RestoreOptions,
): Promise<RestoreFailure | null> {
  const { tables } = file.header;
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  const pieces = unpack(file);
  let loaded = 0;
  onProgress('load', 0, total);
  for (const { name, columns, rows } of tables) {
    const copy = copyIn(client, `copy public.${quoted(name)} (${columnList(columns)}) from stdin`);
    for (let next = await pieces.next(); !next.done && next.value !== null; next = await pieces.next()) {
      if (copy.sink.errored) throw copy.sink.errored;
      if (!copy.sink.write(next.value)) await once(copy.sink, 'drain');
    }
    copy.sink.end();
    await finished(copy.sink);
    if (copy.rows() !== rows) return { code: 'countDiffers', table: name, expected: rows, found: copy.rows() };
    loaded += rows;
    onProgress('load', loaded, total);
  }
  return null;
}

async function openAndVerify(
  client: pg.Client,
  header: BackupHeader,
  { now, newId }: RestoreOptions,
): Promise<Result<Omit<RestoreReport, 'revokedAgain'>, RestoreFailure>> {
  // Read apart: an account that may not read it would break the transaction.
  await client.query('savepoint cluster');
  const cluster = await clusterOf({ pool: client });
  if (cluster === null) await client.query('rollback to savepoint cluster');
  const desks: { name: string; epoch: string; head: number }[] = [];
  for (const { id, name, head } of header.desks) {
    const epoch = newId();
    await client.query('update desks set epoch = $2, restored_at = $3, cluster = $4 where id = $1', [
      id,
      epoch,
      now(),
      cluster,
    ]);
    const { faults } = await verifyDeskIn(client, id, name);
    if (faults.length > 0) return err({ code: 'faults', desk: name, faults });
    desks.push({ name, epoch, head });
  }
  return ok({
    createdAt: header.createdAt,
    rows: header.tables.reduce((sum, table) => sum + table.rows, 0),
    desks,
  });
}
