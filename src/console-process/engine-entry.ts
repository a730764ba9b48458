import { hostname } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createConsoleCore } from '../core/create-console-core.ts';
import { createClock } from '../platform-node/clock.ts';
import { nodeHasher } from '../platform-node/hasher.ts';
import { createLineLog, logUncaught } from '../platform-node/log.ts';
import { createProfiles } from '../platform-node/profiles.ts';
import { nodeRandom } from '../platform-node/random.ts';
import { createStoreClient } from '../platform-node/store-client/create-store-client.ts';
import { nodeTimers } from '../platform-node/timers.ts';
import type { News } from '../protocol/console/client.ts';
import { faultOf } from '../shared/fault.ts';
import { createHostPorts } from './host-ports.ts';
import { createPagesWorker } from './pages-worker.ts';
import type { FromEngine, ToEngine, WorkerOptions } from './wire.ts';

// The engine: owns the outboxes of all profiles and the writing side of their caches, and talks to the store.
if (parentPort !== null) run(parentPort, workerData);

function run(port: MessagePort, options: WorkerOptions): void {
  const { dataDir, storeUrl, language } = options;
  let untold: News[] = [];
  /** News goes out before whatever is said after it. */
  const tellNews = () => {
    if (untold.length === 0) return;
    const news = untold;
    untold = [];
    port.postMessage({ kind: 'news', news } satisfies FromEngine);
  };
  const post = (message: FromEngine) => {
    tellNews();
    port.postMessage(message);
  };
  const host = createHostPorts((id, request) => post({ kind: 'hostRequest', id, request }));
  const log = createLineLog('engine', dataDir);
  logUncaught(log);
  log.write('info', 'started', {});
  const clock = createClock();
  const client = createStoreClient(storeUrl);
  const pages = createPagesWorker(new URL(options.pagesEntry), { storeUrl });
  const store = { ...client, snapshot: pages.snapshot };
  const core = createConsoleCore({
    clock,
    log,
    store,
    timers: nodeTimers,
    random: nodeRandom,
    hasher: nodeHasher,
    profiles: createProfiles({ dataDir, storeUrl, clock, log }),
    secrets: host.secrets,
    launcher: host.launcher,
    deviceName: hostname(),
    language,
  });

  let lastActive = 'none yet';
  const readActive = () => {
    try {
      return core.active();
    } catch (error) {
      // A disk that cannot be read just now: nobody reads until it can be again.
      log.write('error', 'activeNotRead', { error: faultOf(error) });
      return null;
    }
  };
  const tellActive = () => {
    const active = readActive();
    const key = JSON.stringify(active);
    if (key === lastActive) return;
    lastActive = key;
    post({ kind: 'active', active });
  };
  core.onNews((news) => {
    if (news.view === 'session' || news.view === 'connection') tellActive();
    // A message to another thread costs more than most of what it says: one for all news of a turn.
    if (untold.length === 0) queueMicrotask(tellNews);
    untold.push(news);
  });
  const stop = async () => {
    await core.stop();
    client.close();
    await pages.end();
    post({ kind: 'stopped' });
    port.close();
  };
  port.on('message', (message: ToEngine) => {
    switch (message.kind) {
      case 'call':
        void core.handle(message.method, message.params).then((result) => {
          tellActive();
          post({ kind: 'answer', id: message.id, result });
        });
        return;
      case 'hostAnswer':
        host.answered(message.id, message.answer);
        return;
      case 'cacheDamaged':
        core.cacheDamaged(message.profileId);
        return;
      case 'stop':
        void stop();
    }
  });
  const result = core.start();
  tellActive();
  post({ kind: 'started', result });
}
