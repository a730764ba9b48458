import type { Result } from '../../shared/result.ts';
import type { CachePort } from './cache.ts';
import type { OutboxPort } from './outbox.ts';
import type { StorageFailure } from './storage-failure.ts';

/** One account at one store on this machine. The id is a short hash of both. */
export interface ProfileRecord {
  readonly id: string;
  readonly user: string;
}
export type OpenFailure = StorageFailure | { readonly code: 'profileInUse' } | { readonly code: 'cacheTooNew' };

export interface ProfileFiles {
  readonly id: string;
  readonly outbox: OutboxPort;
  readonly cache: CachePort;
  /** The cache was damaged or missing and an empty one stands in its place; the outbox was salvaged before. */
  readonly cacheRebuilt: boolean;
  close(): void;
}

/** Folders of profiles of the one store that this console talks to. */
export interface ProfilesPort {
  list(): readonly ProfileRecord[];
  /** Opens and locks a profile, making its folder on first use. Opening one that this process has open gives the same files. */
  open(user: string): Result<ProfileFiles, OpenFailure>;
  /** Closes it and deletes its folder. The caller has made sure that nothing is left to send. */
  erase(id: string): Result<null, StorageFailure>;
}
