import type { ConsoleClient, ConsoleErrorCode } from '../../../protocol/console/client.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { base64ToBytes } from './base64.ts';

interface Place {
  readonly ticketId: string;
  readonly attachmentId: string;
}

/** The bytes of a file that is on this machine, as nothing in particular: a page gives them a type only once it looked at them. */
export async function readAttachment(
  client: Pick<ConsoleClient, 'call'>,
  { ticketId, attachmentId }: Place,
): Promise<Result<Blob, ConsoleErrorCode>> {
  const parts: Blob[] = [];
  for (let offset = 0; ; ) {
    const answer = await client.call('attachments.read', { ticketId, attachmentId, offset });
    if (!answer.ok) return err(answer.error.code);
    const piece = base64ToBytes(answer.value.base64);
    // A browser keeps blobs outside the page's memory, and large ones on its disk.
    parts.push(new Blob([piece]));
    offset += piece.length;
    if (offset >= answer.value.size || piece.length === 0) break;
  }
  return ok(new Blob(parts, { type: 'application/octet-stream' }));
}

/** Long enough for any browser to have taken it over. */
const KEPT_MS = 120_000;

/** Hands a file to the browser to be saved, never opened: under its name, as a type that nothing is registered for. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
