import type { TrialAccount } from '../protocol/sync/auth.ts';
import type { Passwords } from './auth/passwords.ts';
import type { BlobService } from './blobs/blob-service.ts';
import type { NewsHub } from './changes/news-hub.ts';
import type { Database } from './db/pool.ts';
import type { StoreMetrics } from './metrics/create-metrics.ts';
import type { LiveConsoles } from './metrics/live-consoles.ts';

/** Everything that the store app is made of; clock and ids come in from outside. */
export interface StoreDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly news: NewsHub;
  /** Within so many milliseconds a console is told of changes that are not for its person; a minute if left out. */
  readonly lateNewsMs?: number;
  readonly now: () => number;
  readonly newId: () => string;
  /** As in `ChangeDeps`. */
  readonly minProtocol?: number;
  /** Absent where nobody reads them. */
  readonly metrics?: StoreMetrics;
  /** Told once how to read who listens. */
  readonly watchLive?: (read: () => LiveConsoles) => void;
  /** Absent where this store has no place for files. */
  readonly blobs?: BlobService;
  /** Accounts that the sign-in screen offers; empty on any store but a trial. */
  readonly trialAccounts: readonly TrialAccount[];
}
