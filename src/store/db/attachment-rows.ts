import type { ClientBase, QueryConfig } from 'pg';
import { attachmentSchema } from '../../domain/attachments.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import type { AddedAttachment, AttachmentRef, DeskWrites } from '../commands/desk-port.ts';
import type { Database } from './pool.ts';

type Db = Pick<Database, 'pool'>;

/** What the commands say of files, refused and parked ones too; a payload that cannot be read names none. */
function named(commands: DeskWrites['commands']) {
  return commands.flatMap(({ command, accountId }) => {
    const said = command.type === 'addAttachment' ? attachmentSchema.safeParse(command.payload) : null;
    return said?.success === true ? [{ command, accountId, file: said.data }] : [];
  });
}

/** The projection of files: nearly every batch has none, and sends nothing. */
export function attachmentStatements(
  deskId: string,
  { commands, entries, recordedAt }: Pick<DeskWrites, 'commands' | 'entries' | 'recordedAt'>,
): QueryConfig[] {
  const statements: QueryConfig[] = [];
  const rows = named(commands);
  if (rows.length > 0) {
    statements.push({
      text: `insert into attachments (desk_id, command_id, ticket_id, attachment_id, sha256, size, name, media_type, author_id, added)
         select $1, n.command_id, n.ticket_id, n.attachment_id, n.sha256, n.size, n.name, n.media_type, a.person_id, false
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::uuid[])
           as n(command_id, ticket_id, attachment_id, sha256, size, name, media_type, account_id)
           join accounts a on a.desk_id = $1 and a.id = n.account_id`,
      values: [
        deskId,
        rows.map((row) => row.command.id),
        rows.map((row) => row.command.ticketId),
        rows.map((row) => row.file.attachmentId),
        rows.map((row) => row.file.sha256),
        rows.map((row) => row.file.size),
        rows.map((row) => row.file.name),
        rows.map((row) => row.file.mediaType),
        rows.map((row) => row.accountId),
      ],
    });
  }
  const of = (type: TimelineEntry['event']['type']) =>
    entries.filter((entry) => entry.event.type === type).map((entry) => entry.commandId);
  const added = of('attachmentAdded');
  if (added.length > 0)
    statements.push({
      text: 'update attachments set added = true where desk_id = $1 and command_id = any($2::uuid[])',
      values: [deskId, added],
    });
  const arrived = of('attachmentArrived');
  if (arrived.length > 0)
    statements.push({
      text: 'update attachments set arrived_at = $3 where desk_id = $1 and command_id = any($2::uuid[])',
      values: [deskId, arrived, recordedAt],
    });
  return statements;
}

export async function waitingAttachments(
  client: ClientBase,
  deskId: string,
  ticketIds: readonly string[],
): Promise<TimelineEntry[]> {
  const { rows } = await client.query<{ doc: string }>(
    `select e.doc from attachments a join entries e on e.desk_id = a.desk_id and e.ticket_id = a.ticket_id
       and e.type = 'attachmentAdded' and left(e.id, 36) = a.command_id::text
     where a.desk_id = $1 and a.ticket_id = any($2::uuid[]) and a.added and a.arrived_at is null`,
    [deskId, ticketIds],
  );
  // Our own rows, written from checked entries.
  return rows.map(({ doc }) => JSON.parse(doc) as TimelineEntry);
}

/**
 * Places of `attachments a` on their timelines, for ordering: a ticket may have two of one id from before ids were used once. Their author is who
 * sends the bytes.
 */
const PLACE = `(select min(e.seq) from entries e where e.desk_id = a.desk_id and e.ticket_id = a.ticket_id
  and e.type = 'attachmentAdded' and left(e.id, 36) = a.command_id::text)`;

