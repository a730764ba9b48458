import type { Thumbnail } from '../../domain/attachments.ts';
import type { Result } from '../../shared/result.ts';
import type { StorageFailure } from './storage-failure.ts';

/** A file of a text that is being written. Its bytes lie with `BlobFilesPort`: a part under `attachmentId` until it is whole. */
export interface StagedRow {
  readonly attachmentId: string;
  readonly draftKey: string;
  readonly ticketId: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  /** Null until the file is whole and was hashed. */
  readonly sha256: string | null;
  readonly thumbnail: Thumbnail | null;
  readonly addedAt: number;
}

/** `waiting`: to be offered or sent · `held`: the store will not have it · `done`: the store has it, verified. */
export const uploadStates = ['waiting', 'held', 'done'] as const;
export type UploadState = (typeof uploadStates)[number];

/** A file of a written act, on its way to the store. */
export interface UploadRow {
  readonly attachmentId: string;
  readonly ticketId: string;
  readonly commandId: string;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly state: UploadState;
  /** Address of an upload that was begun; null when there is none. */
  readonly uploadUrl: string | null;
  /** Epoch in which the store said that it has it; null before. */
  readonly epoch: string | null;
  readonly addedAt: number;
  readonly settledAt: number | null;
}
export type NewUpload = Pick<
  UploadRow,
  'attachmentId' | 'ticketId' | 'commandId' | 'name' | 'sha256' | 'size' | 'addedAt'
>;

/** A file that came from the store, is coming, or was given up half-way, or that the store has: it may go when room is wanted, and goes with its ticket. */
export interface FetchedRow {
  readonly sha256: string;
  readonly ticketId: string;
  readonly size: number;
  readonly readAt: number;
}
export interface UploadCounts {
  /** To be sent, now or once their command is answered; never those of a refused one. */
  readonly waiting: number;
  readonly bytes: number;
  readonly held: number;
  /** Of refused commands that were not dismissed: the store does not want them, and their person has not put them away. */
  readonly refused: number;
}

type Written = Result<null, StorageFailure>;

/**
 * What the outbox file keeps of attachments: names and states, never their bytes. That a staged file becomes an upload is part of
 * `OutboxPort.append`.
 */
export interface OutboxFiles {
  /** In order of adding; of one draft, or of all (null). */
  staged(draftKey: string | null): readonly StagedRow[];
  stagedFile(attachmentId: string): StagedRow | null;
  stage(row: StagedRow): Written;
  /** The file is whole. */
  stagedWhole(attachmentId: string, sha256: string, thumbnail: Thumbnail | null): Written;
  unstage(attachmentId: string): Written;

  upload(attachmentId: string): UploadRow | null;
  uploadsOf(ticketId: string): readonly UploadRow[];
  /**
   * Waiting, with their command answered and neither refused nor owed to a restored store: what may be offered now. Smallest
   * first, at most `limit`.
   */
  uploadsDue(limit: number): readonly UploadRow[];
  uploadCounts(): UploadCounts;
  setUploadUrl(attachmentId: string, uploadUrl: string | null): Written;
  settleUpload(attachmentId: string, to: { state: 'held' | 'done'; epoch: string | null; at: number }): Written;
  /** Uploads of this content that are held. */
  heldUploads(sha256: string): readonly UploadRow[];
  /** They wait again. No write when there is none. */
  resumeUploads(sha256: string): Written;
  /** Everything that was settled in another epoch waits again: to be offered in this one. No write when there is nothing. */
  reofferUploads(epoch: string): Written;
  /** SHA-256 of every staged file and every upload that is kept: what may not go for want of room. */
  namedFiles(): ReadonlySet<string>;
  /** The same without what the store has. */
  unconfirmedFiles(): ReadonlySet<string>;
  /** Done ones settled before `before`; their files may go from then on. */
  pruneUploads(before: number): Written;

  /** Least recently read first. */
  fetched(): readonly FetchedRow[];
  /** Of a file that is there already: the later time of reading, and the ticket of this row. */
  putFetched(row: FetchedRow): Written;
  dropFetched(sha256: string): Written;
}
