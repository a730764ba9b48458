import type { StoreFailure } from '../../src/core/ports/store-client.ts';
import { COMMAND_VERSION } from '../../src/domain/commands.ts';
import type { Tokens } from '../../src/protocol/sync/auth.ts';
import {
  type DigestRequest,
  type DigestResponse,
  type DigestRowsRequest,
  type DigestRowsResponse,
  type HelloRequest,
  type HelloResponse,
  POKE_LONG_POLL_MS,
  type PokeFrame,
  type PokeResponse,
  type PullRequest,
  type PushRequest,
  type RowsRequest,
  type SearchRequest,
  type SearchResponse,
  type SnapshotRequest,
  type WipedRequest,
} from '../../src/protocol/sync/messages.ts';
import { err, ok, type Result } from '../../src/shared/result.ts';
import type { Principal } from '../../src/store/auth/principal.ts';
import type { DeskService } from '../../src/store/changes/desk-service.ts';
import type { PushedAnswer } from '../../src/store/changes/push.ts';
import type { SnapshotPiece } from '../../src/store/changes/snapshot.ts';
import type { ReadFailure } from '../../src/store/changes/standing.ts';
import type { SyncLine } from '../../src/store/changes/sync-line.ts';
import type { PushFailure } from '../../src/store/commands/process-push.ts';
import type { Sessions } from './sessions.ts';

type Answer<T> = Promise<Result<T, StoreFailure>>;

/** What a store answers over HTTP, with the failures that its codes become at the console. */
export interface StoreRoutes {
  signIn(input: { user: string; password: string; deviceId: string | null }): Answer<Tokens>;
  refresh(input: { refreshToken: string; requestId: string }): Answer<Tokens>;
  signOut(token: string): Answer<null>;
  hello(token: string, request: HelloRequest): Answer<HelloResponse>;
  push(token: string, request: PushRequest): Answer<PushedAnswer>;
  pull(token: string, request: PullRequest): Answer<readonly SyncLine[]>;
  snapshot(token: string, request: SnapshotRequest): Answer<readonly SnapshotPiece[]>;
  digest(token: string, request: DigestRequest): Answer<DigestResponse>;
  digestRows(token: string, request: DigestRowsRequest): Answer<DigestRowsResponse>;
  rows(token: string, request: RowsRequest): Answer<readonly SyncLine[]>;
  search(token: string, request: SearchRequest): Answer<SearchResponse>;
  wiped(token: string, request: WipedRequest): Answer<null>;
  /** A request about files of attachments, by whoever may send them. */
  files<T>(token: string, work: () => Answer<T>): Answer<T>;
  /** Whether the token opens the stream of news, and where the head is now. */
  openPoke(token: string): Answer<PokeFrame>;
  /** Whether the session of an open stream still reads: it is looked at with every beat, whatever became of its token. */
  holdsStream(token: string): boolean;
  /** Answers as soon as the head is another one than that, or when it has waited long enough. */
  longPoll(token: string, known: number): Answer<PokeResponse>;
}

export interface RoutesDeps {
  readonly service: DeskService;
  readonly sessions: Sessions;
  /** Where the log ends now. */
  readonly place: () => PokeFrame;
  /** Calls back at the next notice of a commit, or after so long. */
  readonly nextNews: (run: () => void, orAfterMs: number) => void;
  readonly wiped: (principal: Principal) => void;
  /** This process runs a build from before merges and splits: it holds back what it cannot know. */
  readonly isOldBuild: () => boolean;
}

/** Command versions that an older build of the store understands. */
const OLD_COMMAND_VERSION = 1;

const failureOf = (failure: ReadFailure | PushFailure): StoreFailure => {
  switch (failure.code) {
    case 'EPOCH':
      return { kind: 'epoch' };
    case 'SCOPE':
      return { kind: 'scope' };
    case 'FORK':
      return { kind: 'fork', lastN: failure.lastN, lastHash: failure.lastHash };
    case 'protocolTooOld':
      return { kind: 'consoleTooOld' };
    case 'busy':
      return { kind: 'retryAfter', ms: null, attempts: false };
    case 'badRequest':
    case 'forbidden':
      return { kind: 'rejected', code: failure.code };
  }
};

export function createRoutes({ service, sessions, place, nextNews, wiped, isOldBuild }: RoutesDeps): StoreRoutes {
  /** The guard of the store: no token, no entry; a revoked device only where it hands in. */
  async function guarded<T>(
    token: string,
    access: 'session' | 'handIn',
    work: (principal: Principal) => Answer<T>,
  ): Answer<T> {
    const principal = sessions.authenticate(token);
    if (principal === null) return err({ kind: 'unauthenticated' });
    if (principal.revoked && access !== 'handIn') return err({ kind: 'deviceRevoked' });
    return work(principal);
  }
  async function read<T>(answer: Promise<Result<T, ReadFailure | PushFailure>>): Answer<T> {
    const got = await answer;
    return got.ok ? got : err(failureOf(got.error));
  }
  async function snapshot(principal: Principal, request: SnapshotRequest): Answer<readonly SnapshotPiece[]> {
    const page = await service.snapshot(principal, request);
    if (!page.ok) return err(failureOf(page.error));
    const pieces: SnapshotPiece[] = [];
    for await (const piece of page.value) pieces.push(piece);
    return ok(pieces);
  }
  /** What an older build would do with a command that it does not know is what this one does with one that is newer still. */
  const asSeenByBuild = (request: PushRequest): PushRequest =>
    isOldBuild()
      ? {
          ...request,
          commands: request.commands.map((command) =>
            command.commandVersion > OLD_COMMAND_VERSION
              ? { ...command, commandVersion: COMMAND_VERSION + 1 }
              : command,
          ),
        }
      : request;

  return {
    signIn: async ({ user, password, deviceId }) => sessions.signIn(user, password, deviceId),
    refresh: async ({ refreshToken, requestId }) => sessions.refresh(refreshToken, requestId),
    signOut: (token) =>
      guarded(token, 'handIn', async (principal) => {
        sessions.signOut(principal);
        return ok(null);
      }),
    hello: (token, request) => guarded(token, 'session', async (who) => ok(await service.hello(who, request))),
    push: (token, request) => guarded(token, 'handIn', (who) => read(service.push(who, asSeenByBuild(request)))),
    pull: (token, request) => guarded(token, 'session', (who) => read(service.pull(who, request))),
    snapshot: (token, request) => guarded(token, 'session', (who) => snapshot(who, request)),
    digest: (token, request) => guarded(token, 'session', (who) => read(service.digest(who, request))),
    digestRows: (token, request) => guarded(token, 'session', (who) => read(service.digestRows(who, request))),
    rows: (token, request) => guarded(token, 'session', (who) => read(service.rows(who, request))),
    search: (token, request) => guarded(token, 'session', (who) => read(service.search(who, request))),
    wiped: (token) =>
      guarded(token, 'handIn', async (principal) => {
        if (!principal.revoked) return err({ kind: 'rejected', code: 'forbidden' });
        wiped(principal);
        return ok(null);
      }),
    files: (token, work) => guarded(token, 'handIn', work),
    openPoke: (token) => guarded(token, 'session', async () => ok(place())),
    holdsStream: sessions.reads,
    longPoll: (token, known) =>
      guarded(token, 'session', async () => {
        const first = place();
        if (first.head === known) await new Promise<void>((resolve) => nextNews(resolve, POKE_LONG_POLL_MS));
        const last = place();
        const moved = last.head !== known || last.hash !== first.hash || last.epoch !== first.epoch;
        return ok({ news: moved, ...last });
      }),
  };
}
