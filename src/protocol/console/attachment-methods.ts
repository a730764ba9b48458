import { z } from 'zod';
import { attachmentBounds, attachmentSchema, thumbnailSchema } from '../../domain/attachments.ts';
import { idSchema } from '../../domain/vocabulary.ts';
import { asked, refusalSchema } from './asked.ts';

/** Bytes of one piece between page and core, in either direction; a piece travels as base64. */
export const PIECE_BYTES = 384_000;
const pieceSchema = z.base64().max(Math.ceil(PIECE_BYTES / 3) * 4);

/**
 * A file that the core has taken, or is taking, for a text that is still being written. It belongs to a draft, as words do: it stays
 * until an act uses it or somebody takes it out, over crashes and sign-outs. `attachmentId` is the one that the act will carry.
 */
export const stagedFileSchema = z.object({
  attachmentId: idSchema,
  draftKey: z.string(),
  name: z.string(),
  mediaType: z.string(),
  size: z.int(),
  received: z.int(),
  /** Set once the file is whole and durable. */
  sha256: z.string().nullable(),
  thumbnail: thumbnailSchema.nullable(),
});
export type StagedFile = z.infer<typeof stagedFileSchema>;

/** Where the bytes of an attachment of a ticket are. Whether the store has them is in the timeline (`attachmentArrived`). */
export const attachmentStateSchema = z.object({
  attachmentId: idSchema,
  /** The whole file is on this machine. */
  here: z.boolean(),
  /** On its way to the store: bytes that the store has taken. `waiting` for the link or its turn; `held`: the store said no, and the file stays here. */
  upload: z.object({ state: z.enum(['waiting', 'sending', 'held']), sent: z.int() }).nullable(),
  download: z.object({ state: z.enum(['waiting', 'fetching', 'failed']), received: z.int() }).nullable(),
});
export type AttachmentState = z.infer<typeof attachmentStateSchema>;

/** A file that is still to be sent after its act was answered: nothing else on the panel tells of it. */
export const fileOnItsWaySchema = z.object({
  attachmentId: idSchema,
  commandId: idSchema,
  ticketId: idSchema,
  ticketCode: z.string(),
  ticketSubject: z.string(),
  name: z.string(),
  size: z.int(),
  thumbnail: thumbnailSchema.nullable(),
  state: z.enum(['waiting', 'sending']),
  /** Bytes that the store has taken. */
  sent: z.int(),
  /** Attempts in a row that brought nothing. */
  failures: z.int(),
  /** The last of them: the desk has no room for files. */
  deskFull: z.boolean(),
});
export type FileOnItsWay = z.infer<typeof fileOnItsWaySchema>;
/** Of more the panel says the number alone. */
export const FILES_SHOWN = 200;

const refusable = <S extends z.ZodRawShape>(shape: S) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), ...shape }),
    z.object({ ok: z.literal(false), refusal: refusalSchema }),
  ]);
const ofTicket = { ticketId: idSchema, attachmentId: idSchema };

/** What a screen sends to have staged files go out with a new ticket. */
export const registerAttachmentsSchema = z.array(attachmentSchema).max(attachmentBounds.perAct).default([]);

/**
 * Files: from page to core in pieces, then an act `addAttachment` (by `acts.submit` or `acts.register`) that names what was staged.
 * The core refuses an act whose file it does not hold whole (`attachmentMissing`).
 */
export const attachmentMethods = {
  /** Asked before a byte is read: size, type and room of the ticket by the desk's settings, and room on this disk. */
  'attachments.begin': {
    runs: 'act',
    params: z.object({
      ...asked,
      draftKey: z.string().max(200),
      /** Null: of a ticket that is being registered. */
      ticketId: idSchema.nullable(),
      name: z.string().max(2000),
      mediaType: z.string().max(300),
      size: z.int().min(0),
    }),
    result: refusable({ file: stagedFileSchema }),
  },
  /** The next piece; another `offset` than what was received is answered with `received` and takes nothing. */
  'attachments.append': {
    runs: 'act',
    params: z.object({ ...asked, attachmentId: idSchema, offset: z.int().min(0), base64: pieceSchema }),
    result: z.object({ received: z.int() }),
  },
  /** The file is whole: it is on the disk under its SHA-256 when this answers. */
  'attachments.finish': {
    runs: 'act',
    params: z.object({ ...asked, attachmentId: idSchema, thumbnail: thumbnailSchema.nullable() }),
    result: refusable({ file: stagedFileSchema }),
  },
  /** Takes a staged file out; one that an act used already stays. */
  'attachments.discard': {
    runs: 'act',
    params: z.object({ ...asked, attachmentId: idSchema }),
    result: z.object({}),
  },
  'attachments.staged': {
    runs: 'act',
    params: z.object({ draftKey: z.string().max(200) }),
    result: z.object({ files: z.array(stagedFileSchema) }),
  },
  /** Of a ticket's attachments, and of the files of own acts on it that are kept, those that there is something to say of; one that is left out is neither here nor under way. */
  'attachments.states': {
    runs: 'act',
    params: z.object({ ticketId: idSchema }),
    result: z.object({ states: z.array(attachmentStateSchema) }),
  },
  /** Smallest first, as they go; at most `FILES_SHOWN`. */
  'attachments.onTheirWay': {
    runs: 'act',
    params: z.object({}),
    result: z.object({ files: z.array(fileOnItsWaySchema) }),
  },
  /** Begins to bring a file from the store, or goes on. Errors: `offline`, `notFound` (none to see, or not at the store yet), `diskFull`. */
  'attachments.fetch': { runs: 'act', params: z.object(ofTicket), result: z.object({}) },
  /** A piece of a file that is here: of the ticket as it is seen, or of an own act that is kept, whatever became of it. Error `notFound`: it is not. */
  'attachments.read': {
    runs: 'act',
    params: z.object({ ...ofTicket, offset: z.int().min(0) }),
    result: z.object({ base64: pieceSchema, size: z.int() }),
  },
} as const;
