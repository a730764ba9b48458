import type { Result } from '../../shared/result.ts';
import type { BlobAnswer, UploadStep } from '../ports/blob-client.ts';
import type { BlobFailure } from '../ports/blob-files.ts';
import type { UploadRow } from '../ports/outbox-files.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { authorized, type Link } from './link.ts';
import type { SyncContext } from './sync-context.ts';

/** Bytes of a piece: as many as take about a second, so that a text never waits long behind one. */
const PIECE = { least: 64_000, first: 256_000, most: 4_000_000 } as const;
const PIECE_MS = 1_000;

/** `text`: something was written meanwhile, and goes first · `ended`: the contact is over. */
export type Sent =
  | { readonly kind: 'done' }
  | { readonly kind: 'text' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'local'; readonly failure: BlobFailure }
  | { readonly kind: 'unwritten' }
  | { readonly kind: 'failed'; readonly failure: TokenFailure | BlobAnswer };

/** How long pieces are on this link; kept from one file to the next of a contact. */
export interface PieceSize {
  bytes: number;
}
export const firstPieceSize = (): PieceSize => ({ bytes: PIECE.first });

/**
 * Sends one file from where the store has it, a piece after another, as long as nothing else has to go first. The address of the upload is
 * kept before its first byte is sent: whoever goes on later, this process or another, goes on from what the store has.
 */
export async function sendFile(
  link: Link,
  context: SyncContext,
  row: UploadRow,
  { piece, progressed }: { readonly piece: PieceSize; readonly progressed: () => void },
): Promise<Sent> {
  const { deps, keeper, outbox, blobs } = context;
  const { attachmentId, ticketId, sha256, size } = row;
  const client = deps.store.blobs;
  const ask = <T>(call: (token: string) => Promise<Result<T, BlobAnswer>>) => authorized(keeper, call, link);

  let uploadUrl = row.uploadUrl;
  let offset = 0;
  if (uploadUrl !== null) {
    const known = uploadUrl;
    const at = await ask((token) => client.progress(token, known));
    if (at.ok) offset = at.value.offset;
    else if (at.error.kind !== 'uploadGone') return { kind: 'failed', failure: at.error };
    else uploadUrl = null;
  }
  if (uploadUrl === null) {
    const made = await ask((token) => client.create(token, { ticketId, attachmentId, sha256, size }));
    if (!made.ok) return { kind: 'failed', failure: made.error };
    if (!outbox.setUploadUrl(attachmentId, made.value.uploadUrl).ok) return { kind: 'unwritten' };
    uploadUrl = made.value.uploadUrl;
    offset = made.value.offset;
  }
  const url = uploadUrl;
  try {
    while (offset < size) {
      if (link.closed) return { kind: 'ended' };
      if (outbox.toSend(1).length > 0) return { kind: 'text' };
      context.transfers.setSending({ attachmentId, ticketId, sent: offset });
      const bytes = await blobs.read(sha256, offset, Math.min(piece.bytes, size - offset));
      if (!bytes.ok) return { kind: 'local', failure: bytes.error };
      const from = offset;
      const begun = deps.clock.monotonicMs();
      const step: Result<UploadStep, TokenFailure | BlobAnswer> = await ask((token) =>
        client.send(token, url, from, bytes.value, link),
      );
      if (!step.ok) {
        if (step.error.kind === 'offline' || step.error.kind === 'tooLarge')
          piece.bytes = Math.max(PIECE.least, Math.floor(piece.bytes / 2));
        return { kind: 'failed', failure: step.error };
      }
      if (step.value.offset <= offset) return { kind: 'failed', failure: { kind: 'broken' } };
      offset = step.value.offset;
      const took = deps.clock.monotonicMs() - begun;
      if (took < PIECE_MS / 2) piece.bytes = Math.min(PIECE.most, piece.bytes * 2);
      else if (took > PIECE_MS * 2) piece.bytes = Math.max(PIECE.least, Math.floor(piece.bytes / 2));
      progressed();
      context.sound();
    }
    return { kind: 'done' };
  } finally {
    context.transfers.setSending(null);
  }
}
