import { attachmentSchema, type Thumbnail } from '../../../domain/attachments.ts';
import { FILES_SHOWN, type FileOnItsWay } from '../../../protocol/console/attachment-methods.ts';
import type { OutboxCommand } from '../../ports/outbox.ts';
import type { Desk } from '../../world.ts';

/** Files whose acts were answered and that are still to be sent, named by what is known of their tickets here. */
export function filesOnTheirWay({ runtime }: Pick<Desk, 'runtime'>): FileOnItsWay[] {
  const { outbox, cache } = runtime.files;
  const { transfers } = runtime.attachments;
  return outbox.uploadsDue(FILES_SHOWN).map(({ attachmentId, commandId, ticketId, name, size }) => {
    const ticket = cache.shown(ticketId);
    const command = outbox.get(commandId);
    const sending = transfers.sending(attachmentId);
    return {
      ...{ attachmentId, commandId, ticketId, name, size },
      // A ticket that left the scope meanwhile is told as its act tells it; an act that is forgotten tells nothing.
      ticketCode: ticket?.number ?? ticket?.provisionalCode ?? command?.label.code ?? '',
      ticketSubject: ticket?.subject ?? command?.label.subject ?? '',
      thumbnail: thumbnailOf(command),
      state: sending === null ? 'waiting' : 'sending',
      sent: sending?.sent ?? 0,
      failures: transfers.failures(attachmentId),
      deskFull: transfers.deskFull(attachmentId),
    };
  });
}

function thumbnailOf(command: OutboxCommand | null): Thumbnail | null {
  const named = attachmentSchema.safeParse(command?.wire.payload);
  return named.success ? named.data.thumbnail : null;
}
