import { type Attachment, drawableTypes, parkedFile } from '../../../domain/attachments.ts';
import type { ParkedClaim } from '../../../domain/ticket.ts';
import type { AttachmentState } from '../../../protocol/console/attachment-methods.ts';
import type { ShownEntry } from '../../../protocol/console/rows.ts';

export type FileEntry = ShownEntry & { readonly event: Attachment & { readonly type: 'attachmentAdded' } };

/** Where the bytes of a file are, for the eye. */
export type FileWhere =
  | { readonly kind: 'waiting' | 'held' | 'sent' | 'here' | 'withAuthor' | 'download' | 'downloadWaiting' | 'failed' }
  | { readonly kind: 'sending' | 'fetching'; readonly percent: number };

export interface TicketFile {
  readonly entry: FileEntry;
  readonly where: FileWhere;
  /** The whole file can be read on this machine. */
  readonly here: boolean;
  /** The author's console made a picture of it, so a page may try to draw it; what it really is, its bytes say. */
  readonly picture: boolean;
}

const isFile = (entry: ShownEntry): entry is FileEntry => entry.event.type === 'attachmentAdded';
const drawable: ReadonlySet<string> = new Set(drawableTypes);
const share = (part: number, size: number): number => Math.min(99, Math.floor((part * 100) / Math.max(1, size)));

/** Files of a ticket in the order in which they were added. `me`: whose own files are said to be sent. */
export function ticketFiles(
  entries: readonly ShownEntry[],
  states: readonly AttachmentState[],
  me: string,
): readonly TicketFile[] {
  const arrived = new Set<string>();
  for (const { event } of entries) if (event.type === 'attachmentArrived') arrived.add(event.attachmentId);
  const stateById = new Map(states.map((state) => [state.attachmentId, state]));
  return entries.filter(isFile).map((entry) => {
    const { attachmentId, mediaType, thumbnail } = entry.event;
    const state = stateById.get(attachmentId);
    return {
      entry,
      where: whereOf(entry, state, arrived.has(attachmentId), me),
      here: state?.here === true,
      picture: thumbnail !== null && drawable.has(mediaType),
    };
  });
}

/**
 * Files that parked acts name, each under the line that tells of the parking. Whether the store has one is found out by asking: nothing says that it
 * arrived.
 */
export function parkedFiles(
  parked: readonly ParkedClaim[],
  entries: readonly ShownEntry[],
  states: readonly AttachmentState[],
  me: string,
): readonly TicketFile[] {
  return parked.flatMap((claim) => {
    const file = parkedFile(claim);
    const line = entries.find(({ event }) => event.type === 'claimParked' && event.claim.commandId === claim.commandId);
    if (file === null || line === undefined) return [];
    const entry: FileEntry = { ...line, event: { ...file, type: 'attachmentAdded' } };
    const state = states.find(({ attachmentId }) => attachmentId === file.attachmentId);
    const picture = file.thumbnail !== null && drawable.has(file.mediaType);
    return [{ entry, where: whereOf(entry, state, true, me), here: state?.here === true, picture }];
  });
}

function whereOf(entry: FileEntry, state: AttachmentState | undefined, arrived: boolean, me: string): FileWhere {
  const { size } = entry.event;
  const { upload = null, download = null, here = false } = state ?? {};
  if (!arrived) {
    if (upload?.state === 'held') return { kind: 'held' };
    if (upload?.state === 'sending') return { kind: 'sending', percent: share(upload.sent, size) };
    return { kind: here || upload !== null || entry.pending !== null ? 'waiting' : 'withAuthor' };
  }
  if (here) return { kind: entry.actorId === me ? 'sent' : 'here' };
  if (download === null) return { kind: 'download' };
  if (download.state === 'fetching') return { kind: 'fetching', percent: share(download.received, size) };
  return { kind: download.state === 'failed' ? 'failed' : 'downloadWaiting' };
}
