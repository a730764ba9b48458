import { z } from 'zod';
import { idSchema, instantSchema } from '../../domain/vocabulary.ts';
import { hashSchema } from './command.ts';

/*
 * Files of attachments. Their bytes go by tus 1.0 (creation, HEAD, PATCH, termination; POST with `X-HTTP-Method-Override` where a proxy
 * lets no PATCH through) to BLOB_UPLOADS, and come from another origin than the store's own, by an address that is good for minutes.
 * A file is known by its SHA-256. That the store has one says nothing to who never sent nor may see it: whoever attaches it sends it.
 */

/** tus creation. `Upload-Metadata`: `sha256` (64 hex digits), `ticketId`, `attachmentId`, each base64 as tus wants it. */
export const BLOB_UPLOADS = '/blobs/v1/uploads';
/** POST. Which of these the store still wants, asked before sending and after an outage. */
export const BLOB_OFFER = '/blobs/v1/offer';
/** POST. An address to read one attachment from. */
export const BLOB_OPEN = '/blobs/v1/open';
/** tus's own status of a file whose SHA-256 is not what was said: what came is dropped, and it is sent again from the beginning. */
export const CHECKSUM_MISMATCH = 460;

export const blobOfferRequestSchema = z.strictObject({
  files: z
    .array(z.strictObject({ ticketId: idSchema, attachmentId: idSchema, sha256: hashSchema, size: z.int().min(1) }))
    .min(1)
    .max(100),
});
export const blobOfferResponseSchema = z.object({
  /**
   * In the order of the question. `stored`: the store has it from this very person, whole and verified; its attachment counts as
   * arrived. `wanted`: it is to be sent.
   */
  files: z.array(z.object({ attachmentId: idSchema, state: z.enum(['stored', 'wanted']) })),
});

/** 404 for whatever this person may not see or the store does not have; 409 `notArrived` for a file that is still with its author. */
export const blobOpenRequestSchema = z.strictObject({ ticketId: idSchema, attachmentId: idSchema });
export const blobOpenResponseSchema = z.object({
  /** Absolute, unguessable, of another origin; answers GET with ranges. */
  url: z.url(),
  expiresAt: instantSchema,
  size: z.int().min(1),
  sha256: hashSchema,
});

export type BlobOffer = z.infer<typeof blobOfferRequestSchema>['files'][number];
export type BlobOpened = z.infer<typeof blobOpenResponseSchema>;
