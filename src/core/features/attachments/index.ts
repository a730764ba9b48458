import { attachmentRefusal, safeFileName } from '../../../domain/attachments.ts';
import { refusal } from '../../../domain/refusals.ts';
import { type AttachmentState, PIECE_BYTES, type StagedFile } from '../../../protocol/console/attachment-methods.ts';
import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed, storageError } from '../../failures.ts';
import { dropUnstaged } from '../../files/drop-unstaged.ts';
import type { BlobFailure, BlobFilesPort } from '../../ports/blob-files.ts';
import type { StagedRow, UploadRow } from '../../ports/outbox-files.ts';
import { type Desk, requireDesk, requireOpenDesk, type World } from '../../world.ts';
import { attachmentsOf } from './attachments-of.ts';
import { filesOnTheirWay } from './on-their-way.ts';
import { ownFilesOf } from './own-files.ts';

type Methods =
  | 'attachments.begin'
  | 'attachments.append'
  | 'attachments.finish'
  | 'attachments.discard'
  | 'attachments.staged'
  | 'attachments.states'
  | 'attachments.onTheirWay'
  | 'attachments.fetch'
  | 'attachments.read';

/** What a browser calls a file that it knows nothing of. */
const UNKNOWN_TYPE = 'application/octet-stream';
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/u;
/** The type itself, without parameters, as an act may carry it. */
function mediaTypeOf(raw: string): string {
  const type = raw.split(';')[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE;
}

const blobError = ({ code }: BlobFailure) =>
  code === 'gone' || code === 'damaged' ? failed('notFound') : storageError({ code });

function shown(row: StagedRow, blobs: BlobFilesPort): StagedFile {
  const { attachmentId, draftKey, name, mediaType, size, sha256, thumbnail } = row;
  const received = sha256 === null ? blobs.received(attachmentId) : size;
  return { attachmentId, draftKey, name, mediaType, size, received, sha256, thumbnail };
}

/** Files that are added to a text, and files of a ticket: where they are, and their bytes. */
export function attachmentsFeature(world: World): Handlers<Methods> {
  const { deps } = world;

  /** Bytes that wait beside a new file: of its ticket, or of the draft of a ticket that has no id yet. */
  function besides({ runtime }: Desk, ticketId: string | null, draftKey: string): number {
    const staged = runtime.files.outbox.staged(ticketId === null ? draftKey : null);
    return staged.filter((row) => row.ticketId === ticketId).reduce((sum, { size }) => sum + size, 0);
  }

  return {
    async 'attachments.begin'({ personId, draftKey, ticketId, name, mediaType, size }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const { runtime, session } = desk.value;
      const { outbox, cache, blobs } = runtime.files;
      const ticket =
        ticketId === null
          ? null
          : (cache.shown(ticketId) ?? world.online.folded(runtime, session, ticketId)?.ticket ?? null);
      if (ticketId !== null && ticket === null) return failed('notFound');
      const others = besides(desk.value, ticketId, draftKey);
      const no = attachmentRefusal(session.settings.attachments, ticket, { name, size }, others);
      if (no !== null) return ok({ ok: false, refusal: no });
      // Known from a file that waits for room: one more would wait behind it.
      if (runtime.attachments.transfers.deskFull()) return ok({ ok: false, refusal: refusal('attachmentDeskFull') });
      if (!(await runtime.attachments.shelf.makeRoom(size))) return failed('diskFull');
      const row: StagedRow = {
        attachmentId: deps.random.id(),
        draftKey,
        ticketId,
        name: safeFileName(name),
        mediaType: mediaTypeOf(mediaType),
        size,
        sha256: null,
        thumbnail: null,
        addedAt: deps.clock.now(),
      };
      const staged = outbox.stage(row);
      if (!staged.ok) return storageError(staged.error);
      runtime.attachments.transfers.changed(ticketId);
      return ok({ ok: true, file: shown(row, blobs) });
    },

    async 'attachments.append'({ personId, attachmentId, offset, base64 }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox, blobs } = desk.value.runtime.files;
      const row = outbox.stagedFile(attachmentId);
      if (row === null) return failed('notFound');
      if (row.sha256 !== null) return ok({ received: row.size });
      if (offset + (base64.length / 4) * 3 - 2 > row.size)
        return failed('badRequest', { reason: 'longerThanAnnounced' });
      const taken = await blobs.append(attachmentId, offset, { base64 });
      return taken.ok ? ok({ received: taken.value.received }) : storageError(taken.error);
    },

    async 'attachments.finish'({ personId, attachmentId, thumbnail }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const { runtime } = desk.value;
      const { outbox, blobs } = runtime.files;
      const row = outbox.stagedFile(attachmentId);
      if (row === null) return failed('notFound');
      // A part that is still there has not got its name, whatever lies under that name.
      if (blobs.received(attachmentId) !== row.size)
        return row.sha256 !== null && blobs.sizeOf(row.sha256) === row.size
          ? ok({ ok: true, file: shown(row, blobs) })
          : ok({ ok: false, refusal: refusal('attachmentMissing') });
      const digest = await blobs.digest(attachmentId);
      if (!digest.ok) return blobError(digest.error);
      // Order: its hash, then its name. What dies between them is finished at the next start.
      const noted = outbox.stagedWhole(attachmentId, digest.value, thumbnail);
      if (!noted.ok) return storageError(noted.error);
      const placed = await runtime.attachments.placing.place(attachmentId, digest.value);
      if (!placed.ok) return blobError(placed.error);
      runtime.attachments.transfers.changed(row.ticketId);
      return ok({ ok: true, file: shown({ ...row, sha256: digest.value, thumbnail }, blobs) });
    },

    async 'attachments.discard'({ personId, attachmentId }) {
      const desk = requireDesk(world, personId);
      if (!desk.ok) return desk;
      const { runtime } = desk.value;
      const { outbox } = runtime.files;
      const row = outbox.stagedFile(attachmentId);
      if (row === null) return ok({});
      const gone = outbox.unstage(attachmentId);
      if (!gone.ok) return storageError(gone.error);
      await dropUnstaged(runtime, [row]);
      return ok({});
    },

    'attachments.staged'({ draftKey }) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const { outbox, blobs } = desk.value.runtime.files;
      return ok({ files: outbox.staged(draftKey).map((row) => shown(row, blobs)) });
    },

    'attachments.states'({ ticketId }) {
      const desk = requireOpenDesk(world);
      if (!desk.ok) return desk;
      const { runtime } = desk.value;
      const { outbox, blobs } = runtime.files;
      const isOfRefused = ({ state, commandId }: UploadRow): boolean => {
        const command = state === 'waiting' ? outbox.get(commandId) : null;
        return command?.state === 'refused' && command.replayFor === null;
      };
      const uploads = new Map(outbox.uploadsOf(ticketId).map((row) => [row.attachmentId, row]));
      const seen = attachmentsOf(world, desk.value, ticketId);
      const known = new Set(seen.map(({ attachmentId }) => attachmentId));
      const own = ownFilesOf(desk.value, ticketId).filter(({ attachmentId }) => !known.has(attachmentId));
      const states = [...seen, ...own].flatMap((file): AttachmentState[] => {
        const { attachmentId, sha256, size } = file;
        const upload = uploads.get(attachmentId);
        const sending = runtime.attachments.transfers.sending(attachmentId);
        const download = runtime.attachments.downloads.of(sha256);
        const here = blobs.sizeOf(sha256) === size;
        const state: AttachmentState = {
          attachmentId,
          here,
          upload:
            upload === undefined || upload.state === 'done' || isOfRefused(upload)
              ? null
              : upload.state === 'held'
                ? { state: 'held', sent: 0 }
                : { state: sending === null ? 'waiting' : 'sending', sent: sending?.sent ?? 0 },
          download: here ? null : download,
        };
        return here || state.upload !== null || state.download !== null ? [state] : [];
      });
      return ok({ states });
    },

    'attachments.onTheirWay'() {
      const desk = requireDesk(world);
      return desk.ok ? ok({ files: filesOnTheirWay(desk.value) }) : desk;
    },

    async 'attachments.fetch'({ ticketId, attachmentId }) {
      const desk = requireOpenDesk(world);
      if (!desk.ok) return desk;
      const file = attachmentsOf(world, desk.value, ticketId).find((held) => held.attachmentId === attachmentId);
      if (file === undefined) return failed('notFound');
      const begun = await desk.value.runtime.attachments.downloads.fetch(ticketId, file);
      return begun.ok ? ok({}) : begun;
    },

    async 'attachments.read'({ ticketId, attachmentId, offset }) {
      const desk = requireOpenDesk(world);
      if (!desk.ok) return desk;
      const { runtime } = desk.value;
      const { outbox, blobs } = runtime.files;
      const isIt = (held: { readonly attachmentId: string }) => held.attachmentId === attachmentId;
      const file = attachmentsOf(world, desk.value, ticketId).find(isIt) ?? ownFilesOf(desk.value, ticketId).find(isIt);
      if (file === undefined) return failed('notFound');
      const { sha256, size } = file;
      if (blobs.sizeOf(sha256) !== size) return failed('notFound');
      const piece = await blobs.readPiece(sha256, offset, PIECE_BYTES);
      if (piece.ok) {
        if (offset === 0 && outbox.fetched().some((row) => row.sha256 === sha256))
          runtime.attachments.shelf.noteRead({ sha256, ticketId, size });
        return ok({ base64: piece.value, size });
      }
      if (piece.error.code === 'damaged') await runtime.attachments.shelf.foundDamaged(sha256);
      return blobError(piece.error);
    },
  };
}
