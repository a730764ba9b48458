import type { StagedRow } from '../ports/outbox-files.ts';
import type { ProfileRuntime } from '../profile-runtime.ts';

/**
 * The bytes of files that were beside a text, once no text names them any more. What cannot be dropped now is collected at a start. What an act or
 * another text names too stays.
 */
export async function dropUnstaged(
  { files, attachments }: Pick<ProfileRuntime, 'files' | 'attachments'>,
  rows: readonly StagedRow[],
): Promise<void> {
  for (const { attachmentId, sha256, ticketId } of rows) {
    await files.blobs.dropPart(attachmentId);
    if (sha256 !== null) await attachments.shelf.dropIfUnnamed(sha256);
    attachments.transfers.changed(ticketId);
  }
}
