import { Worker } from 'node:worker_threads';
import type { ActiveProfile } from '../core/create-console-core.ts';
import type { LauncherPort } from '../core/ports/launcher.ts';
import type { SecretsPort } from '../core/ports/secrets.ts';
import { answerCall, type ConsoleTarget, consoleError } from '../protocol/console/answer-call.ts';
import type { ConsoleError, News } from '../protocol/console/client.ts';
import { type ConsoleMethod, consoleMethods } from '../protocol/console/methods.ts';
import { err, type Result } from '../shared/result.ts';
import { ConsoleStartError } from './console-start-error.ts';
import { createPendingAnswers } from './pending-answers.ts';
import { createReaderWorker } from './reader-worker.ts';
import { serveHostRequest } from './serve-host-request.ts';
import type { FromEngine, ToEngine, WorkerOptions } from './wire.ts';

export interface SpawnOptions {
  readonly dataDir: string;
  readonly storeUrl: string;
  /** Modules of the workers: TypeScript sources, or what the bundler made of them. */
  readonly engineEntry: URL;
  readonly readerEntry: URL;
  /** Of the worker that the engine starts for a fill. */
  readonly pagesEntry: URL;
  /** Language of the screens before the person has chosen, as a BCP 47 tag; Spanish when it is not English. */
  readonly locale?: string;
  readonly launcher: LauncherPort;
  readonly secrets: SecretsPort;
  /** The engine is gone, or the reader will not stay up: the host says so and ends. Called once. */
  onFatal(error: unknown): void;
}
export interface ConsoleProcess extends ConsoleTarget {
  /** Ends sync and closes the files. What was saved is saved. */
  stop(): Promise<void>;
}

/** Young objects of a long act; the rows of a fill are no objects here. */
const ENGINE_LIMITS = { maxYoungGenerationSizeMb: 16 };
/** A worker that does not end in this time is ended. */
const STOP_MS = 10_000;

/**
 * Starts the console's two workers. Each call goes to the one that the contract names; parameters and results are checked
 * here against the contract. Methods of the host (`runs: 'host'`) are `badRequest`: the host answers them before.
 *
 * @throws ConsoleStartError with `profileInUse`, `cacheTooNew` or a storage code when the profiles cannot be opened.
 */
export async function spawnConsole(options: SpawnOptions): Promise<ConsoleProcess> {
  const workerData: WorkerOptions = {
    dataDir: options.dataDir,
    storeUrl: options.storeUrl,
    pagesEntry: options.pagesEntry.href,
    language: options.locale?.toLowerCase().startsWith('en') === true ? 'en' : 'es',
  };
  const listeners = new Set<(news: News) => void>();
  const answers = createPendingAnswers<Result<unknown, ConsoleError>>();
  const started = Promise.withResolvers<Result<null, ConsoleError>>();
  const stopped = Promise.withResolvers<void>();
  let active: ActiveProfile | null = null;
  let ended = false;
  const fatal = (error: unknown) => {
    if (ended) return;
    ended = true;
    answers.settleAll(err(consoleError('hostGone')));
    options.onFatal(error);
  };

  const engine = new Worker(options.engineEntry, { workerData, name: 'chasqui-engine', resourceLimits: ENGINE_LIMITS });
  const post = (message: ToEngine) => engine.postMessage(message);
  const reader = createReaderWorker(
    options.readerEntry,
    workerData,
    () => active,
    (profileId) => post({ kind: 'cacheDamaged', profileId }),
    fatal,
  );
  engine.on('message', (message: FromEngine) => {
    switch (message.kind) {
      case 'answer':
        return answers.settle(message.id, message.result);
      case 'started':
        return started.resolve(message.result);
      case 'active':
        active = message.active;
        return reader.activate();
      case 'news':
        for (const news of message.news) for (const listener of listeners) listener(news);
        return;
      case 'hostRequest':
        void serveHostRequest(options, message.request).then((answer) =>
          post({ kind: 'hostAnswer', id: message.id, answer }),
        );
        return;
      case 'stopped':
        return stopped.resolve();
    }
  });
  engine.on('error', (error) => {
    started.reject(error);
    fatal(error);
  });
  engine.on('exit', (code) => {
    stopped.resolve();
    fatal(new Error(`the engine ended with code ${code}`));
  });

  const stop = async () => {
    ended = true;
    post({ kind: 'stop' });
    const timer = setTimeout(stopped.resolve, STOP_MS);
    await stopped.promise;
    clearTimeout(timer);
    answers.settleAll(err(consoleError('hostGone')));
    await Promise.all([engine.terminate(), reader.stop()]);
  };
  const target: ConsoleTarget = {
    async call(method: ConsoleMethod, params: unknown) {
      if (ended) return err(consoleError('hostGone'));
      switch (consoleMethods[method].runs) {
        case 'query':
          return reader.call(method, params);
        case 'act':
          return answers.ask((id) => post({ kind: 'call', id, method, params }));
        case 'host':
          return err(consoleError('badRequest', { reason: 'notHere' }));
      }
    },
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const result = await started.promise;
  if (!result.ok) {
    await stop();
    throw new ConsoleStartError(result.error);
  }
  return { ...target, call: (method, params) => answerCall(target, method, params), stop };
}
