import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ActiveProfile } from '../core/create-console-core.ts';
import { namesMentioned } from '../core/queries/names-mentioned.ts';
import { itemState, pendingMark } from '../core/queries/pending-mark.ts';
import { actorOf } from '../core/sync/decide-context.ts';
import { createLineLog, logUncaught } from '../platform-node/log.ts';
import { profilePaths } from '../platform-node/profiles.ts';
import { createReader, isQueryMethod, type Reader } from '../platform-node/queries/reader.ts';
import { isSoundFile } from '../platform-node/sqlite/open-database.ts';
import { storageFailureOf } from '../platform-node/sqlite/storage-failure.ts';
import { createSupportFiles } from '../platform-node/support-files.ts';
import { consoleError } from '../protocol/console/answer-call.ts';
import type { ConsoleError } from '../protocol/console/client.ts';
import { faultOf } from '../shared/fault.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CallMessage, FromReader, ToReader, WorkerOptions } from './wire.ts';

// The reader: answers queries from the active profile's files, read-only, so that no fill and no push ever stalls a screen.
if (parentPort !== null) run(parentPort, workerData);

function run(port: MessagePort, { dataDir }: WorkerOptions): void {
  const log = createLineLog('reader', dataDir);
  logUncaught(log);
  log.write('info', 'started', {});
  const supportFiles = createSupportFiles(dataDir);
  let active: ActiveProfile | null = null;
  let reader: Reader | null = null;

  function close(): void {
    reader?.close();
    reader = null;
  }
  function opened({ profileId, session }: ActiveProfile): Reader {
    const { cache, outbox } = profilePaths(dataDir, profileId);
    reader ??= createReader({
      cachePath: cache,
      outboxPath: outbox,
      actor: actorOf(session),
      rules: { namesMentioned, itemState, pendingMark },
    });
    return reader;
  }
  function answer({ method, params }: CallMessage): Result<unknown, ConsoleError> {
    if (method === 'support.files') return answerSupport();
    if (!isQueryMethod(method)) return err(consoleError('badRequest', { reason: 'notHere' }));
    if (active === null) return err(consoleError('notSignedIn'));
    if (active.locked) return err(consoleError('offlineWindowOver'));
    try {
      return ok(opened(active).answer(method, params));
    } catch (error) {
      // The next question opens the files anew.
      close();
      const failure = storageFailureOf(error);
      if (failure?.code === 'corrupt' && !isSoundFile(profilePaths(dataDir, active.profileId).cache))
        post({ kind: 'cacheDamaged', profileId: active.profileId });
      log.write('error', 'queryFailed', { method, code: failure?.code ?? null, error: faultOf(error) });
      return err(consoleError(failure === null ? 'internal' : 'ioError'));
    }
  }
  /** With nobody signed in too, and whatever state the files are in. */
  function answerSupport(): Result<unknown, ConsoleError> {
    try {
      return ok(supportFiles());
    } catch (error) {
      log.write('error', 'supportFilesFailed', { error: faultOf(error) });
      return err(consoleError('internal'));
    }
  }
  const post = (message: FromReader) => port.postMessage(message);
  port.on('message', (message: ToReader) => {
    switch (message.kind) {
      case 'call':
        post({ kind: 'answer', id: message.id, result: answer(message) });
        return;
      case 'active':
        close();
        active = message.active;
        return;
      case 'stop':
        close();
        port.close();
    }
  });
}
