import { v7 } from 'uuid';
import type { OutboxIdentity } from '../../src/core/ports/outbox.ts';
import type { StoreFailure } from '../../src/core/ports/store-client.ts';
import { backoffMs } from '../../src/core/sync/backoff.ts';
import type { LooseCommand } from '../../src/core/sync/chain.ts';
import { chainAfter } from '../../src/core/sync/chain.ts';
import { ENDED_FAILURES } from '../../src/core/sync/poke-loop.ts';
import { OWN_NEWS_MS } from '../../src/core/sync/signal.ts';
import { nodeHasher } from '../../src/platform-node/hasher.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { CHAIN_START, type WireCommand } from '../../src/protocol/sync/command.ts';
import { traceOf, traceparentOf } from '../../src/protocol/sync/trace.ts';
import { PROTOCOL_VERSION, SCHEMA_VERSION } from '../../src/protocol/versions.ts';
import type { Seat } from './organisation.ts';

const PULL_LIMIT = 2_000;
const PUSH_LIMIT = 500;

export interface ConsoleFigures {
  /** Of pushes that were answered: from the act to its answer, in milliseconds. */
  readonly pushes: number[];
  pulls: number;
  rows: number;
  refused: number;
  failures: number;
}

/** A console on the wire, without files: product's HTTP client, contact, stream, pulls and pushes as the engine makes them. */
export interface LiveConsole {
  readonly seat: Seat;
  /** Where its base stands. */
  cursor(): number;
  /** The stream is open and every pull that it asked for is done. */
  live(): boolean;
  pending(): number;
  /** Pulls though there is no news. @returns rows that came: what it was not told of */
  ask(): Promise<number>;
  act(command: Pick<WireCommand, 'type' | 'ticketId' | 'payload'>): void;
  stop(): void;
}

