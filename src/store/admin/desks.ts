import type { PoolClient } from 'pg';
import type { DirectoryEntity } from '../../domain/directory.ts';
import { type DirectoryInput, putDirectoryRows } from '../db/directory-rows.ts';
import type { Database } from '../db/pool.ts';
import { inTransaction } from '../db/transaction.ts';
import { defaultStoreDeskSettings, type StoreDeskSettings, storeDeskSettingsSchema } from '../desk-settings.ts';
import { clusterOf } from '../epoch/check-cluster.ts';

export interface NewDesk {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  readonly now: number;
  readonly settings?: Partial<StoreDeskSettings>;
}

/** Makes a desk; false when there is one of that id already. */
export async function createDesk(db: Database, desk: NewDesk): Promise<boolean> {
  const settings = storeDeskSettingsSchema.parse({ ...defaultStoreDeskSettings, ...desk.settings });
  const { rowCount } = await db.pool.query(
    'insert into desks (id, name, settings, epoch, created_at, cluster) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
    [desk.id, desk.name, JSON.stringify(settings), desk.epoch, desk.now, await clusterOf(db)],
  );
  return rowCount === 1;
}

export type DirectoryRowsInput = { readonly [E in DirectoryEntity]?: readonly DirectoryInput<E>[] };

/** One transaction of directory rows must stay small: consoles apply it whole. */
const ROWS_A_TRANSACTION = 1_000;

async function putEntity<E extends DirectoryEntity>(
  db: Database,
  deskId: string,
  entity: E,
  rows: readonly DirectoryInput<E>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_TRANSACTION) {
    const part = rows.slice(from, from + ROWS_A_TRANSACTION);
    await inTransaction(db, (client: PoolClient) => putDirectoryRows(client, deskId, entity, part));
  }
}

/** Inserts or replaces rows of the directory, parents before those that name them. */
export async function putDirectory(db: Database, deskId: string, rows: DirectoryRowsInput): Promise<void> {
  await putEntity(db, deskId, 'site', rows.site ?? []);
  await putEntity(db, deskId, 'orgUnit', rows.orgUnit ?? []);
  await putEntity(db, deskId, 'service', rows.service ?? []);
  await putEntity(db, deskId, 'team', rows.team ?? []);
  await putEntity(db, deskId, 'person', rows.person ?? []);
  await putEntity(db, deskId, 'membership', rows.membership ?? []);
  await putEntity(db, deskId, 'asset', rows.asset ?? []);
}
