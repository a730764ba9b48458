import { sql } from 'drizzle-orm';
import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const deskId = () => uuid('desk_id').notNull();
const instant = (name: string) => bigint(name, { mode: 'number' });
const bytes = (name: string) => bigint(name, { mode: 'number' });

/** What every stored `addAttachment` says of its file, whatever became of the command: the collector takes no file that is named here. */
export const attachments = pgTable(
  'attachments',
  {
    deskId: deskId(),
    commandId: uuid('command_id').notNull(),
    ticketId: uuid('ticket_id').notNull(),
    attachmentId: uuid('attachment_id').notNull(),
    sha256: text('sha256').notNull(),
    size: bytes('size').notNull(),
    name: text('name').notNull(),
    mediaType: text('media_type').notNull(),
    /** Person of the account that sent the command: whose file it must be. */
    authorId: uuid('author_id').notNull(),
    /** It is on the timeline: neither refused nor waiting for its ticket. */
    added: boolean('added').notNull(),
    /** When the timeline said that the file is here; null until then. */
    arrivedAt: instant('arrived_at'),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.commandId] }),
    index('attachments_ticket').on(t.deskId, t.ticketId, t.attachmentId),
    index('attachments_file').on(t.deskId, t.sha256),
    index('attachments_waiting').on(t.deskId, t.sha256, t.authorId).where(sql`added and arrived_at is null`),
  ],
);

/** Files that are whole and verified, one row a content and desk. */
export const blobs = pgTable(
  'blobs',
  {
    deskId: deskId(),
    sha256: text('sha256').notNull(),
    size: bytes('size').notNull(),
    /** Random; where the blob store keeps it. */
    objectName: text('object_name').notNull(),
    storedAt: instant('stored_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.sha256] }), uniqueIndex('blobs_object').on(t.objectName)],
);

/** Who has sent a content, whole: nobody gets at a file by knowing its hash. */
export const blobHolders = pgTable(
  'blob_holders',
  {
    deskId: deskId(),
    sha256: text('sha256').notNull(),
    personId: uuid('person_id').notNull(),
    heldAt: instant('held_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deskId, t.sha256, t.personId] })],
);

/** Files on their way. A finished one stays for a day, so that a console whose answer was lost hears of it. */
export const uploads = pgTable(
  'uploads',
  {
    deskId: deskId(),
    id: uuid('id').notNull(),
    personId: uuid('person_id').notNull(),
    ticketId: uuid('ticket_id').notNull(),
    attachmentId: uuid('attachment_id').notNull(),
    sha256: text('sha256').notNull(),
    size: bytes('size').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Time of its last part. */
    touchedAt: instant('touched_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.id] }),
    uniqueIndex('uploads_open').on(t.deskId, t.personId, t.sha256).where(sql`finished_at is null`),
    index('uploads_touched').on(t.touchedAt),
  ],
);

/** What has come of an upload: each part is an object of its own, on the disk before its row is. */
export const uploadParts = pgTable(
  'upload_parts',
  {
    deskId: deskId(),
    uploadId: uuid('upload_id').notNull(),
    start: bytes('start').notNull(),
    size: bytes('size').notNull(),
    objectName: text('object_name').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deskId, t.uploadId, t.start] }),
    uniqueIndex('upload_parts_object').on(t.objectName),
  ],
);

/**
 * The place where the files are, one row at most: the place bears the same id in an object of its own, so that neither an empty mount point nor
 * the place of another database is taken for it.
 */
export const blobPlace = pgTable('blob_place', {
  one: boolean('one').primaryKey().default(true),
  id: uuid('id').notNull(),
  /** When the id was first read at the place; null until then. */
  markedAt: instant('marked_at'),
  /** When the collector last came to its end. */
  collectedAt: instant('collected_at'),
});
