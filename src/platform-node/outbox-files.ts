import type { Database } from 'better-sqlite3';
import type {
  FetchedRow,
  NewUpload,
  OutboxFiles,
  StagedRow,
  UploadCounts,
  UploadRow,
} from '../core/ports/outbox-files.ts';
import { uploadStates } from '../core/ports/outbox-files.ts';
import { thumbnailSchema } from '../domain/attachments.ts';
import { ok } from '../shared/result.ts';
import { parseJson } from './outbox-row.ts';
import type { OutboxWriter } from './outbox-writer.ts';

interface StagedColumns {
  readonly attachment_id: string;
  readonly draft_key: string;
  readonly ticket_id: string | null;
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly thumbnail: string | null;
  readonly added_at: number;
}
interface UploadColumns {
  readonly attachment_id: string;
  readonly ticket_id: string;
  readonly command_id: string;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly state: string;
  readonly upload_url: string | null;
  readonly epoch: string | null;
  readonly added_at: number;
  readonly settled_at: number | null;
}

/** Their command has its answer: neither refused nor owed to a restored store. One that is forgotten was answered long ago. */
const due = `u.state = 'waiting' and (c.id is null
  or (c.state in ('applied', 'merged', 'parked') and c.replay_for is null))`;

/** A restored store may still answer otherwise. */
const refused = `c.state is 'refused' and c.replay_for is null`;

