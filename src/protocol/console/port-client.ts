import { err, ok, type Result } from '../../shared/result.ts';
import { CONSOLE_CONTRACT_VERSION } from '../versions.ts';
import { answerCall, type ConsoleTarget, consoleError } from './answer-call.ts';
import {
  type ConsoleClient,
  type ConsoleError,
  type News,
  newsFrameSchema,
  type ResponseFrame,
  responseFrameSchema,
} from './client.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from './methods.ts';
import type { FrameTransport } from './transport.ts';

type Settle = (answer: Result<unknown, ConsoleError>) => void;

/**
 * The console contract over one line. Parameters are checked before they leave and results when they arrive. A call
 * never throws and never hangs: when the line closes, every pending and every later call fails with `hostGone`.
 */
export function createPortClient(transport: FrameTransport): ConsoleClient {
  const pending = new Map<number, Settle>();
  const listeners = new Set<(news: News) => void>();
  let nextId = 1;
  let open = true;

  transport.onFrame((frame) => {
    const response = responseFrameSchema.safeParse(frame);
    if (response.success) {
      settle(response.data);
      return;
    }
    const news = newsFrameSchema.safeParse(frame);
    if (news.success && news.data.v === CONSOLE_CONTRACT_VERSION) {
      for (const listener of [...listeners]) listener(news.data.news);
    }
  });
  transport.onClose(() => {
    open = false;
    for (const resolve of pending.values()) resolve(err(consoleError('hostGone')));
    pending.clear();
  });

  function settle(response: ResponseFrame): void {
    const resolve = pending.get(response.id);
    pending.delete(response.id);
    if (response.v !== CONSOLE_CONTRACT_VERSION) {
      resolve?.(err(consoleError('contractMismatch', { host: response.v, page: CONSOLE_CONTRACT_VERSION })));
    } else resolve?.(response.ok ? ok(response.result) : err(response.error));
  }

  /** Raw round trip; `answerCall` around it checks both directions. */
  const line: ConsoleTarget = {
    call(method, params) {
      if (!open) return Promise.resolve(err(consoleError('hostGone')));
      const id = nextId++;
      return new Promise((resolve) => {
        pending.set(id, resolve);
        transport.send({ v: CONSOLE_CONTRACT_VERSION, id, method, params });
      });
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { ...createDirectClient(line), close: () => transport.close() };
}

/** The console contract by direct call, with the same checks as over a line: both ends live in one process. */
export function createDirectClient(target: ConsoleTarget, onBug?: (bug: unknown) => void): ConsoleClient {
  const stops = new Set<() => void>();
  return {
    async call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>) {
      const answer = await answerCall(target, method, params, onBug);
      // answerCall has just parsed the value with consoleMethods[method].result.
      return answer as Result<ConsoleResult<M>, ConsoleError>;
    },
    subscribe(listener) {
      const stop = target.onNews(listener);
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },
    close() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
}
