import type { ClientBase } from 'pg';
import type { Database } from './pool.ts';
import { inTransaction } from './transaction.ts';

export interface UploadRow {
  readonly id: string;
  readonly personId: string;
  readonly ticketId: string;
  readonly attachmentId: string;
  readonly sha256: string;
  readonly size: number;
  /** Bytes that are on the disk; the whole size once it is finished. */
  readonly received: number;
  readonly finishedAt: number | null;
}
export interface PartRow {
  readonly start: number;
  readonly size: number;
  readonly objectName: string;
}
type Queryable = Pick<ClientBase, 'query'>;
type Db = Pick<Database, 'pool'>;

const RECEIVED =
  '(select coalesce(max(p.start + p.size), 0) from upload_parts p where p.desk_id = u.desk_id and p.upload_id = u.id)';
const COLUMNS = `u.id, u.person_id as "personId", u.ticket_id as "ticketId", u.attachment_id as "attachmentId", u.sha256, u.size,
  case when u.finished_at is null then ${RECEIVED} else u.size end as received, u.finished_at as "finishedAt"`;

export type NewUpload = Pick<UploadRow, 'id' | 'personId' | 'ticketId' | 'attachmentId' | 'sha256' | 'size'>;

/**
 * Bytes that files may come to: of one person's unfinished uploads, of all that the desk holds or takes, and what the place may still take of
 * all desks (null: no bound).
 */
export interface UploadBounds {
  readonly now: number;
  readonly bound: number;
  readonly deskBytes: number | null;
  readonly room: number | null;
}
/** An upload of which nothing came for so long keeps no room from the others. */
const EXPECTED_MS = 86_400_000;

/**
 * The person's upload of that content that is under way, or the new one; `person`, `desk` or `room` when it would go beyond that bound. A
 * content that the desk holds already takes no more of it.
 */
