import { pathToFileURL } from 'node:url';
import type { MessageEvent, MessagePortMain } from 'electron';
import { withHostMethods } from '../../console-process/host-methods.ts';
import { spawnConsole } from '../../console-process/spawn-console.ts';
import { startFailureCode } from '../../console-process/start-failure.ts';
import { createLineLog, logUncaught } from '../../platform-node/log.ts';
import { servePort } from '../../protocol/console/port-server.ts';
import { faultLine, faultOf } from '../../shared/fault.ts';
import { portTransport } from '../port-transport.ts';
import { createHostCaller } from './host-caller.ts';
import { createHostNews } from './host-news.ts';
import { type ToMain, type ToService, toServiceSchema } from './wire.ts';

// Composition root of the console's utility process: core and databases live here and in its workers, so that neither
// main nor the page ever waits for a disk.
const parent = process.parentPort;
const post = (message: ToMain) => parent.postMessage(message);
const wordsOf = (bug: unknown) => faultLine(faultOf(bug));
const host = createHostCaller(post);

async function start(options: Extract<ToService, { kind: 'start' }>) {
  const log = createLineLog('host', options.dataDir);
  logUncaught(log);
  log.write('info', 'started', {});
  const consoleProcess = await spawnConsole({
    dataDir: options.dataDir,
    storeUrl: options.storeUrl,
    engineEntry: pathToFileURL(options.engineEntry),
    readerEntry: pathToFileURL(options.readerEntry),
    pagesEntry: pathToFileURL(options.pagesEntry),
    locale: options.locale,
    launcher: { launch: (plan) => host.ask('launch', plan) },
    secrets: { protect: (text) => host.ask('protect', text), reveal: (sealed) => host.ask('reveal', sealed) },
    onFatal(error) {
      log.write('error', 'coreEnded', { error: faultOf(error) });
      post({ kind: 'failed', message: wordsOf(error), code: startFailureCode(error) });
      process.exit(70);
    },
  });
  const target = withHostMethods(consoleProcess, {
    info: () => host.ask('info', null),
    openExternal: (url) => host.ask('openExternal', url),
  });
  return { consoleProcess, target, log, news: createHostNews(target) };
}

let running: ReturnType<typeof start> | null = null;

async function obey(message: ToService, ports: readonly MessagePortMain[]): Promise<void> {
  switch (message.kind) {
    case 'start':
      running ??= start(message);
      await running;
      post({ kind: 'started' });
      return;
    case 'attach': {
      const port = ports[0];
      if (port === undefined || running === null) return;
      const { target, news, log } = await running;
      servePort(portTransport(port), message.line === 'page' ? news.forPage() : target, (bug) => {
        log.write('error', 'internalError', { error: faultOf(bug) });
        post({ kind: 'bug', message: wordsOf(bug) });
      });
      return;
    }
    case 'hostAnswer':
      host.answered(message);
      return;
    case 'tell':
      if (running !== null) (await running).news.tell(message.news);
      return;
    case 'stop':
      await (await running)?.consoleProcess.stop();
      post({ kind: 'stopped' });
  }
}

parent.on('message', (event: MessageEvent) => {
  const message = toServiceSchema.safeParse(event.data);
  if (!message.success) return;
  obey(message.data, event.ports).catch((bug: unknown) => {
    post({ kind: 'failed', message: wordsOf(bug), code: startFailureCode(bug) });
    process.exit(70);
  });
});
