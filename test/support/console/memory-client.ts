import type { StoreClientPort, StoreFailure } from '../../../src/core/ports/store-client.ts';
import { defaultDeskSettings } from '../../../src/domain/desk-settings.ts';
import type { Actor } from '../../../src/domain/permissions.ts';
import type { SessionInfo, Tokens } from '../../../src/protocol/sync/auth.ts';
import { type HelloRequest, POKE_HEARTBEAT_MS } from '../../../src/protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../../src/protocol/versions.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';
import { actors, directory, uuid } from '../world.ts';
import { type BlobLink, createBlobLink, createMemoryBlobClient } from './memory-blob-client.ts';
import { digestOf, digestRowsOf, rowsByKey, searchIn } from './memory-digests.ts';
import type { MemoryStore } from './memory-store.ts';
import type { VirtualTime } from './virtual-time.ts';

type Call = 'signIn' | 'refresh' | 'hello' | 'push' | 'pull' | 'snapshot' | 'longPoll' | 'wiped' | Question;
type Question = 'digest' | 'digestRows' | 'rows' | 'search' | 'offer' | 'upload' | 'open';

/** The link between one console and the store, as the test wants it. */
export interface MemoryLink {
  /** What every call meets while set: `offline` and the named failures. */
  down: StoreFailure | null;
  /** Next failures of one kind of call, taken from the front; null in between lets one call through. */
  readonly next: Partial<Record<Call, (StoreFailure | null)[]>>;
  /** The store does it and the answer is lost: pushes to come. */
  loseAnswers: number;
  /** Parts of a pull that come through before it breaks; null: all. */
  cutPullAfter: number | null;
  pageRows: number;
  pokeBeats: boolean;
  /** Names of users whose session the store has ended. */
  readonly revoked: Set<string>;
  /** The store has revoked this device: it reads nothing more, and a refresh gives a token that only hands in. */
  deviceRevoked: boolean;
  /** Commands of these types make the store refuse the whole batch as one that it cannot read. */
  unreadableTypes: readonly string[];
  /** A proxy lets no batch through that is longer, nor one with a command of these types in it. */
  largestBatch: number;
  tooLargeTypes: readonly string[];
  /** Pushes to come that get no answer at all. */
  hangPushes: number;
  hangHellos: number;
  /** Every batch that reached the store's end of the line: ids, and the epoch of the former answer where one came along. */
  readonly pushed: { readonly id: string; readonly former: string | null }[][];
  readonly hellos: HelloRequest[];
  /** Other teams than those of the account; null: those. */
  teamIds: readonly string[] | null;
  readonly wiped: { readonly handedIn: number; readonly left: number }[];
  scopeVersion: string;
  grant: SessionInfo['grant'] | null;
  readonly transcript: string[];
  readonly blobs: BlobLink;
  readonly refreshes: { refreshToken: string; requestId: string }[];
}
export const createLinkState = (): MemoryLink => ({
  down: null,
  next: {},
  loseAnswers: 0,
  cutPullAfter: null,
  pageRows: 3_000,
  pokeBeats: true,
  revoked: new Set(),
  deviceRevoked: false,
  unreadableTypes: [],
  largestBatch: 500,
  tooLargeTypes: [],
  hangPushes: 0,
  hangHellos: 0,
  pushed: [],
  wiped: [],
  hellos: [],
  teamIds: null,
  scopeVersion: 's1',
  grant: null,
  transcript: [],
  blobs: createBlobLink(),
  refreshes: [],
});

/** What a revoked device may still ask. */
const handsIn: ReadonlySet<Call> = new Set(['push', 'wiped', 'offer', 'upload']);
const TOKEN_LIFE_MS = 900_000;
type UserName = keyof typeof actors;
const isUser = (name: string): name is UserName => Object.hasOwn(actors, name);