export function openUpload(
  db: Db,
  deskId: string,
  wanted: NewUpload,
  { now, bound, deskBytes, room }: UploadBounds,
): Promise<UploadRow | 'person' | 'desk' | 'room'> {
  return inTransaction(db, async (client) => {
    // One at a time for a person, so that the bound holds.
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 8103))', [`${deskId}${wanted.personId}`]);
    const { rows: known } = await client.query<UploadRow>(
      `select ${COLUMNS} from uploads u where u.desk_id = $1 and u.person_id = $2 and u.sha256 = $3 and u.finished_at is null`,
      [deskId, wanted.personId, wanted.sha256],
    );
    if (known[0]?.size === wanted.size) return known[0];
    // The same hash with another size cannot be the same file: whoever says so later is not believed.
    if (known[0] !== undefined) return 'person';
    const { rows: sums } = await client.query<{ sum: number }>(
      `select coalesce(sum(size), 0)::bigint as sum from uploads where desk_id = $1 and person_id = $2 and finished_at is null`,
      [deskId, wanted.personId],
    );
    if ((sums[0]?.sum ?? 0) + wanted.size > bound) return 'person';
    if (deskBytes !== null && (await deskBytesWith(client, deskId, wanted)) > deskBytes) return 'desk';
    // Twice its size while it is put together.
    if (room !== null && (await expectedBytes(client, now)) + 2 * wanted.size > room) return 'room';
    await client.query(
      `insert into uploads (desk_id, id, person_id, ticket_id, attachment_id, sha256, size, created_at, touched_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [deskId, wanted.id, wanted.personId, wanted.ticketId, wanted.attachmentId, wanted.sha256, wanted.size, now],
    );
    return { ...wanted, received: 0, finishedAt: null };
  });
}

/** What the desk holds and is being sent, with that file. One asks at a time, so that two do not both find the last room. */
async function deskBytesWith(client: Queryable, deskId: string, { sha256, size }: NewUpload): Promise<number> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 8104))', [deskId]);
  const { rows } = await client.query<{ sum: number; held: boolean }>(
    `select (select coalesce(sum(size), 0) from blobs where desk_id = $1)::bigint +
         (select coalesce(sum(size), 0) from uploads where desk_id = $1 and finished_at is null)::bigint as sum,
       exists (select 1 from blobs where desk_id = $1 and sha256 = $2) as held`,
    [deskId, sha256],
  );
  return rows[0]?.held === true ? 0 : (rows[0]?.sum ?? 0) + size;
}

/** What uploads of all desks that are under way still have to bring. One asks at a time, so that two do not both find the last room. */
async function expectedBytes(client: Queryable, now: number): Promise<number> {
  await client.query('select pg_advisory_xact_lock(8105)');
  const { rows } = await client.query<{ sum: number }>(
    `select coalesce(sum(u.size - ${RECEIVED}), 0)::bigint as sum from uploads u where u.finished_at is null and u.touched_at > $1`,
    [now - EXPECTED_MS],
  );
  return rows[0]?.sum ?? 0;
}

/** The upload, if it is this person's. */
export async function findUpload(db: Db, deskId: string, personId: string, id: string): Promise<UploadRow | null> {
  const { rows } = await db.pool.query<UploadRow>(
    `select ${COLUMNS} from uploads u where u.desk_id = $1 and u.id = $2 and u.person_id = $3`,
    [deskId, id, personId],
  );
  return rows[0] ?? null;
}

/** The person's upload of a content that went through, whose row is still there. */
export async function finishedUpload(
  db: Db,
  deskId: string,
  personId: string,
  sha256: string,
): Promise<UploadRow | null> {
  const { rows } = await db.pool.query<UploadRow>(
    `select ${COLUMNS} from uploads u where u.desk_id = $1 and u.person_id = $2 and u.sha256 = $3 and u.finished_at is not null
     order by u.finished_at desc limit 1`,
    [deskId, personId, sha256],
  );
  return rows[0] ?? null;
}

/** False: another writer was there first, or the upload is gone or finished; the part does not count. */
export function addPart(db: Db, deskId: string, uploadId: string, part: PartRow, now: number): Promise<boolean> {
  return inTransaction(db, async (client) => {
    const { rowCount: open } = await client.query(
      'update uploads set touched_at = $3 where desk_id = $1 and id = $2 and finished_at is null',
      [deskId, uploadId, now],
    );
    if (open !== 1) return false;
    // The row of the upload is locked: nobody adds a part between this question and its answer.
    const { rowCount } = await client.query(
      `insert into upload_parts (desk_id, upload_id, start, size, object_name) select $1, $2, $3::bigint, $4::bigint, $5
       where $3::bigint = (select coalesce(max(start + size), 0) from upload_parts where desk_id = $1 and upload_id = $2)`,
      [deskId, uploadId, part.start, part.size, part.objectName],
    );
    return rowCount === 1;
  });
}

export async function partsOf(db: { readonly pool: Queryable }, deskId: string, uploadId: string): Promise<PartRow[]> {
  const { rows } = await db.pool.query<PartRow>(
    `select start, size, object_name as "objectName" from upload_parts where desk_id = $1 and upload_id = $2 order by start`,
    [deskId, uploadId],
  );
  return rows;
}

/** Forgets an upload that is not finished; gives the names of its objects, which are nobody's then. */
export function dropUpload(db: Db, deskId: string, uploadId: string): Promise<string[]> {
  return inTransaction(db, async (client) => {
    const { rowCount } = await client.query(
      'delete from uploads where desk_id = $1 and id = $2 and finished_at is null',
      [deskId, uploadId],
    );
    return rowCount === 1 ? takeParts(client, deskId, uploadId) : [];
  });
}

/** Takes the rows of an upload's parts away, in a transaction of the caller that holds its row. */
export async function takeParts(client: Queryable, deskId: string, uploadId: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'delete from upload_parts where desk_id = $1 and upload_id = $2 returning object_name as name',
    [deskId, uploadId],
  );
  return rows.map(({ name }) => name);
}

/** Uploads with all their bytes that nobody has finished, but for those: the process that would have is gone. */
export async function completeUploads(
  db: Db,
  before: number,
  { but, limit }: { readonly but: readonly string[]; readonly limit: number },
): Promise<{ readonly deskId: string; readonly id: string; readonly personId: string }[]> {
  const { rows } = await db.pool.query<{ deskId: string; id: string; personId: string }>(
    `select u.desk_id as "deskId", u.id, u.person_id as "personId" from uploads u
     where u.finished_at is null and u.touched_at < $1 and u.id <> all($3::uuid[]) and ${RECEIVED} = u.size
     order by u.touched_at limit $2`,
    [before, limit, but],
  );
  return rows;
}
