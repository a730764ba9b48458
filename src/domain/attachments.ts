import { z } from 'zod';
import { type Refusal, refusal } from './refusals.ts';
import { cleanText, utf8Bytes } from './text.ts';
import type { ParkedClaim, Ticket } from './ticket.ts';
import { idSchema } from './vocabulary.ts';

/** What no desk may configure away. Sizes in bytes; the thumbnail in characters of base64. */
export const attachmentBounds = { name: 200, fileBytes: 1_000_000_000, thumbnail: 12_000, perAct: 20 } as const;

/** What a desk allows before an act is taken. A file that was attached all the same (another console, older settings) stays: a fact. */
export const attachmentSettingsSchema = z.object({
  /** Largest file, in bytes. */
  fileBytes: z.int().min(1).max(attachmentBounds.fileBytes),
  /** All files of one ticket together, in bytes. */
  ticketBytes: z.int().min(1),
  /** Endings of names, lower case and without the dot, of files that are never taken. */
  refusedEndings: z.array(z.string().regex(/^[a-z0-9_-]{1,24}$/)),
});
export type AttachmentSettings = z.infer<typeof attachmentSettingsSchema>;

export const defaultAttachmentSettings: AttachmentSettings = {
  fileBytes: 250_000_000,
  ticketBytes: 1_000_000_000,
  // What Windows starts at a double click, or by a name alone.
  refusedEndings: [
    ...['exe', 'com', 'scr', 'pif', 'bat', 'cmd', 'msi', 'msp', 'msix', 'appx', 'appinstaller', 'cpl', 'hta', 'jar'],
    ...['js', 'jse', 'vbs', 'vbe', 'wsf', 'wsh', 'ps1', 'psm1', 'lnk', 'url', 'scf', 'reg', 'inf', 'gadget', 'chm'],
    ...[
      'application',
      'msc',
      'iso',
      'img',
      'vhd',
      'vhdx',
      'dll',
      'sys',
      'settingcontent-ms',
      'library-ms',
      'search-ms',
    ],
  ],
};

// Bidirectional controls, blanks of no width, controls, and what separates folders or has a meaning to a shell of Windows.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/:*?"<>|]/gu;
const LONGEST_ENDING = 20;

/** The part after the last dot, lower case; empty when there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Characters of `text` while they fit into `maxBytes` of UTF-8. */
function shortened(text: string, maxBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}

/**
 * The name as it is shown and offered for saving: one line, no folder, no character that hides or reorders others, no blank or dot at
 * its ends, at most 200 bytes with its ending kept. Empty when nothing is left.
 */
export function safeFileName(raw: string): string {
  const folder = Math.max(raw.lastIndexOf('/'), raw.lastIndexOf('\\'));
  const name = cleanText(raw.slice(folder + 1))
    .replace(UNSAFE, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  if (utf8Bytes(name) <= attachmentBounds.name) return name;
  const ending = endingOf(name);
  const tail = ending === '' || ending.length > LONGEST_ENDING ? '' : `.${ending}`;
  return shortened(name, attachmentBounds.name - utf8Bytes(tail)).trimEnd() + tail;
}

/** A small picture of the file, made by the console that added it: it travels with the act, so it is seen without the file. */
export const thumbnailSchema = z.strictObject({
  mediaType: z.enum(['image/webp', 'image/jpeg']),
  width: z.int().min(1).max(512),
  height: z.int().min(1).max(512),
  base64: z.base64().max(attachmentBounds.thumbnail),
});
export type Thumbnail = z.infer<typeof thumbnailSchema>;

/** What an act says of a file. Its bytes travel apart and later; `sha256` is what they must be. */
export const attachmentSchema = z.strictObject({
  attachmentId: idSchema,
  name: z
    .string()
    .overwrite(safeFileName)
    .refine((name) => name.length > 0, { error: 'attachmentName' }),
  /** As the console's browser named it: shown, never believed. */
  mediaType: z.string().regex(/^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/),
  size: z.int().min(1).max(attachmentBounds.fileBytes),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  visibility: z.enum(['internal', 'public']),
  thumbnail: thumbnailSchema.nullable(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

/** What stands under an attachment's id: whose device brought it there, and its content. */
export interface NamedFile extends Pick<Attachment, 'sha256' | 'size'> {
  /** Who sends the bytes: of an act on behalf of somebody else, who handed it in. */
  readonly senderId: string;
}

/** The file that a parked act would have added; null of every other act, and of a content that this version cannot read. */
export function parkedFile({ type, conflicts }: Pick<ParkedClaim, 'type' | 'conflicts'>): Attachment | null {
  const said = type === 'addAttachment' ? conflicts.find(({ field }) => field === type)?.mine : null;
  if (typeof said !== 'string') return null;
  try {
    const file = attachmentSchema.safeParse(JSON.parse(said));
    return file.success ? file.data : null;
  } catch {
    return null;
  }
}

const MEGABYTE = 1_000_000;
const megabytes = (bytes: number) => Math.floor(bytes / MEGABYTE);

/**
 * Whether a file may be added, asked before anything is taken: its name and size by the desk's settings, and the room that its ticket
 * has left (`others`: bytes already waiting to be added beside it). Null: it may.
 */
export function attachmentRefusal(
  settings: AttachmentSettings,
  ticket: Ticket | null,
  file: { readonly name: string; readonly size: number },
  others = 0,
): Refusal | null {
  // A name that says one thing to a person and another to a program is no accident.
  if (/\p{Cc}|%00/u.test(file.name)) return refusal('attachmentName');
  const name = safeFileName(file.name);
  if (name === '') return refusal('attachmentName');
  const ending = endingOf(name);
  if (settings.refusedEndings.includes(ending)) return refusal('attachmentType', { ending });
  if (file.size === 0) return refusal('attachmentEmpty');
  if (file.size > settings.fileBytes) return refusal('attachmentTooLarge', { mb: megabytes(settings.fileBytes) });
  const held = (ticket?.attachments?.bytes ?? 0) + others;
  if (held + file.size > settings.ticketBytes)
    return refusal('attachmentQuota', { mb: megabytes(settings.ticketBytes), heldMb: megabytes(held) });
  return null;
}

/** Media types whose content may be drawn in a page, as a picture only. Everything else is saved, never opened. */
export const drawableTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