/** What the outbox file keeps of attachments. `adopt` belongs into the transaction of the commands. */
export function createOutboxFiles(
  db: Database,
  write: OutboxWriter,
): OutboxFiles & { adopt(uploads: readonly NewUpload[]): void } {
  const sql = {
    staged: db.prepare<{ draft: string | null }, StagedColumns>(
      'select * from staged_files where @draft is null or draft_key = @draft order by added_at, attachment_id',
    ),
    stagedFile: db.prepare<[string], StagedColumns>('select * from staged_files where attachment_id = ?'),
    stage: db.prepare('insert into staged_files values (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    stagedWhole: db.prepare('update staged_files set sha256 = ?, thumbnail = ? where attachment_id = ?'),
    unstage: db.prepare('delete from staged_files where attachment_id = ?'),
    adopt: db.prepare(
      `insert into uploads (attachment_id, ticket_id, command_id, name, sha256, size, state, added_at)
        values (?, ?, ?, ?, ?, ?, 'waiting', ?) on conflict (attachment_id) do update set ticket_id = excluded.ticket_id,
        command_id = excluded.command_id, state = 'waiting', upload_url = null, epoch = null, settled_at = null`,
    ),
    upload: db.prepare<[string], UploadColumns>('select * from uploads where attachment_id = ?'),
    uploadsOf: db.prepare<[string], UploadColumns>('select * from uploads where ticket_id = ? order by added_at'),
    due: db.prepare<[number], UploadColumns>(
      `select u.* from uploads u left join commands c on c.id = u.command_id where ${due}
        order by u.size, u.added_at, u.attachment_id limit ?`,
    ),
    counts: db.prepare<[], UploadCounts>(
      `select count(*) filter (where u.state = 'waiting' and not (${refused})) as waiting,
        coalesce(sum(u.size) filter (where u.state = 'waiting' and not (${refused})), 0) as bytes,
        count(*) filter (where u.state = 'held') as held,
        count(*) filter (where u.state = 'waiting' and ${refused} and c.dismissed_at is null) as refused
        from uploads u left join commands c on c.id = u.command_id`,
    ),
    setUrl: db.prepare('update uploads set upload_url = ? where attachment_id = ?'),
    settle: db.prepare(
      'update uploads set state = ?, epoch = ?, settled_at = ?, upload_url = null where attachment_id = ?',
    ),
    held: db.prepare<[string], UploadColumns>(
      `select * from uploads where sha256 = ? and state = 'held' order by added_at, attachment_id`,
    ),
    resume: db.prepare(
      `update uploads set state = 'waiting', upload_url = null, epoch = null, settled_at = null where sha256 = ? and state = 'held'`,
    ),
    otherEpoch: db.prepare<[string], { found: number }>(
      `select exists (select 1 from uploads where state <> 'waiting' and epoch <> ?) as found`,
    ),
    reoffer: db.prepare(
      `update uploads set state = 'waiting', upload_url = null, settled_at = null where state <> 'waiting' and epoch <> ?`,
    ),
    named: db
      .prepare<[], string>('select sha256 from staged_files where sha256 is not null union select sha256 from uploads')
      .pluck(),
    unconfirmed: db
      .prepare<[], string>(
        `select sha256 from staged_files where sha256 is not null union select sha256 from uploads where state <> 'done'`,
      )
      .pluck(),
    prune: db.prepare(`delete from uploads where state = 'done' and settled_at < ?`),
    fetched: db.prepare<[], FetchedRow>(
      'select sha256, ticket_id as ticketId, size, read_at as readAt from fetched_files order by read_at, sha256',
    ),
    putFetched: db.prepare(
      `insert into fetched_files (sha256, ticket_id, size, read_at) values (?, ?, ?, ?)
        on conflict (sha256) do update set ticket_id = excluded.ticket_id, read_at = max(read_at, excluded.read_at)`,
    ),
    dropFetched: db.prepare('delete from fetched_files where sha256 = ?'),
  };
  return {
    adopt(uploads) {
      for (const { attachmentId, ticketId, commandId, name, sha256, size, addedAt } of uploads) {
        sql.adopt.run(attachmentId, ticketId, commandId, name, sha256, size, addedAt);
        sql.unstage.run(attachmentId);
      }
    },
    staged: (draft) => sql.staged.all({ draft }).map(stagedOf),
    stagedFile(attachmentId) {
      const row = sql.stagedFile.get(attachmentId);
      return row === undefined ? null : stagedOf(row);
    },
    stage: (row) =>
      write(() => {
        const { attachmentId, draftKey, ticketId, name, mediaType, size, sha256, thumbnail, addedAt } = row;
        const picture = thumbnail === null ? null : JSON.stringify(thumbnail);
        sql.stage.run(attachmentId, draftKey, ticketId, name, mediaType, size, sha256, picture, addedAt);
      }),
    stagedWhole: (attachmentId, sha256, thumbnail) =>
      write(
        () => void sql.stagedWhole.run(sha256, thumbnail === null ? null : JSON.stringify(thumbnail), attachmentId),
      ),
    unstage: (attachmentId) => write(() => void sql.unstage.run(attachmentId)),
    upload(attachmentId) {
      const row = sql.upload.get(attachmentId);
      return row === undefined ? null : uploadOf(row);
    },
    uploadsOf: (ticketId) => sql.uploadsOf.all(ticketId).map(uploadOf),
    uploadsDue: (limit) => sql.due.all(limit).map(uploadOf),
    uploadCounts: () => sql.counts.get() ?? { waiting: 0, bytes: 0, held: 0, refused: 0 },
    setUploadUrl: (attachmentId, url) => write(() => void sql.setUrl.run(url, attachmentId)),
    settleUpload: (attachmentId, { state, epoch, at }) =>
      write(() => void sql.settle.run(state, epoch, at, attachmentId)),
    heldUploads: (sha256) => sql.held.all(sha256).map(uploadOf),
    resumeUploads: (sha256) =>
      sql.held.get(sha256) === undefined ? ok(null) : write(() => void sql.resume.run(sha256)),
    reofferUploads: (epoch) =>
      sql.otherEpoch.get(epoch)?.found === 1 ? write(() => void sql.reoffer.run(epoch)) : ok(null),
    namedFiles: () => new Set(sql.named.all()),
    unconfirmedFiles: () => new Set(sql.unconfirmed.all()),
    pruneUploads: (before) => write(() => void sql.prune.run(before)),
    fetched: () => sql.fetched.all(),
    putFetched: ({ sha256, ticketId, size, readAt }) =>
      write(() => void sql.putFetched.run(sha256, ticketId, size, readAt)),
    dropFetched: (sha256) => write(() => void sql.dropFetched.run(sha256)),
  };
}

function stagedOf(row: StagedColumns): StagedRow {
  const thumbnail = row.thumbnail === null ? null : thumbnailSchema.safeParse(parseJson(row.thumbnail));
  return {
    attachmentId: row.attachment_id,
    draftKey: row.draft_key,
    ticketId: row.ticket_id,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    // A picture that cannot be read any more costs the picture only.
    thumbnail: thumbnail?.success === true ? thumbnail.data : null,
    addedAt: row.added_at,
  };
}

const uploadOf = (row: UploadColumns): UploadRow => ({
  attachmentId: row.attachment_id,
  ticketId: row.ticket_id,
  commandId: row.command_id,
  name: row.name,
  sha256: row.sha256,
  size: row.size,
  state: uploadStates.find((state) => state === row.state) ?? 'waiting',
  uploadUrl: row.upload_url,
  epoch: row.epoch,
  addedAt: row.added_at,
  settledAt: row.settled_at,
});
