import type { Readable, Writable } from 'node:stream';

export type Json = { readonly [key: string]: unknown };
type Listener = (params: Json) => void;

/** A command that the browser refused. */
class CdpError extends Error {
  override name = 'CdpError';
}

/** One session of the DevTools protocol: the browser's own, or that of an attached target. */
export type CdpSession = {
  readonly id: string | undefined;
  send<T = Json>(method: string, params?: Json): Promise<T>;
  on(method: string, listener: Listener): void;
  /** Resolves once the target is gone. */
  readonly gone: Promise<void>;
};

type Wire = {
  id?: number;
  method?: string;
  params?: Json;
  result?: Json;
  error?: { message: string };
  sessionId?: string;
};

/**
 * A DevTools client on Chromium's debugging pipe, with flattened sessions. The pipe rather than the web socket: Chromium
 * ends itself when the pipe closes, so a killed host never leaves a browser behind. Playwright has the web socket.
 */
export class CdpConnection {
  readonly browser: CdpSession;
  readonly closed: Promise<void>;
  #out: Writable;
  #next = 0;
  #pending = new Map<
    number,
    { resolve: (value: Json) => void; reject: (error: Error) => void; method: string; session: string | undefined }
  >();
  #sessions = new Map<
    string | undefined,
    { session: CdpSession; listeners: Map<string, Listener[]>; end: () => void }
  >();

  constructor(out: Writable, into: Readable) {
    this.#out = out;
    this.browser = this.#open(undefined);
    let partial: Buffer[] = [];
    into.on('data', (chunk: Buffer) => {
      let start = 0;
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
        partial.push(chunk.subarray(start, end));
        const text = Buffer.concat(partial).toString('utf8');
        partial = [];
        start = end + 1;
        this.#receive(JSON.parse(text) as Wire);
      }
      if (start < chunk.length) partial.push(chunk.subarray(start));
    });
    out.on('error', () => {});
    into.on('error', () => {});
    this.closed = new Promise((resolve) => {
      into.on('close', () => {
        for (const { reject, method } of this.#pending.values()) reject(new CdpError(`${method}: the browser is gone`));
        this.#pending.clear();
        for (const entry of this.#sessions.values()) entry.end();
        resolve();
      });
    });
  }

  /** The session of a target that the browser attached (`Target.attachedToTarget`). */
  session(id: string): CdpSession {
    return this.#sessions.get(id)?.session ?? this.#open(id);
  }

  #open(id: string | undefined): CdpSession {
    const listeners = new Map<string, Listener[]>();
    let end = (): void => {};
    const gone = new Promise<void>((resolve) => {
      end = resolve;
    });
    const session: CdpSession = {
      id,
      gone,
      send: <T>(method: string, params: Json = {}) => this.#send(id, method, params) as Promise<T>,
      on: (method, listener) => {
        listeners.set(method, [...(listeners.get(method) ?? []), listener]);
      },
    };
    this.#sessions.set(id, { session, listeners, end });
    return session;
  }

  #send(session: string | undefined, method: string, params: Json): Promise<Json> {
    if (!this.#sessions.has(session)) return Promise.reject(new CdpError(`${method}: the target is gone`));
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, method, session });
      this.#out.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    });
  }

  #receive(wire: Wire): void {
    if (wire.id !== undefined) {
      const waiting = this.#pending.get(wire.id);
      this.#pending.delete(wire.id);
      if (wire.error !== undefined) waiting?.reject(new CdpError(`${waiting.method}: ${wire.error.message}`));
      else waiting?.resolve(wire.result ?? {});
      return;
    }
    const { method, params = {} } = wire;
    if (method === undefined) return;
    if (method === 'Target.detachedFromTarget') this.#detach(String(params['sessionId']));
    for (const listener of this.#sessions.get(wire.sessionId)?.listeners.get(method) ?? []) listener(params);
  }

  #detach(id: string): void {
    this.#sessions.get(id)?.end();
    this.#sessions.delete(id);
    for (const [n, waiting] of this.#pending) {
      if (waiting.session !== id) continue;
      this.#pending.delete(n);
      waiting.reject(new CdpError(`${waiting.method}: the target is gone`));
    }
  }
}
