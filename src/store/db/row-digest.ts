import { hash } from 'node:crypto';
import type { TimelineEntry } from '../../domain/events.ts';

/** `row_digest` of the database: the first 64 bits of the SHA-256 of a row's exact text, as a signed integer. */
export const rowDigest = (doc: string): bigint =>
  BigInt.asIntN(64, BigInt(`0x${hash('sha256', doc, 'hex').slice(0, 16)}`));

export interface EntryDoc {
  readonly entry: TimelineEntry;
  readonly doc: string;
}
/** Entries with their exact text, made once: it is stored, and counted in the digest of its ticket. */
export const entryDocs = (entries: readonly TimelineEntry[]): EntryDoc[] =>
  entries.map((entry) => ({ entry, doc: JSON.stringify(entry) }));

/** XOR of the digests of the new entries of each ticket. */
export function addedDigests(docs: readonly EntryDoc[]): ReadonlyMap<string, bigint> {
  const added = new Map<string, bigint>();
  for (const { entry, doc } of docs) added.set(entry.ticketId, (added.get(entry.ticketId) ?? 0n) ^ rowDigest(doc));
  return added;
}
