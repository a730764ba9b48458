import type {
  DigestRequest,
  DigestResponse,
  DigestRowsRequest,
  DigestRowsResponse,
  HelloRequest,
  HelloResponse,
  PullRequest,
  PushRequest,
  RowsRequest,
  SearchRequest,
  SearchResponse,
  SnapshotRequest,
} from '../../protocol/sync/messages.ts';
import type { Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import type { PushDeps, PushFailure } from '../commands/process-push.ts';
import { readDigest, readDigestRows } from './digests.ts';
import { answerHello, type HelloDeps } from './hello.ts';
import { answerPush, type PushedAnswer } from './push.ts';
import { createReadAhead } from './read-ahead.ts';
import { readPull } from './read-pull.ts';
import { readRows } from './rows.ts';
import { searchStore } from './search.ts';
import { readSnapshot, type SnapshotPiece } from './snapshot.ts';
import type { ReadFailure } from './standing.ts';
import type { SyncLine } from './sync-line.ts';

type Answer<T> = Promise<Result<T, ReadFailure>>;

export type DeskServiceDeps = HelloDeps & PushDeps;

/**
 * The sync protocol with no HTTP: a principal and a request that its schema has checked go in, lines or a typed failure come
 * out. Rejects for bugs and for a database that is not there. The caller has let in whom the route's access lets in: a revoked
 * principal may only push.
 */
export interface DeskService {
  hello(principal: Principal, request: HelloRequest): Promise<HelloResponse>;
  push(principal: Principal, request: PushRequest): Promise<Result<PushedAnswer, PushFailure>>;
  pull(principal: Principal, request: PullRequest): Answer<readonly SyncLine[]>;
  snapshot(principal: Principal, request: SnapshotRequest): Answer<AsyncGenerator<SnapshotPiece>>;
  digest(principal: Principal, request: DigestRequest): Answer<DigestResponse>;
  digestRows(principal: Principal, request: DigestRowsRequest): Answer<DigestRowsResponse>;
  rows(principal: Principal, request: RowsRequest): Answer<readonly SyncLine[]>;
  search(principal: Principal, request: SearchRequest): Answer<SearchResponse>;
}

export function createDeskService(deps: DeskServiceDeps): DeskService {
  const ahead = createReadAhead(deps.now);
  return {
    hello: (principal, request) => answerHello(deps, principal, request),
    push: (principal, request) => answerPush(deps, principal, request),
    pull: (principal, request) => readPull(deps, principal, request),
    snapshot: (principal, request) => readSnapshot({ ...deps, ahead }, principal, request),
    digest: (principal, request) => readDigest(deps, principal, request),
    digestRows: (principal, request) => readDigestRows(deps, principal, request),
    rows: (principal, request) => readRows(deps, principal, request),
    search: (principal, request) => searchStore(deps, principal, request),
  };
}
