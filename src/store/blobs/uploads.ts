import type { Readable } from 'node:stream';
import { attachmentBounds } from '../../domain/attachments.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { heldBlobs } from '../db/blob-rows.ts';
import type { Database } from '../db/pool.ts';
import { addPart, dropUpload, findUpload, finishedUpload, openUpload, type UploadRow } from '../db/upload-rows.ts';
import type { FileMetrics } from '../metrics/file-metrics.ts';
import { blobLimits } from './blob-limits.ts';
import { type BlobStore, newObjectName, roomBeyondReserve } from './blob-store.ts';
import { type Finished, finishUpload } from './finish-upload.ts';
import { type Part, receiveParts } from './receive-parts.ts';

export interface UploadDeps {
  readonly db: Pick<Database, 'pool'>;
  readonly store: BlobStore;
  readonly now: () => number;
  readonly newId: () => string;
  /** A file is whole and held: attachments that wait for it may be told. */
  readonly onStored: (deskId: string, sha256: string) => void;
  readonly metrics?: { readonly files: FileMetrics };
  /** Bytes that all files of one desk may come to; null or absent: no bound. */
  readonly deskBytes?: number | null;
}
type Sender = Pick<Principal, 'deskId' | 'personId'>;

export interface WantedUpload {
  readonly size: number;
  readonly sha256: string;
  readonly ticketId: string;
  readonly attachmentId: string;
}
/** Where an upload stands; at `size` it is whole, verified and stored. */
export interface UploadState {
  readonly id: string;
  readonly offset: number;
  readonly size: number;
}
export type UploadFailure =
  | 'notFound'
  /** More than a file may have, or than was said of this one. */
  | 'tooLarge'
  /** The person has too much under way. */
  | 'tooManyUploads'
  | 'storageFull'
  /** The desk has as many bytes of files as it may have. */
  | 'deskFull'
  | 'checksumMismatch'
  /** Not where the upload stands: ask for that first. */
  | 'uploadOffset'
  | 'busy'
  | 'unavailable';
type Answer = Promise<Result<UploadState, UploadFailure>>;

export interface Uploads {
  /** The person's upload of that file: a new one, the one under way, or one that is through already. */
  create(sender: Sender, wanted: WantedUpload): Answer;
  /** Where it stands. One with all its bytes is finished first. */
  state(sender: Sender, id: string): Answer;
  /** Takes what follows byte `offset`; what came before a cut stays. */
  receive(sender: Sender, id: string, offset: number, body: Readable): Answer;
  remove(sender: Sender, id: string): Promise<Result<null, UploadFailure>>;
  /** Finishes uploads that were left whole by a process that is gone. */
  finish(deskId: string, upload: UploadRow): Promise<Finished>;
}

const stateOf = ({ id, received, size }: UploadRow): UploadState => ({ id, offset: received, size });
const failureOf: Record<Exclude<Finished, 'stored'>, UploadFailure> = {
  mismatch: 'checksumMismatch',
  gone: 'notFound',
  full: 'storageFull',
  unavailable: 'unavailable',
};

/**
 * Uploads in parts. How far one got stands in the database alone, and a part counts once its object is on the disk and its row is in:
 * so any process goes on with an upload, whatever became of the one before.
 */
