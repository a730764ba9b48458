import { authorize } from '../../domain/authorize.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { BlobOffer, BlobOpened } from '../../protocol/sync/blobs.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { actorOf } from '../auth/actor-of.ts';
import type { Principal } from '../auth/principal.ts';
import type { AttachmentRow } from '../db/attachment-rows.ts';
import { findAttachment, findParkedAttachment } from '../db/attachment-rows.ts';
import { type BlobRow, heldBlobs } from '../db/blob-rows.ts';
import { createChangeStore } from '../db/change-store.ts';
import { isUnavailable } from '../db/conflicts.ts';
import { createDeskStore } from '../db/desk-store.ts';
import type { Database } from '../db/pool.ts';
import { completeUploads, findUpload } from '../db/upload-rows.ts';
import type { FileMetrics } from '../metrics/file-metrics.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import { settleArrivals } from './arrivals.ts';
import { blobLimits } from './blob-limits.ts';
import { type BlobStore, BlobsUnavailable } from './blob-store.ts';
import type { OwnPlace } from './own-place.ts';
import { tokenOf } from './read-address.ts';
import { createUploads, type Uploads } from './uploads.ts';

export interface BlobDeps {
  readonly db: Database;
  readonly store: OwnPlace;
  /** Origin that the addresses to read from begin with. */
  readonly origin: () => string;
  readonly now: () => number;
  readonly newId: () => string;
  /** `about`: the one thing that was left for it, where the others went on. */
  readonly onTrouble: (error: unknown, about?: string) => void;
  readonly metrics?: { readonly files: FileMetrics };
  readonly deskBytes?: number | null;
}
export type OpenFailure = 'notFound' | 'notArrived';

/** Files of attachments with no HTTP. Rejects with `BlobsUnavailable` when their place does not answer. */
export interface BlobService {
  readonly store: OwnPlace;
  readonly uploads: Uploads;
  offer(
    principal: Principal,
    files: readonly BlobOffer[],
  ): Promise<{ attachmentId: string; state: 'stored' | 'wanted' }[]>;
  open(principal: Principal, of: { ticketId: string; attachmentId: string }): Promise<Result<BlobOpened, OpenFailure>>;
  /**
   * The file behind an address, for whoever may see it at this moment; null when there is none for them. One of the timeline is seen by who
   * may hold its ticket; one that a parked act named, by who of them may settle that act, while it is parked.
   */
  visible(principal: Principal, of: { ticketId: string; attachmentId: string }): Promise<AttachmentRow | null>;
  /** Commands that carried attachments were stored: some of their files may be here already. Never rejects. */
  told(deskId: string, ticketIds: readonly string[]): Promise<void>;
  /** What a process that is gone left undone: whole uploads, files that no timeline speaks of yet. Never rejects. */
  sweep(): Promise<void>;
}

const SWEEP_BATCH = 100;
const there = async (store: BlobStore, blob: BlobRow | undefined): Promise<boolean> =>
  blob !== undefined && (await store.sizeOf(blob.objectName)) === blob.size;

export function createBlobService(deps: BlobDeps): BlobService {
  const { db, store, now } = deps;
  const changes = createChangeStore(db);
  const arrivals = { db, desks: createDeskStore(db), now };
  const settle = (of: Parameters<typeof settleArrivals>[1]) =>
    settleArrivals(arrivals, of).then(
      () => undefined,
      (error: unknown) => deps.onTrouble(error),
    );
  /** Uploads that could not be finished the last time: said once. */
  let troubled: ReadonlySet<string> = new Set();

  /** Scope as in every read of tickets; what is not there and what may not be seen are the same. */
  async function visible(principal: Principal, of: { ticketId: string; attachmentId: string }) {
    const { deskId, grant } = principal;
    const reads = changes.live(deskId);
    const { settings } = await reads.desk();
    const at = now();
    const [row] = await reads.tickets([of.ticketId], ticketScopeOf({ grant }, settings, at));
    if (row?.inScope !== true) return null;
    const found = await findAttachment(db, deskId, of);
    if (found !== null) return found;
    // Our own row, written from a checked ticket.
    const ticket = JSON.parse(row.doc) as Ticket;
    const commandIds = ticket.parked.filter(({ type }) => type === 'addAttachment').map(({ commandId }) => commandId);
    if (commandIds.length === 0 || authorize(actorOf(principal), 'settleParked', ticket, at) !== null) return null;
    return findParkedAttachment(db, deskId, { ...of, commandIds });
  }

  const uploads = createUploads({ ...deps, onStored: (deskId, sha256) => void settle({ deskId, sha256 }) });

  /**
   * What a process left whole. One that cannot be finished for a fault of its own, as a part that cannot be read, holds up none of the others;
   * a place that is away as a whole ends it.
   */
  async function finishLeft(): Promise<void> {
    const before = now() - blobLimits.sweepMs;
    const tried: string[] = [];
    const failed = new Set<string>();
    for (;;) {
      const found = await completeUploads(db, before, { but: tried, limit: SWEEP_BATCH });
      if (found.length === 0) break;
      for (const { deskId, personId, id } of found) {
        tried.push(id);
        const upload = await findUpload(db, deskId, personId, id);
        if (upload === null || upload.finishedAt !== null) continue;
        try {
          if ((await uploads.finish(deskId, upload)) === 'unavailable')
            throw new BlobsUnavailable('its file could not be written');
        } catch (error) {
          if (!(error instanceof BlobsUnavailable) && isUnavailable(error)) throw error;
          await store.look();
          failed.add(id);
          if (!troubled.has(id)) deps.onTrouble(error, `upload ${id}`);
        }
      }
    }
    troubled = failed;
  }

  return {
    store,
    uploads,
    visible,
    async offer({ deskId, personId }, files) {
      const held = await heldBlobs(db, deskId, personId, [...new Set(files.map((file) => file.sha256))]);
      return Promise.all(
        files.map(async ({ attachmentId, sha256, size }) => {
          const blob = held.get(sha256);
          // What the database knows and the folder lacks is asked for again: a folder is restored apart.
          const stored = blob?.size === size && (await there(store, blob));
          return { attachmentId, state: stored ? ('stored' as const) : ('wanted' as const) };
        }),
      );
    },
    async open(principal, of) {
      const found = await visible(principal, of);
      if (found === null) return err('notFound');
      if (found.arrivedAt === null) return err('notArrived');
      const { objectName, sha256, size } = found;
      if (objectName === null || (await store.sizeOf(objectName)) !== size) return err('notFound');
      const { deskId, sessionId } = principal;
      const { sealKey } = await changes.live(deskId).desk();
      const expiresAt = now() + blobLimits.addressMs;
      const token = tokenOf(sealKey, { deskId, sessionId, ...of, expiresAt });
      return ok({ url: `${deps.origin()}/b/${token}`, expiresAt, size, sha256 });
    },
    told: (deskId, ticketIds) => settle({ deskId, ticketIds }),
    async sweep() {
      await finishLeft().catch((error: unknown) => deps.onTrouble(error));
      // Needs nothing of the place.
      await settle({});
    },
  };
}
