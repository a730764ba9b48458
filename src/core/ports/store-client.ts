import type { Tokens, TrialAccount } from '../../protocol/sync/auth.ts';
import type {
  DigestRequest,
  DigestResponse,
  DigestRowsRequest,
  DigestRowsResponse,
  HelloRequest,
  HelloResponse,
  PokeFrame,
  PokeResponse,
  PullEndLine,
  PullRequest,
  PushRequest,
  PushResponse,
  RemoveLine,
  RowsRequest,
  SearchRequest,
  SearchResponse,
  SnapshotEndLine,
  SnapshotPinLine,
  SnapshotRequest,
  UpsertLine,
  WipedRequest,
} from '../../protocol/sync/messages.ts';
import type { Result } from '../../shared/result.ts';
import type { BlobClientPort } from './blob-client.ts';
import type { PageRows } from './page-rows.ts';

/**
 * `deskFull`: there is no room for the desk's files, and somebody there has to make some · `storageFull`: the store has none for a file of this
 * size now · `tooManyUploads`: other ones, begun before, have to end first · `uploadBusy`: another request is at it.
 */
export type FileDelay = 'deskFull' | 'storageFull' | 'tooManyUploads' | 'uploadBusy';

/**
 * Named reasons why a request gave nothing. Found from status, error code of the body and the HTTP layer's error codes, never
 * from a text. `offline` covers: no route, refused, reset, time-out, an answer cut short.
 */
export type StoreFailure =
  | { readonly kind: 'offline' }
  /** 401: the access token is over; a refresh may mend it. */
  | { readonly kind: 'unauthenticated' }
  /** The session was ended at the store: only a sign-in mends it. */
  | { readonly kind: 'sessionRevoked' }
  /** `handIn`: a refresh or a sign-in was refused, and this access token hands in what the device still holds; it opens nothing else. */
  | { readonly kind: 'deviceRevoked'; readonly handIn?: string }
  | { readonly kind: 'badCredentials' }
  | { readonly kind: 'passwordTooWeak' }
  /** 429 or 503 (`tooManyAttempts`, `busy`, `unavailable`): wait at least so long; null when the store did not say. */
  /** `why`: it concerns one file alone, and how. */
  | { readonly kind: 'retryAfter'; readonly ms: number | null; readonly attempts: boolean; readonly why?: FileDelay }
  | { readonly kind: 'fork'; readonly lastN: number; readonly lastHash: string }
  | { readonly kind: 'epoch' }
  | { readonly kind: 'scope' }
  /** 413: send less at a time. `byStore`: the store itself said so, not something on the way to it. */
  | { readonly kind: 'tooLarge'; readonly byStore?: boolean }
  /** `protocolTooOld`: this console must be updated to read; it may still push. */
  | { readonly kind: 'consoleTooOld' }
  /** The store is older than this console and does not know the endpoint or the protocol. */
  | { readonly kind: 'storeTooOld' }
  | { readonly kind: 'certificateUntrusted' }
  | { readonly kind: 'proxyAuthRequired' }
  /** 4xx that none of the above explains: a bug on one of the sides. Retried slowly, logged. */
  | { readonly kind: 'rejected'; readonly code: string }
  /** 5xx, or an answer that does not match its schema. */
  | { readonly kind: 'broken' };

/** A row with the exact text in which the store keeps it, so that the cache stores it without serialising again. */
export type StoreRow = {
  readonly [E in UpsertLine['e']]: {
    readonly entity: E;
    readonly row: Extract<UpsertLine, { e: E }>['row'];
    readonly doc: string;
  };
}[UpsertLine['e']];
export type RemoveRow = Pick<RemoveLine, 'id' | 'why'>;

/** One store transaction as pulled: whole or not at all. */
export interface PulledTransaction {
  readonly kind: 'transaction';
  readonly seq: number;
  /** In the order of the wire. */
  readonly changes: readonly ({ readonly up: StoreRow } | { readonly rm: RemoveRow })[];
}
export type PullPart =
  | PulledTransaction
  | ({ readonly kind: 'end' } & Omit<PullEndLine, 't'>)
  | { readonly kind: 'failed'; readonly failure: StoreFailure };

export interface SnapshotPage {
  /** On the first page of the first entity asked for; null on others. */
  readonly pin: Omit<SnapshotPinLine, 't'> | null;
  readonly rows: PageRows;
  /** `after` null: this entity is complete. */
  readonly end: Omit<SnapshotEndLine, 't'>;
}

export interface PokeListener {
  onOpen(): void;
  /** At once, and whenever the log ends elsewhere. */
  onNews(head: PokeFrame): void;
  onBeat(): void;
  /** Called once; not after `close()`. Null: the store itself ended the stream, in order. One that was cut is `offline`. */
  onClosed(failure: StoreFailure | null): void;
}
export interface PokeStream {
  close(): void;
}

type Answer<T> = Promise<Result<T, StoreFailure>>;

/**
 * HTTP to one store. Every call settles (a time-out is the adapter's) and never rejects for a reason of network or store.
 * The access token goes in the header; nothing in a body names a privilege.
 */
export interface StoreClientPort {
  readonly storeUrl: string;
  /** Files of attachments. */
  readonly blobs: BlobClientPort;
  signIn(input: { user: string; password: string; deviceId: string | null; deviceName: string }): Answer<Tokens>;
  /** The same request id gets the same successor until it is used. */
  refresh(input: { refreshToken: string; requestId: string }): Answer<Tokens>;
  changePassword(accessToken: string, input: { current: string; next: string }): Answer<null>;
  signOut(accessToken: string): Answer<null>;
  trialAccounts(): Answer<readonly TrialAccount[]>;

  hello(accessToken: string, request: HelloRequest): Answer<HelloResponse>;
  /** `traceparent`: header of that name, by which the store's log names the request. */
  push(accessToken: string, request: PushRequest, traceparent: string): Answer<PushResponse>;
  /** Ends with exactly one `end` or `failed`. Stopping the iteration early cancels the request. */
  pull(accessToken: string, request: PullRequest): AsyncIterable<PullPart>;
  snapshot(accessToken: string, request: SnapshotRequest): Answer<SnapshotPage>;
  digest(accessToken: string, request: DigestRequest): Answer<DigestResponse>;
  digestRows(accessToken: string, request: DigestRowsRequest): Answer<DigestRowsResponse>;
  /** Whole: a ticket is followed by all its entries. */
  rows(accessToken: string, request: RowsRequest): Answer<readonly StoreRow[]>;
  search(accessToken: string, request: SearchRequest): Answer<SearchResponse>;
  /** Confirms that a revoked device has erased itself; the hand-in token opens it. */
  wiped(accessToken: string, request: WipedRequest): Answer<null>;
  /** Server-sent events. */
  poke(accessToken: string, listener: PokeListener): PokeStream;
  /** Answers when the log ends elsewhere than at `head`, or after `POKE_LONG_POLL_MS`. */
  longPoll(accessToken: string, head: number): Answer<PokeResponse>;
}
export type { Tokens };