export function createUploads(deps: UploadDeps): Uploads {
  const { db, store, now } = deps;
  const counted = deps.metrics?.files;
  /** Requests of this process that bring bytes, by upload. */
  const receiving = new Map<string, { readonly body: Readable; readonly done: Promise<unknown> }>();
  const finishing = new Map<string, Promise<Finished>>();

  /** Goes on to its end though whoever asked is gone; those who ask meanwhile wait for the same. */
  function finish(deskId: string, upload: UploadRow): Promise<Finished> {
    const running = finishing.get(upload.id);
    if (running !== undefined) return running;
    const run = finishUpload(deps, deskId, upload)
      .then((finished) => {
        if (finished === 'stored') {
          counted?.finished();
          deps.onStored(deskId, upload.sha256);
        }
        return finished;
      })
      .finally(() => finishing.delete(upload.id));
    finishing.set(upload.id, run);
    return run;
  }

  async function settled(deskId: string, upload: UploadRow): Answer {
    if (upload.finishedAt !== null || upload.received < upload.size) return ok(stateOf(upload));
    const finished = await finish(deskId, upload);
    return finished === 'stored' ? ok({ ...stateOf(upload), offset: upload.size }) : err(failureOf[finished]);
  }

  /**
   * The person's upload as it stands. A later request ends an earlier one that still brings bytes: its connection is dead, or its sender would
   * not ask again. What that one had brought counts.
   */
  async function own(deskId: string, personId: string, id: string): Promise<UploadRow | null> {
    const found = await findUpload(db, deskId, personId, id);
    const earlier = found === null ? undefined : receiving.get(id);
    if (earlier === undefined) return found;
    earlier.body.destroy();
    await earlier.done;
    return findUpload(db, deskId, personId, id);
  }

  async function keepPart(deskId: string, uploadId: string, part: Part): Promise<UploadFailure | null> {
    const objectName = newObjectName();
    const source = async function* () {
      yield* part.pieces;
    };
    const room = await roomBeyondReserve(store);
    if (room !== null && room < part.size) return 'storageFull';
    const put = await store.put(objectName, source, part);
    if (!put.ok) return put.error === 'full' ? 'storageFull' : 'unavailable';
    if (await addPart(db, deskId, uploadId, { ...part, objectName }, now())) {
      counted?.received(part.size);
      return null;
    }
    await store.delete(objectName).catch(() => undefined);
    return 'uploadOffset';
  }

  async function receive({ deskId, personId }: Sender, id: string, offset: number, body: Readable): Answer {
    const upload = await own(deskId, personId, id);
    if (upload === null) return err('notFound');
    if (offset !== upload.received) return err('uploadOffset');
    if (receiving.size >= blobLimits.receiving || receiving.has(id)) return err('busy');
    const run = receiveParts(body, { start: offset, end: upload.size, now }, (part) => keepPart(deskId, id, part));
    const done = run.catch(() => undefined);
    receiving.set(id, { body, done });
    const how = await run.finally(() => receiving.delete(id));
    if (how === 'over') return err('tooLarge');
    if (how !== 'end' && how !== 'cut') return err(how);
    const after = await findUpload(db, deskId, personId, id);
    return after === null ? err('notFound') : settled(deskId, after);
  }

  async function create({ deskId, personId }: Sender, wanted: WantedUpload): Answer {
    if (wanted.size > attachmentBounds.fileBytes) return err('tooLarge');
    const held = (await heldBlobs(db, deskId, personId, [wanted.sha256])).get(wanted.sha256);
    if (held !== undefined && (await store.sizeOf(held.objectName)) === held.size) {
      const through = await finishedUpload(db, deskId, personId, wanted.sha256);
      if (through !== null) return ok(stateOf(through));
    }
    const bounds = {
      now: now(),
      bound: blobLimits.unfinishedBytes,
      deskBytes: deps.deskBytes ?? null,
      room: await roomBeyondReserve(store),
    };
    const id = deps.newId();
    const upload = await openUpload(db, deskId, { ...wanted, id, personId }, bounds);
    if (upload === 'person') return err('tooManyUploads');
    if (upload === 'desk') return err('deskFull');
    if (upload === 'room') return err('storageFull');
    if (upload.id === id) counted?.begun();
    return ok(stateOf(upload));
  }

  async function told<T>(asked: Promise<Result<T, UploadFailure>>): Promise<Result<T, UploadFailure>> {
    const answer = await asked;
    if (!answer.ok) counted?.refused(answer.error);
    return answer;
  }

  async function state({ deskId, personId }: Sender, id: string): Answer {
    const upload = await own(deskId, personId, id);
    return upload === null ? err('notFound') : settled(deskId, upload);
  }

  async function remove({ deskId, personId }: Sender, id: string): Promise<Result<null, UploadFailure>> {
    if ((await own(deskId, personId, id)) === null) return err('notFound');
    for (const name of await dropUpload(db, deskId, id)) await store.delete(name).catch(() => undefined);
    return ok(null);
  }

  return {
    create: (sender, wanted) => told(create(sender, wanted)),
    state: (sender, id) => told(state(sender, id)),
    receive: (sender, id, offset, body) => told(receive(sender, id, offset, body)),
    remove: (sender, id) => told(remove(sender, id)),
    finish,
  };
}
