import type { Database } from './pool.ts';
import { inTransaction } from './transaction.ts';
import { takeParts, type UploadRow } from './upload-rows.ts';

export interface BlobRow {
  readonly sha256: string;
  readonly size: number;
  readonly objectName: string;
}
type Db = Pick<Database, 'pool'>;

export async function findBlob(db: Db, deskId: string, sha256: string): Promise<BlobRow | null> {
  const { rows } = await db.pool.query<BlobRow>(
    'select sha256, size, object_name as "objectName" from blobs where desk_id = $1 and sha256 = $2',
    [deskId, sha256],
  );
  return rows[0] ?? null;
}

/** Those of the contents that this person has sent whole. */
export async function heldBlobs(
  db: Db,
  deskId: string,
  personId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, BlobRow>> {
  const { rows } = await db.pool.query<BlobRow>(
    `select b.sha256, b.size, b.object_name as "objectName" from blobs b
       join blob_holders h on h.desk_id = b.desk_id and h.sha256 = b.sha256
     where b.desk_id = $1 and h.person_id = $2 and b.sha256 = any($3::text[])`,
    [deskId, personId, hashes],
  );
  return new Map(rows.map((row) => [row.sha256, row]));
}

/** `gone`: the upload is not there, or finished by another process · `again`: the stored content that was counted on is not there any more. */
export type Kept = 'gone' | 'again' | { readonly free: readonly string[] };
const RAN_AWAY = new Error('rolls back');

/**
 * A whole and verified file becomes one of the desk, its sender one of its holders, and its upload finished: all or nothing.
 * `objectName` null: the desk has the content already. `lost`: an object of this content that was found missing. `free`: names of
 * objects that are nobody's then, `objectName` itself among them when somebody else stored the same content first.
 */
export async function keepBlob(
  db: Db,
  deskId: string,
  upload: Pick<UploadRow, 'id' | 'personId' | 'sha256' | 'size'>,
  file: { readonly objectName: string | null; readonly lost: string | null; readonly now: number },
): Promise<Kept> {
  const { objectName, lost, now } = file;
  try {
    return await inTransaction(db, async (client) => {
      const { rowCount } = await client.query(
        'update uploads set finished_at = $3 where desk_id = $1 and id = $2 and finished_at is null',
        [deskId, upload.id, now],
      );
      if (rowCount !== 1) return 'gone';
      // Its time moves with every holder: the collector takes none that somebody has just sent.
      const { rows } =
        objectName === null
          ? await client.query<{ name: string }>(
              'update blobs set stored_at = $3 where desk_id = $1 and sha256 = $2 returning object_name as name',
              [deskId, upload.sha256, now],
            )
          : await client.query<{ name: string }>(
              `insert into blobs as b (desk_id, sha256, size, object_name, stored_at) values ($1, $2, $3, $4, $5)
               on conflict (desk_id, sha256) do update
                 set stored_at = $5, object_name = case when b.object_name = $6 then $4 else b.object_name end
               returning object_name as name`,
              [deskId, upload.sha256, upload.size, objectName, now, lost ?? ''],
            );
      const kept = rows[0]?.name;
      if (kept === undefined) throw RAN_AWAY;
      await client.query(
        `insert into blob_holders (desk_id, sha256, person_id, held_at) values ($1, $2, $3, $4) on conflict do nothing`,
        [deskId, upload.sha256, upload.personId, now],
      );
      const parts = await takeParts(client, deskId, upload.id);
      const named = objectName === null ? parts : [...parts, objectName];
      return { free: [...new Set(named)].filter((name) => name !== kept) };
    });
  } catch (error) {
    if (error === RAN_AWAY) return 'again';
    throw error;
  }
}