/** `alive` throws once the console's process is dead: the dead send nothing. */
export function createMemoryClient(
  store: MemoryStore,
  link: MemoryLink,
  time: VirtualTime,
  alive: () => void,
): StoreClientPort {
  const validUntil = new Map<string, number>();
  let issued = 0;
  const actorOf = (user: string): Actor => {
    if (!isUser(user)) throw new Error(`no such account: ${user}`);
    return actors[user];
  };
  const sessionOf = (user: string): SessionInfo => {
    const actor = actorOf(user);
    return {
      deskId: uuid(1),
      deskName: 'Mesa',
      accountId: actor.personId,
      user,
      personId: actor.personId,
      personName: directory.person(actor.personId)?.name ?? user,
      role: actor.role,
      deviceId: uuid(800 + Object.keys(actors).indexOf(user)),
      devicePrefix: 'K7',
      teams: (link.teamIds ?? actor.teamIds).map((id) => ({
        id,
        name: directory.team(id)?.name ?? '',
        tier: directory.team(id)?.tier ?? 1,
      })),
      siteId: null,
      siteName: null,
      grant: link.grant ?? actor.grant,
      scopeVersion: link.scopeVersion,
      settings: defaultDeskSettings,
      offlineDays: 30,
      mustChangePassword: false,
    };
  };
  const tokens = (user: string): Tokens => {
    issued += 1;
    const accessToken = `access:${user}:${issued}`;
    validUntil.set(accessToken, time.now() + TOKEN_LIFE_MS);
    return {
      accessToken,
      accessExpiresAt: time.now() + TOKEN_LIFE_MS,
      refreshToken: `refresh:${user}:${issued}`,
      serverTime: time.now(),
      session: sessionOf(user),
    };
  };
  const userOf = (token: string): string => token.split(':')[1] ?? '';
  const obstacle = (call: Call, token: string | null): StoreFailure | null => {
    alive();
    link.transcript.push(call);
    if (link.down !== null) return link.down;
    const planned = link.next[call]?.shift() ?? null;
    if (planned !== null) return planned;
    if (token === null) return null;
    if (link.revoked.has(userOf(token))) return { kind: 'sessionRevoked' };
    if ((validUntil.get(token) ?? 0) <= time.now()) return { kind: 'unauthenticated' };
    return link.deviceRevoked && !handsIn.has(call) ? { kind: 'deviceRevoked' } : null;
  };

  async function asked<T>(
    call: Question,
    token: string,
    standing: { epoch: string; scopeVersion: string } | null,
    answer: (session: SessionInfo) => T,
  ): Promise<Result<T, StoreFailure>> {
    const failure = obstacle(call, token);
    if (failure !== null) return err(failure);
    if (standing !== null && standing.epoch !== store.epoch) return err({ kind: 'epoch' });
    if (standing !== null && standing.scopeVersion !== link.scopeVersion) return err({ kind: 'scope' });
    return ok(answer(sessionOf(userOf(token))));
  }

  return {
    storeUrl: 'memory:',
    blobs: createMemoryBlobClient(store.blobs, link.blobs, obstacle),
    async signIn({ user, password }) {
      const failure = obstacle('signIn', null);
      if (failure !== null) return err(failure);
      if (!isUser(user) || password !== 'right') return err({ kind: 'badCredentials' });
      return link.deviceRevoked ? err({ kind: 'deviceRevoked', handIn: tokens(user).accessToken }) : ok(tokens(user));
    },
    async refresh(input) {
      link.refreshes.push(input);
      const failure = obstacle('refresh', null);
      if (failure !== null) return err(failure);
      const user = userOf(input.refreshToken);
      if (link.deviceRevoked) return err({ kind: 'deviceRevoked', handIn: tokens(user).accessToken });
      return link.revoked.has(user) ? err({ kind: 'sessionRevoked' }) : ok(tokens(user));
    },
    changePassword: async () => ok(null),
    signOut: async () => ok(null),
    trialAccounts: async () => ok([]),

    async hello(token, request) {
      const failure = obstacle('hello', token);
      if (failure !== null) return err(failure);
      link.hellos.push(request);
      if (link.hangHellos > 0) {
        link.hangHellos -= 1;
        return new Promise(() => {});
      }
      const { cursor, logHash } = request;
      return ok({
        protocol: PROTOCOL_VERSION,
        minProtocol: MIN_PROTOCOL_VERSION,
        schema: SCHEMA_VERSION,
        deskId: uuid(1),
        deskName: 'Mesa',
        epoch: store.epoch,
        cursorKnown: cursor !== null && cursor <= store.head() && logHash === store.logHash(cursor),
        head: store.head(),
        durable: store.head(),
        lastN: store.lastN(request.incarnation).lastN,
        serverTime: time.now(),
        scopeVersion: link.scopeVersion,
        restoredAt: store.restoredAt,
      });
    },
    async push(token, { commands, epoch, clock }) {
      const failure = obstacle('push', token);
      if (failure !== null) return err(failure);
      link.pushed.push(commands.map(({ id, former }) => ({ id, former: former?.epoch ?? null })));
      if (link.hangPushes > 0) {
        link.hangPushes -= 1;
        return new Promise(() => {});
      }
      if (commands.length > link.largestBatch) return err({ kind: 'tooLarge' });
      if (commands.some(({ type }) => link.tooLargeTypes.includes(type))) return err({ kind: 'tooLarge' });
      if (epoch !== undefined && epoch !== store.epoch) return err({ kind: 'epoch' });
      if (commands.some(({ type }) => link.unreadableTypes.includes(type)))
        return err({ kind: 'rejected', code: 'badRequest' });
      const answer = store.push(actorOf(userOf(token)), commands, clock);
      if ('fork' in answer) return err({ kind: 'fork', ...answer.fork });
      if (link.loseAnswers > 0) {
        link.loseAnswers -= 1;
        return err({ kind: 'offline' });
      }
      return ok(link.deviceRevoked ? { ...answer, mark: null } : answer);
    },
    async wiped(token, counts) {
      const failure = obstacle('wiped', token);
      if (failure !== null) return err(failure);
      link.wiped.push(counts);
      return ok(null);
    },
    async *pull(token, request) {
      const failure = obstacle('pull', token);
      if (failure !== null) return yield { kind: 'failed', failure };
      const another = request.logHash !== undefined && request.logHash !== store.logHash(request.cursor);
      if (request.epoch !== store.epoch || another) return yield { kind: 'failed', failure: { kind: 'epoch' } };
      if (request.scopeVersion !== link.scopeVersion) return yield { kind: 'failed', failure: { kind: 'scope' } };
      const parts = store.pull(sessionOf(userOf(token)), request.cursor, request.limit);
      let left = link.cutPullAfter;
      link.cutPullAfter = null;
      for (const part of parts) {
        if (left !== null && left-- <= 0) return yield { kind: 'failed', failure: { kind: 'offline' } };
        yield part;
      }
    },
    async snapshot(token, request) {
      const failure = obstacle('snapshot', token);
      if (failure !== null) return err(failure);
      if (request.scopeVersion !== link.scopeVersion) return err({ kind: 'scope' });
      const rows = store.snapshotRows(sessionOf(userOf(token)), request.entity);
      const from = request.after === null ? 0 : Number(request.after);
      const page = rows.slice(from, from + link.pageRows);
      const last = from + page.length;
      const after = last < rows.length ? String(last) : null;
      const pin =
        request.entity === 'site' && request.after === null
          ? {
              epoch: store.epoch,
              seq: store.head(),
              logHash: store.logHash(store.head()),
              seal: store.mark(store.head()).seal,
              total: null,
            }
          : null;
      return ok({
        pin,
        rows: { form: 'plain', rows: page },
        end: { after, rows: page.length, mark: store.mark(store.head()) },
      });
    },
    digest: (token, request) => asked('digest', token, request, (session) => digestOf(store, session, request)),
    digestRows: (token, request) =>
      asked('digestRows', token, request, (session) => digestRowsOf(store, session, request)),
    rows: (token, request) => asked('rows', token, request, (session) => rowsByKey(store, session, request)),
    search: (token, { text, limit }) =>
      asked('search', token, null, (session) => searchIn(store, session, text, limit)),
    poke(token, listener) {
      link.transcript.push('poke');
      let closed = false;
      const beat = () => {
        if (closed) return;
        if (link.down !== null) {
          closed = true;
          store.listeners.delete(listener);
          listener.onClosed(link.down);
          return;
        }
        if (link.pokeBeats) listener.onBeat();
        time.timers.after(POKE_HEARTBEAT_MS, beat);
      };
      const failure =
        link.down ?? ((validUntil.get(token) ?? 0) > time.now() ? null : ({ kind: 'unauthenticated' } as const));
      queueMicrotask(() => {
        if (closed) return;
        if (failure !== null) return listener.onClosed(failure);
        if (link.pokeBeats) {
          store.listeners.add(listener);
          listener.onOpen();
        }
        time.timers.after(POKE_HEARTBEAT_MS, beat);
      });
      return {
        close() {
          closed = true;
          store.listeners.delete(listener);
        },
      };
    },
    async longPoll(token, head) {
      const failure = obstacle('longPoll', token);
      if (failure !== null) return err(failure);
      await new Promise<void>((resolve) => void time.timers.after(25_000, resolve));
      return link.down === null ? ok({ news: store.head() !== head, ...store.place() }) : err(link.down);
    },
  };
}