export async function addedAttachments(
  client: ClientBase,
  deskId: string,
  files: readonly AttachmentRef[],
): Promise<AddedAttachment[]> {
  if (files.length === 0) return [];
  const { rows } = await client.query<AddedAttachment>(
    `select distinct on (a.ticket_id, a.attachment_id) a.ticket_id as "ticketId", a.attachment_id as "attachmentId",
       a.author_id as "senderId", a.sha256, a.size
     from attachments a join unnest($2::uuid[], $3::uuid[]) as n(ticket_id, attachment_id)
       on n.ticket_id = a.ticket_id and n.attachment_id = a.attachment_id
     where a.desk_id = $1 and a.added
     order by a.ticket_id, a.attachment_id, ${PLACE}`,
    [deskId, files.map(({ ticketId }) => ticketId), files.map(({ attachmentId }) => attachmentId)],
  );
  return rows;
}

export interface Arrival {
  readonly deskId: string;
  readonly ticketId: string;
  readonly commandId: string;
}

/** Attachments on a timeline whose author has sent the file, and of which the timeline does not say so yet. */
export async function dueArrivals(
  db: Db,
  of: {
    readonly deskId?: string;
    readonly ticketIds?: readonly string[];
    readonly sha256?: string;
    readonly limit: number;
  },
): Promise<Arrival[]> {
  const { rows } = await db.pool.query<Arrival>(
    `select a.desk_id as "deskId", a.ticket_id as "ticketId", a.command_id as "commandId" from attachments a
       join blob_holders h on h.desk_id = a.desk_id and h.sha256 = a.sha256 and h.person_id = a.author_id
       join blobs b on b.desk_id = a.desk_id and b.sha256 = a.sha256 and b.size = a.size
     where a.added and a.arrived_at is null and ($1::uuid is null or a.desk_id = $1)
       and ($2::uuid[] is null or a.ticket_id = any($2)) and ($3::text is null or a.sha256 = $3)
     order by a.desk_id, a.ticket_id limit $4`,
    [of.deskId ?? null, of.ticketIds ?? null, of.sha256 ?? null, of.limit],
  );
  return rows;
}

export interface AttachmentRow {
  readonly sha256: string;
  readonly size: number;
  readonly name: string;
  readonly mediaType: string;
  readonly arrivedAt: number | null;
  /** Null while the store does not have it. */
  readonly objectName: string | null;
}

/** An attachment that is on the ticket's timeline; of two that claim one id, the first there, as every console has it. */
export async function findAttachment(
  db: Db,
  deskId: string,
  { ticketId, attachmentId }: { readonly ticketId: string; readonly attachmentId: string },
): Promise<AttachmentRow | null> {
  const { rows } = await db.pool.query<AttachmentRow>(
    `select a.sha256, a.size, a.name, a.media_type as "mediaType", a.arrived_at as "arrivedAt",
       case when a.arrived_at is not null then b.object_name end as "objectName"
     from attachments a left join blobs b on b.desk_id = a.desk_id and b.sha256 = a.sha256
     where a.desk_id = $1 and a.ticket_id = $2 and a.attachment_id = $3 and a.added
     order by ${PLACE} limit 1`,
    [deskId, ticketId, attachmentId],
  );
  return rows[0] ?? null;
}

/** The file that one of these parked commands names; it has arrived when its author has sent it. */
export async function findParkedAttachment(
  db: Db,
  deskId: string,
  of: { readonly ticketId: string; readonly attachmentId: string; readonly commandIds: readonly string[] },
): Promise<AttachmentRow | null> {
  const { rows } = await db.pool.query<AttachmentRow>(
    `select a.sha256, a.size, a.name, a.media_type as "mediaType", b.stored_at as "arrivedAt", b.object_name as "objectName"
     from attachments a
       left join blob_holders h on h.desk_id = a.desk_id and h.sha256 = a.sha256 and h.person_id = a.author_id
       left join blobs b on b.desk_id = h.desk_id and b.sha256 = h.sha256 and b.size = a.size
     where a.desk_id = $1 and a.ticket_id = $2 and a.attachment_id = $3 and a.command_id = any($4::uuid[]) and not a.added
     order by b.stored_at nulls last, a.command_id limit 1`,
    [deskId, of.ticketId, of.attachmentId, of.commandIds],
  );
  return rows[0] ?? null;
}
