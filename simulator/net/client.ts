import type { z } from 'zod';
import type { PullPart, StoreClientPort, StoreFailure } from '../../src/core/ports/store-client.ts';
import {
  digestRequestSchema,
  digestResponseSchema,
  digestRowsRequestSchema,
  digestRowsResponseSchema,
  helloRequestSchema,
  helloResponseSchema,
  pullRequestSchema,
  pushRequestSchema,
  rowsRequestSchema,
  searchRequestSchema,
  searchResponseSchema,
  snapshotRequestSchema,
  wipedRequestSchema,
} from '../../src/protocol/sync/messages.ts';
import { MIN_PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import { ok, type Result } from '../../src/shared/result.ts';
import type { BlobShelf } from '../../test/support/console/memory-blob-client.ts';
import type { CallName } from '../plan/plan.ts';
import type { StoreRoutes } from '../store/store-routes.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { Answers } from './answers.ts';
import { createBlobs } from './blobs.ts';
import type { Link } from './link.ts';
import { openPoke } from './poke.ts';

export interface ClientDeps {
  readonly link: Link;
  readonly scheduler: Scheduler;
  readonly answers: Answers;
  /** Files at the stores. */
  readonly files: BlobShelf;
  /** Everything that is sent passes through its schema. */
  readonly strict: boolean;
  /** Speaks a protocol that the stores do not take any more. */
  readonly old: boolean;
  /** False once the console's process is dead: the dead send nothing, and no answer reaches them. */
  readonly alive: () => boolean;
}

const never = <T>(): Promise<T> => new Promise(() => {});

/** HTTP to the stores, as the core sees it, over the simulated network. */
export function createClient({ link, scheduler, answers, files, strict, old, alive }: ClientDeps): StoreClientPort {
  function ask<Q, A, B>(
    call: CallName,
    schema: z.ZodType<Q> | null,
    request: Q,
    route: (routes: StoreRoutes, request: Q) => Promise<Result<A, StoreFailure>>,
    read: (answer: A) => B,
  ): Promise<Result<B, StoreFailure>> {
    if (!alive()) return never();
    const sent = aged(strict && schema !== null ? schema.parse(JSON.parse(JSON.stringify(request))) : request);
    return link
      .request(call, (store) => route(store.routes(), sent))
      .then((answer) => {
        if (!alive()) return never();
        return answer.ok ? ok(read(answer.value)) : answer;
      });
  }
  /** An older console names its own protocol, whatever it asks. */
  function aged<Q>(request: Q): Q {
    const protocol = { protocol: MIN_PROTOCOL_VERSION - 1 };
    return old && typeof request === 'object' && request !== null && 'protocol' in request
      ? { ...request, ...protocol }
      : request;
  }
  const checked =
    <T>(schema: z.ZodType<T>) =>
    (answer: T): T =>
      strict ? schema.parse(JSON.parse(JSON.stringify(answer))) : answer;
  const same = <T>(answer: T): T => answer;

  async function* pull(token: string, request: Parameters<StoreRoutes['pull']>[1]): AsyncGenerator<PullPart> {
    const got = await ask('pull', pullRequestSchema, request, (routes, q) => routes.pull(token, q), answers.pull);
    if (!got.ok) return yield { kind: 'failed', failure: got.error };
    let left = link.conditions.cutPullAfter;
    link.conditions.cutPullAfter = null;
    for (const part of got.value) {
      if (left !== null && left-- <= 0) return yield { kind: 'failed', failure: { kind: 'offline' } };
      yield part;
    }
  }

  return {
    blobs: createBlobs(link, files, alive),
    storeUrl: 'sim:',
    signIn: ({ user, password, deviceId }) =>
      ask('signIn', null, { user, password, deviceId }, (routes, q) => routes.signIn(q), same),
    refresh: (input) => ask('refresh', null, input, (routes, q) => routes.refresh(q), same),
    signOut: (token) => ask('refresh', null, null, (routes) => routes.signOut(token), same),
    changePassword: async () => ok(null),
    trialAccounts: async () => ok([]),
    hello: (token, request) =>
      ask('hello', helloRequestSchema, request, (routes, q) => routes.hello(token, q), checked(helloResponseSchema)),
    push: (token, request) =>
      ask('push', pushRequestSchema, request, (routes, q) => routes.push(token, q), answers.push),
    pull,
    snapshot: (token, request) =>
      ask('snapshot', snapshotRequestSchema, request, (routes, q) => routes.snapshot(token, q), answers.page),
    digest: (token, request) =>
      ask(
        'digest',
        digestRequestSchema,
        request,
        (routes, q) => routes.digest(token, q),
        checked(digestResponseSchema),
      ),
    digestRows: (token, request) =>
      ask(
        'digest',
        digestRowsRequestSchema,
        request,
        (routes, q) => routes.digestRows(token, q),
        checked(digestRowsResponseSchema),
      ),
    rows: (token, request) =>
      ask('digest', rowsRequestSchema, request, (routes, q) => routes.rows(token, q), answers.rows),
    search: (token, request) =>
      ask(
        'digest',
        searchRequestSchema,
        request,
        (routes, q) => routes.search(token, q),
        checked(searchResponseSchema),
      ),
    wiped: (token, request) => ask('wiped', wipedRequestSchema, request, (routes, q) => routes.wiped(token, q), same),
    poke(token, listener) {
      if (!alive()) return { close: () => {} };
      return openPoke({ link, scheduler, token, listener, alive });
    },
    longPoll: (token, known) => ask('longPoll', null, known, (routes, q) => routes.longPoll(token, q), same),
  };
}
