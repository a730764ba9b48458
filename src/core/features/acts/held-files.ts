import { attachmentSchema } from '../../../domain/attachments.ts';
import { type Refusal, refusal } from '../../../domain/refusals.ts';
import type { NewUpload } from '../../ports/outbox-files.ts';
import type { ProfileFiles } from '../../ports/profiles.ts';
import type { Act, PlannedCommand } from './plan-acts.ts';

/**
 * An act that names a file is written only while this console holds that file whole: staged, or (written again) on its way already.
 * Null: it does, or the act names none.
 */
export function missingFile({ type, payload }: Act, { outbox, blobs }: ProfileFiles): Refusal | null {
  if (type !== 'addAttachment') return null;
  const named = attachmentSchema.safeParse(payload);
  // What is no attachment at all is refused by the rules.
  if (!named.success) return null;
  const { attachmentId, sha256, size } = named.data;
  const held = outbox.stagedFile(attachmentId) ?? outbox.upload(attachmentId);
  const whole = held !== null && held.sha256 === sha256 && held.size === size && blobs.sizeOf(sha256) === size;
  return whole ? null : refusal('attachmentMissing');
}

/** The files that these commands send after themselves. */
export const uploadsOf = (commands: readonly PlannedCommand[], addedAt: number): NewUpload[] =>
  commands.flatMap(({ command }) => {
    const named = command.type === 'addAttachment' ? attachmentSchema.safeParse(command.payload) : null;
    if (named?.success !== true) return [];
    const { attachmentId, name, sha256, size } = named.data;
    return [{ attachmentId, ticketId: command.ticketId, commandId: command.id, name, sha256, size, addedAt }];
  });