export function openConsole(storeUrl: string, seat: Seat, figures: ConsoleFigures): LiveConsole {
  const store = createStoreClient(storeUrl);
  const token = seat.accessToken;
  const outbox: { readonly command: WireCommand; readonly at: number }[] = [];
  let identity: OutboxIdentity = {
    deviceId: seat.deviceId,
    devicePrefix: seat.devicePrefix,
    incarnation: v7(),
    lastN: 0,
    lastHash: CHAIN_START,
    provisionalCounter: 0,
  };
  let base: { cursor: number; logHash: string } | null = null;
  let epoch = '';
  let scopeVersion = '';
  let told = 0;
  let streamOpen = false;
  let pulling = false;
  let pushing = false;
  let stopped = false;

  const fails = (failure: StoreFailure): never => {
    figures.failures += 1;
    throw new Fails(failure);
  };
  async function greet(): Promise<void> {
    const hello = await store.hello(token, {
      protocol: PROTOCOL_VERSION,
      schema: SCHEMA_VERSION,
      incarnation: identity.incarnation,
      lastN: identity.lastN,
      cursor: base?.cursor ?? null,
      logHash: base?.logHash ?? null,
      marks: [],
    });
    if (!hello.ok) return fails(hello.error);
    if (base !== null && !hello.value.cursorKnown) throw new Error('the log is another one');
    ({ epoch, scopeVersion } = hello.value);
    if (base === null) base = await firstBase();
    told = Math.max(told, hello.value.head);
  }
  /** Stands where a fill would have begun; its pages are another bench's. */
  async function firstBase(): Promise<{ cursor: number; logHash: string }> {
    const page = await store.snapshot(token, {
      protocol: PROTOCOL_VERSION,
      entity: 'site',
      after: null,
      scopeVersion,
      limit: 1,
    });
    if (!page.ok) return fails(page.error);
    const { pin } = page.value;
    if (pin === null) throw new Error('the first page has a pin');
    return { cursor: pin.seq, logHash: pin.logHash };
  }
  async function pull(): Promise<void> {
    if (pulling || stopped) return;
    pulling = true;
    try {
      while (base !== null && base.cursor < told && !stopped) {
        figures.pulls += 1;
        const { cursor, logHash } = base;
        const asked = { protocol: PROTOCOL_VERSION, epoch, cursor, logHash, scopeVersion, limit: PULL_LIMIT };
        for await (const part of store.pull(token, asked)) {
          if (part.kind === 'failed') return fails(part.failure);
          if (part.kind === 'transaction') figures.rows += part.changes.length;
          else base = { cursor: part.cursor, logHash: part.logHash };
        }
        if (base.cursor === cursor) {
          told = cursor;
          break;
        }
      }
    } finally {
      pulling = false;
    }
  }
  /** Until the stream ends. */
  const listen = () =>
    new Promise<StoreFailure | null>((resolve) => {
      const stream = store.poke(token, {
        onOpen: () => undefined,
        onBeat: () => undefined,
        onNews({ head }) {
          streamOpen = true;
          told = Math.max(told, head);
          pull().catch(() => stop(stream));
        },
        onClosed: resolve,
      });
      const stop = (open: { close(): void }) => {
        open.close();
        resolve({ kind: 'offline' });
      };
    });
  async function push(): Promise<void> {
    if (pushing || stopped) return;
    pushing = true;
    let attempt = 0;
    try {
      while (outbox.length > 0 && epoch !== '' && !stopped) {
        const batch = outbox.slice(0, PUSH_LIMIT);
        const answer = await store.push(
          token,
          { protocol: PROTOCOL_VERSION, epoch, commands: batch.map(({ command }) => command) },
          traceparentOf(traceOf(batch[0]?.command.id ?? ''), '0000000000000001'),
        );
        if (!answer.ok) {
          figures.failures += 1;
          await pauseAfter(answer.error, attempt);
          attempt += 1;
          continue;
        }
        attempt = 0;
        const now = performance.now();
        for (const { at } of batch) figures.pushes.push(now - at);
        figures.refused += answer.value.results.filter(({ outcome }) => outcome.verdict.kind === 'refused').length;
        outbox.splice(0, batch.length);
        // Of one's own push the answer tells, and the stream does not.
        told = Math.max(told, answer.value.head);
        setTimeout(() => void pull().catch(() => undefined), OWN_NEWS_MS);
      }
    } finally {
      pushing = false;
    }
  }
  async function run(): Promise<void> {
    let attempt = 0;
    while (!stopped) {
      let failure: StoreFailure | null = { kind: 'offline' };
      try {
        await greet();
        attempt = 0;
        void push();
        await pull();
        failure = await listen();
        attempt = failure === null ? ENDED_FAILURES : 0;
      } catch (error) {
        if (!(error instanceof Fails)) throw error;
        failure = error.failure;
      }
      streamOpen = false;
      await pauseAfter(failure, attempt);
      attempt += 1;
    }
  }
  run().catch((error: unknown) => {
    if (!stopped) throw error;
  });

  return {
    seat,
    cursor: () => base?.cursor ?? 0,
    live: () => streamOpen && !pulling && base !== null && base.cursor >= told,
    pending: () => outbox.length,
    async ask() {
      const before = figures.rows;
      // One beyond whatever it was told: a pull that ends where it began says so.
      told += 1;
      await pull();
      return figures.rows - before;
    },
    act({ type, ticketId, payload }) {
      const loose: LooseCommand = {
        id: v7(),
        commandVersion: 1,
        ticketId,
        time: { deviceAt: Date.now(), bootId: 'load', monotonicMs: performance.now(), lastOffset: 0 },
        seenVersion: null,
        onBehalf: null,
        type,
        payload,
      };
      const chained = chainAfter(identity, [loose], nodeHasher);
      identity = chained.identity;
      for (const { wire } of chained.links) outbox.push({ command: wire, at: performance.now() });
      void push();
    },
    stop() {
      stopped = true;
      store.close();
    },
  };
}

function pauseAfter(failure: StoreFailure | null, attempt: number): Promise<void> {
  const after = failure?.kind === 'retryAfter' ? failure.ms : null;
  return new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, Math.random(), after)));
}

class Fails extends Error {
  readonly failure: StoreFailure;
  constructor(failure: StoreFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}
