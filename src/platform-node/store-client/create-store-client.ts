import type { z } from 'zod';
import type { PullPart, StoreClientPort, StoreFailure } from '../../core/ports/store-client.ts';
import { tokensSchema, trialResponseSchema } from '../../protocol/sync/auth.ts';
import {
  digestResponseSchema,
  digestRowsResponseSchema,
  helloResponseSchema,
  POKE_LONG_POLL_MS,
  pokeResponseSchema,
  pushResponseSchema,
  searchResponseSchema,
} from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseJson } from '../outbox-row.ts';
import { createBlobClient } from './create-blob-client.ts';
import { openPoke } from './poke.ts';
import { readPull } from './pull.ts';
import { readPage } from './read-page.ts';
import { readRows } from './rows.ts';
import { pageOf } from './snapshot.ts';
import { createTransport, IDLE_MS, textOf } from './transport.ts';

const MAX_JSON_BYTES = 64_000_000;

/** `StoreClientPort` over HTTP. `close` ends kept connections. */
export function createStoreClient(storeUrl: string): StoreClientPort & { close(): void } {
  const transport = createTransport(storeUrl);
  const blobs = createBlobClient(storeUrl);

  async function json<T>(
    path: string,
    accessToken: string | null,
    body: unknown,
    schema: z.ZodType<T>,
    { idleMs = IDLE_MS, traceparent = null }: { idleMs?: number; traceparent?: string | null } = {},
  ): Promise<Result<T, StoreFailure>> {
    const method = body === null ? 'GET' : 'POST';
    const answer = await transport.send({ method, path, accessToken, body, idleMs, traceparent, signal: null });
    if (!answer.ok) return answer;
    const text = await textOf(answer.value, MAX_JSON_BYTES);
    if (text === null) return err({ kind: 'offline' });
    const parsed = schema.safeParse(parseJson(text));
    return parsed.success ? ok(parsed.data) : err({ kind: 'broken' });
  }
  async function nothing(path: string, accessToken: string, body: unknown): Promise<Result<null, StoreFailure>> {
    const answer = await transport.send({ method: 'POST', path, accessToken, body, idleMs: IDLE_MS, signal: null });
    if (!answer.ok) return answer;
    answer.value.resume();
    return ok(null);
  }
  async function* pull(accessToken: string, request: unknown): AsyncGenerator<PullPart> {
    const closing = new AbortController();
    const call = { method: 'POST' as const, path: '/sync/v1/pull', accessToken, body: request, idleMs: IDLE_MS };
    let whole = false;
    try {
      const answer = await transport.send({ ...call, signal: closing.signal });
      if (!answer.ok) {
        yield { kind: 'failed', failure: answer.error };
        return;
      }
      for await (const part of readPull(answer.value)) {
        whole = part.kind === 'end';
        yield part;
      }
    } finally {
      // Whoever stops reading early ends the request; after its end that would cost the connection.
      if (!whole) closing.abort();
    }
  }

  return {
    storeUrl,
    blobs,
    signIn: ({ user, password, deviceId, deviceName }) =>
      json('/auth/v1/sign-in', null, { user, password, device: { id: deviceId, name: deviceName } }, tokensSchema),
    refresh: (input) => json('/auth/v1/refresh', null, input, tokensSchema),
    changePassword: (token, input) => nothing('/auth/v1/password', token, input),
    signOut: (token) => nothing('/auth/v1/sign-out', token, null),
    async trialAccounts() {
      const answer = await json('/auth/v1/trial', null, null, trialResponseSchema);
      return answer.ok ? ok(answer.value.accounts) : answer;
    },
    hello: (token, request) => json('/sync/v1/hello', token, request, helloResponseSchema),
    push: (token, request, traceparent) => json('/sync/v1/push', token, request, pushResponseSchema, { traceparent }),
    pull,
    async snapshot(token, request) {
      const page = await readPage(transport, token, request);
      return page.ok ? ok(pageOf(page.value)) : page;
    },
    digest: (token, request) => json('/sync/v1/digest', token, request, digestResponseSchema),
    digestRows: (token, request) => json('/sync/v1/digest/rows', token, request, digestRowsResponseSchema),
    async rows(token, request) {
      const call = { method: 'POST' as const, path: '/sync/v1/rows', accessToken: token, body: request };
      const answer = await transport.send({ ...call, idleMs: IDLE_MS, signal: null });
      return answer.ok ? readRows(answer.value) : answer;
    },
    search: (token, request) => json('/sync/v1/search', token, request, searchResponseSchema),
    wiped: (token, request) => nothing('/sync/v1/wiped', token, request),
    poke: (token, listener) => openPoke(transport, token, listener),
    longPoll: (token, head) =>
      json(`/sync/v1/poke?wait=${head}`, token, null, pokeResponseSchema, {
        idleMs: POKE_LONG_POLL_MS + IDLE_MS,
      }),
    close() {
      transport.close();
      blobs.close();
    },
  };
}
