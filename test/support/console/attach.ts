import { randomBytes } from 'node:crypto';
import type { Attachment } from '../../../src/domain/attachments.ts';
import { PIECE_BYTES, type StagedFile } from '../../../src/protocol/console/attachment-methods.ts';
import { uuid } from '../world.ts';
import { register, requestId } from './acts.ts';
import { type ConsoleRig, createScene, required, type Scene, signedIn } from './console-rig.ts';
import { sha256Of } from './memory-blobs.ts';

export const someBytes = (size: number): Uint8Array => new Uint8Array(randomBytes(size));
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export async function begin(
  rig: ConsoleRig,
  of: { ticketId: string | null; size: number; name?: string; draftKey?: string },
): Promise<StagedFile> {
  const { ticketId, size, name = 'foto.jpg', draftKey = `note:${ticketId}` } = of;
  const begun = await rig.must('attachments.begin', { draftKey, ticketId, name, mediaType: 'image/jpeg', size });
  if (!begun.ok) throw new Error(begun.refusal.code);
  return begun.file;
}

export async function appendAll(rig: ConsoleRig, file: StagedFile, bytes: Uint8Array, from = 0): Promise<void> {
  for (let offset = from; offset < bytes.length; ) {
    const piece = bytes.slice(offset, offset + PIECE_BYTES);
    const { attachmentId } = file;
    const { received } = await rig.must('attachments.append', { attachmentId, offset, base64: base64(piece) });
    offset = received;
  }
}

/** A whole staged file. */
export async function stage(
  rig: ConsoleRig,
  ticketId: string | null,
  bytes: Uint8Array,
  draftKey = `note:${ticketId}`,
): Promise<StagedFile> {
  const file = await begin(rig, { ticketId, size: bytes.length, draftKey });
  await appendAll(rig, file, bytes);
  const done = await rig.must('attachments.finish', { attachmentId: file.attachmentId, thumbnail: null });
  if (!done.ok) throw new Error(done.refusal.code);
  return done.file;
}

export const named = ({ attachmentId, name, mediaType, size, sha256 }: StagedFile): Attachment => ({
  attachmentId,
  name,
  mediaType,
  size,
  sha256: required(sha256),
  visibility: 'internal',
  thumbnail: null,
});

/** The act that names a staged file. */
export async function attach(rig: ConsoleRig, ticketId: string, file: StagedFile): Promise<void> {
  const acts = [{ ticketId, type: 'addAttachment' as const, payload: named(file) }];
  const request = { requestId: requestId(), atomic: true, acts, clearDraft: null };
  const { results } = await rig.must('acts.submit', request);
  const result = required(results[0]);
  if (!result.ok) throw new Error(result.refusal.code);
}

/** A file of somebody else's on a ticket, at the store. */
export function attachedByOther(
  scene: Scene,
  actor: Parameters<Scene['store']['act']>[0],
  ticketId: string,
  bytes: Uint8Array,
  sha256: string,
  n = 1,
): Attachment {
  const file: Attachment = {
    attachmentId: uuid(90_000 + n),
    name: `plano ${n}.pdf`,
    mediaType: 'application/pdf',
    size: bytes.length,
    sha256,
    visibility: 'internal',
    thumbnail: null,
  };
  scene.store.act(actor, ticketId, 'addAttachment', file);
  scene.store.blobs.stored.set(sha256, bytes);
  scene.store.blobs.open.set(file.attachmentId, { sha256, size: bytes.length });
  return file;
}

/** A console with a ticket of its own that the store has. */
export async function deskWithTicket(): Promise<{ scene: Scene; rig: ConsoleRig; ticketId: string }> {
  const scene = createScene();
  const rig = await signedIn(scene);
  const ticketId = await register(rig);
  await scene.time.advance(1_000);
  return { scene, rig, ticketId };
}
export const statesOf = async (rig: ConsoleRig, ticketId: string) =>
  (await rig.must('attachments.states', { ticketId })).states;
export const uploads = async (rig: ConsoleRig) => (await rig.must('connection.get', {})).uploads;
export const isStored = (scene: Scene, bytes: Uint8Array) => scene.store.blobs.stored.has(sha256Of(bytes));
