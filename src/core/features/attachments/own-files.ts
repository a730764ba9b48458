import type { UploadRow } from '../../ports/outbox-files.ts';
import type { Desk } from '../../world.ts';

/**
 * Files of this person's own acts on a ticket, for as long as those acts are kept: also where the ticket tells nothing of them (refused,
 * parked) or is not held any more. Of some the only copy is here.
 */
export function ownFilesOf({ runtime }: Pick<Desk, 'runtime'>, ticketId: string): readonly UploadRow[] {
  const { outbox } = runtime.files;
  return outbox.uploadsOf(ticketId).filter(({ commandId }) => outbox.get(commandId) !== null);
}
