import { Worker } from 'node:worker_threads';
import type { ActiveProfile } from '../core/create-console-core.ts';
import { consoleError } from '../protocol/console/answer-call.ts';
import type { ConsoleError } from '../protocol/console/client.ts';
import type { ConsoleMethod } from '../protocol/console/methods.ts';
import { err, type Result } from '../shared/result.ts';
import { createPendingAnswers } from './pending-answers.ts';
import type { FromReader, ToReader, WorkerOptions } from './wire.ts';

/** Ends within this time that count together, and how many of them are too many. */
const WINDOW_MS = 60_000;
const TOO_MANY = 5;

/** The reader's worker, started again when it ends: it holds nothing that is not in the files. */
export function createReaderWorker(
  entry: URL,
  workerData: WorkerOptions,
  active: () => ActiveProfile | null,
  onCacheDamaged: (profileId: string) => void,
  onFatal: (error: unknown) => void,
) {
  const answers = createPendingAnswers<Result<unknown, ConsoleError>>();
  let stopping = false;
  let ends: number[] = [];
  let worker = start();
  const post = (message: ToReader) => worker.postMessage(message);
  const activate = () => post({ kind: 'active', active: active() });

  function start(): Worker {
    const started = new Worker(entry, { workerData, name: 'chasqui-reader' });
    let cause: unknown = null;
    started.on('message', (message: FromReader) => {
      if (message.kind === 'answer') answers.settle(message.id, message.result);
      else onCacheDamaged(message.profileId);
    });
    started.on('error', (error) => {
      cause = error;
    });
    started.on('exit', () => {
      if (stopping) return;
      answers.settleAll(err(consoleError('internal')));
      const now = performance.now();
      ends = [...ends.filter((at) => now - at < WINDOW_MS), now];
      if (ends.length >= TOO_MANY) {
        stopping = true;
        onFatal(cause ?? new Error('the reader does not stay up'));
        return;
      }
      worker = start();
      activate();
    });
    return started;
  }
  return {
    /** Tells the reader whose files to read now. */
    activate,
    call: (method: ConsoleMethod, params: unknown) => answers.ask((id) => post({ kind: 'call', id, method, params })),
    async stop(): Promise<void> {
      stopping = true;
      answers.settleAll(err(consoleError('hostGone')));
      await worker.terminate();
    },
  };
}
