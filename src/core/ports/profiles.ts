import type { Result } from '../../shared/result.ts';
import type { BlobFilesPort } from './blob-files.ts';
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
  readonly blobs: BlobFilesPort;
  /** The cache was damaged or missing and an empty one stands in its place; the outbox was salvaged before. */
  readonly cacheRebuilt: boolean;
  close(): void;
}

/**
 * What is left to know of a profile that a revoked device erased: kept outside of it, so that it outlives it. `erased` false: written
 * just before the erasing, which is done (again) at the next start. `sealedRefresh`: the refresh token as the secrets port sealed it,
 * until the store was told (it opens nothing but that). `shown`: still on the sign-in screen.
 */
export interface Farewell {
  readonly profileId: string;
  readonly user: string;
  readonly handedIn: number;
  readonly left: number;
  readonly at: number;
  readonly erased: boolean;
  readonly confirmed: boolean;
  readonly sealedRefresh: string | null;
  readonly shown: boolean;
}

/** Folders of profiles of the one store that this console talks to. */
export interface ProfilesPort {
  list(): readonly ProfileRecord[];
  /** Opens and locks a profile, making its folder on first use. Opening one that this process has open gives the same files. */
  open(user: string): Result<ProfileFiles, OpenFailure>;
  /** Closes it and deletes its folder; one that is not there is no failure. The caller has made sure that nothing is left to send. */
  erase(id: string): Result<null, StorageFailure>;
  /** Oldest first. One that cannot be read any more is left out. */
  farewells(): readonly Farewell[];
  /** One a profile: durable, in one write. */
  keepFarewell(farewell: Farewell): Result<null, StorageFailure>;
  dropFarewell(profileId: string): Result<null, StorageFailure>;
}
