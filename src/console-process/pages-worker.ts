import { Worker } from 'node:worker_threads';
import type { StoreClientPort, StoreFailure } from '../core/ports/store-client.ts';
import { pageOf, type ReadPage } from '../platform-node/store-client/snapshot.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { createPendingAnswers } from './pending-answers.ts';
import type { FromPages, PagesOptions, ToPages } from './wire.ts';

/** A fill asks again within this time; after it the worker only takes memory. */
const IDLE_MS = 5_000;
/** Nothing of a page outlives it. */
const LIMITS = { maxYoungGenerationSizeMb: 16 };

/**
 * Pages of a fill by a worker that is started with the first one and ended when no more are asked for. One that dies is a link that was cut:
 * the fill asks again, of a new one.
 */
export function createPagesWorker(entry: URL, workerData: PagesOptions) {
  const answers = createPendingAnswers<Result<ReadPage, StoreFailure>>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let asked = 0;
  /** Bytes of pages that are kept: the next page is read into them. */
  const spares: ArrayBuffer[] = [];

  function start(): Worker {
    const started = new Worker(entry, { workerData, name: 'chasqui-pages', resourceLimits: LIMITS });
    started.on('message', (message: FromPages) => {
      // This thread writes a page in one go: by the time it hears the question the page before is kept.
      if (message.kind === 'mayEnd') started.postMessage({ kind: 'end', id: message.id } satisfies ToPages);
      else answers.settle(message.id, message.page);
    });
    started.on('error', () => gone(started));
    started.on('exit', () => gone(started));
    return started;
  }
  function gone(which: Worker): void {
    if (worker !== which) return;
    worker = null;
    answers.settleAll(err({ kind: 'offline' }));
  }
  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = null;
    spares.length = 0;
    answers.settleAll(err({ kind: 'offline' }));
    await ending?.terminate();
  }
  const snapshot: StoreClientPort['snapshot'] = async (accessToken, request) => {
    clearTimeout(idle);
    asked += 1;
    worker ??= start();
    const using = worker;
    const spare = spares.pop();
    const page = await answers.ask((id) => {
      const question: ToPages = { kind: 'read', id, accessToken, request, spare };
      using.postMessage(question, spare === undefined ? [] : [spare]);
    });
    asked -= 1;
    if (asked === 0 && worker !== null) idle = setTimeout(() => void end(), IDLE_MS).unref();
    return page.ok ? ok(pageOf(page.value, (bytes) => spares.push(bytes))) : page;
  };
  return { snapshot, end };
}
