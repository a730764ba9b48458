import { hash, randomBytes } from 'node:crypto';
import type { Result } from '../../shared/result.ts';
import { blobLimits } from './blob-limits.ts';

/** `full`: no room left · `unavailable`: it does not answer now. */
export type PutFailure = 'full' | 'unavailable';

/** What was asked for is not there (any more). */
export class BlobGone extends Error {
  override readonly name = 'BlobGone';
}
/** The place of the files does not answer: the caller answers 503, and the console tries again later. */
export class BlobsUnavailable extends Error {
  override readonly name = 'BlobsUnavailable';
}

export interface StoredObject {
  readonly name: string;
  readonly size: number;
  /** Epoch ms, by the clock of the place. */
  readonly changedAt: number;
}
/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where bytes are kept: objects under random names, written once and never changed. What an object is of stands in the database
 * alone; several store processes share one place. Everything but `put` rejects with `BlobsUnavailable` when the place does not answer.
 */
export interface BlobStore {
  /** For people: the folder, or the service and bucket. */
  readonly place: string;
  /** Makes the place where it can be made (a folder); only for a place that is new. */
  prepare(): Promise<void>;
  /**
   * The object is whole and durable when this answers. `source` may be called again for another try. Rejects with whatever the source
   * rejects with; an object that is not whole may stay behind for the collector. One of that name that is there already stays as it is
   * where the place can tell.
   */
  put(
    name: string,
    source: () => AsyncIterable<Uint8Array>,
    about: { readonly size: number; readonly sha256: string },
  ): Promise<Result<null, PutFailure>>;
  /** Bytes; null when there is none. */
  sizeOf(name: string): Promise<number | null>;
  /** Rejects with `BlobGone` where there is none. */
  read(name: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** One that is not there is as good as deleted. */
  delete(name: string): Promise<void>;
  /** Everything under this place that has the form of a name; `skipped` hears of a part of it that could not be listed. */
  list(skipped?: (error: unknown) => void): AsyncIterable<StoredObject>;
  /** Bytes that may still be written; null where the place does not say. */
  room(): Promise<number | null>;
}

/** Bytes that files may still take: the reserve is left to everything else. Null where the place does not say. */
export async function roomBeyondReserve(store: Pick<BlobStore, 'room'>): Promise<number | null> {
  const room = await store.room();
  return room === null ? null : Math.max(0, room - blobLimits.reserveBytes);
}

/** The one object that has no random name: whose place this is. Not among what `list` gives. */
export const PLACE_MARK = 'chasqui-place';
export const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

/** 160 random bits: names tell nothing, and two processes never meet. */
export const newObjectName = (): string => randomBytes(20).toString('hex');
export const isObjectName = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
