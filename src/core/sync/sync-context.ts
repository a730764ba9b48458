import type { Connection } from '../../protocol/console/rows.ts';
import type { CoreDeps } from '../deps.ts';
import type { DeviceTime } from '../device-time.ts';
import type { PutOff } from '../files/put-off.ts';
import type { FileShelf } from '../files/shelf.ts';
import type { Transfers } from '../files/transfers.ts';
import type { VerifiedFiles } from '../files/verified.ts';
import type { NewsHub } from '../news-hub.ts';
import type { BlobFilesPort } from '../ports/blob-files.ts';
import type { CachePort } from '../ports/cache.ts';
import type { OutboxPort } from '../ports/outbox.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { SessionKeeper } from '../session-keeper.ts';
import type { ConnectionEvent } from './connection-machine.ts';
import type { OverlayKeeper } from './overlay-keeper.ts';
import type { Signal, StoreNews } from './signal.ts';

/** What the loops of one profile share. */
export interface SyncContext {
  readonly deps: Pick<CoreDeps, 'clock' | 'timers' | 'random' | 'hasher' | 'store' | 'log'>;
  readonly outbox: OutboxPort;
  readonly cache: CachePort;
  readonly blobs: BlobFilesPort;
  readonly shelf: FileShelf;
  readonly transfers: Transfers;
  readonly putOff: PutOff;
  readonly verified: VerifiedFiles;
  readonly keeper: SessionKeeper;
  readonly time: DeviceTime;
  readonly overlays: OverlayKeeper;
  readonly hub: NewsHub;
  /** Raised when there is something to send. */
  readonly work: Signal;
  /** Raised when a file may go (`FileDesk`). */
  readonly fileWork: Signal;
  /** Raised when the store may have something new. */
  readonly storeNews: StoreNews;
  /** True while a pull runs in this contact too. */
  pulls(): boolean;
  dispatch(event: ConnectionEvent): void;
  /** Nothing is left to send, now. */
  emptied(): void;
  /** The store answered something that shows the contact to be sound: attempts count from zero again. */
  sound(): void;
  /** A local write failed, or (null) works again. */
  trouble(trouble: Connection['trouble']): void;
  /** A cache write failed. True: try again after a pause; false: the cache was emptied and wants a new fill. */
  cacheFailed(failure: StorageFailure): boolean;
}

/** Pause after a failed local write. */
export const STORAGE_PAUSE_MS = 10_000;
