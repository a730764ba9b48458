import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  nativeImage,
  nativeTheme,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  utilityProcess,
  type WebContents,
} from 'electron';
import { startFailureSentence } from '../console-process/start-failure.ts';
import { createFileKeySecrets } from '../platform-node/file-key-secrets.ts';
import { CHANNEL_PORT } from '../protocol/channels.ts';
import type { ConsoleClient } from '../protocol/console/client.ts';
import { createPortClient } from '../protocol/console/port-client.ts';
import type { Arrival } from '../protocol/console/rows.ts';
import type { Configuration } from './configuration.ts';
import { type ConsoleService, startConsoleService } from './console-service/console-service.ts';
import { ticketOfArguments, ticketOfLink } from './deep-link.ts';
import { guardPort } from './guard.ts';
import { createLauncher } from './launcher.ts';
import { menuTemplate } from './menu.ts';
import { createAnnouncer } from './notifications.ts';
import { openExternal } from './open-external.ts';
import { restrictSession } from './permissions.ts';
import { portTransport } from './port-transport.ts';
import { createSchemeHandler, PAGE_SCHEME, PAGE_URL } from './scheme.ts';
import { createSecrets } from './secrets.ts';
import { type Language, languageOf, texts } from './texts.ts';
import { createTray } from './tray.ts';
import { createUpdater, electronUpdateSource } from './updater.ts';
import { bringForward, lockNavigation, windowOptions } from './window.ts';

const resource = (name: string) => join(import.meta.dirname, '../../resources', name);
const STOP_LIMIT_MS = 8_000;
/** A console that ends this often in a minute would only go on doing so. */
const MOST_RESTARTS = 3;

/** The desktop host from its lock to its end. Rejects when the program cannot run at all. */
export async function runDesktop(configuration: Configuration): Promise<void> {
  let window: BrowserWindow | null = null;
  let service: ConsoleService | null = null;
  let client: ConsoleClient | null = null;
  let language: Language = 'es';
  let quitting = false;
  let pending = 0;
  const log = (line: string) => void process.stderr.write(`chasqui: ${line}\n`);

  // Heard from the first moment: the system may send them before the program is ready.
  let ticketToOpen = ticketOfArguments(process.argv);
  app.on('second-instance', (_event, argv) => openTicket(ticketOfArguments(argv)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    openTicket(ticketOfLink(link));
  });
  app.on('activate', () => openTicket(null));
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (quitting) return;
    event.preventDefault();
    quit();
  });
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => quit());

  await app.whenReady();
  language = languageOf(app.getLocale());
  restrictSession(session.defaultSession);
  protocol.handle(PAGE_SCHEME, await createSchemeHandler(join(import.meta.dirname, '../renderer')));
  const guard = guardPort({
    ipc: ipcMain,
    handOver: attachPage,
    onRefused: (sender) => log(`refused a message of ${sender.frame?.url.slice(0, 80) ?? 'a frame that is gone'}`),
  });
  const { updateFeed, updateKey } = configuration;
  if (updateFeed !== null && updateKey === null) log('no updates are looked for: updateFeed is set without updateKey');
  const updater = createUpdater({
    source:
      updateFeed === null || updateKey === null
        ? null
        : await electronUpdateSource({ url: updateFeed, key: updateKey }),
    every: (ms, run) => void setInterval(run, ms).unref(),
    onReady() {
      service?.tell({ view: 'host', revision: 0, count: 0, ticketId: null });
      showMenu();
    },
    onFailed: (error) => log(`no update could be fetched: ${error instanceof Error ? error.message : String(error)}`),
  });
  const tray = createTray({
    create: () => new Tray(trayImage('tray')),
    menu: Menu,
    icon: { plain: trayImage('tray'), waiting: trayImage('tray-waiting') },
    onOpen: () => openTicket(null),
    onRetry: () => void client?.call('connection.retryNow', {}),
    onQuit: quit,
  });
  const consoleDir = join(configuration.dataDir, 'console');
  const secrets = createSecrets(safeStorage, createFileKeySecrets(join(consoleDir, 'secrets.key')));
  const launcher = createLauncher(shell, join(consoleDir, 'sessions'));
  startService([]);
  showMenu();
  tray.show({ pending, texts: texts[language] });
  openTicket(ticketToOpen);

  function openTicket(ticketId: string | null): void {
    ticketToOpen = ticketId ?? ticketToOpen;
    if (!app.isReady() || service === null) return;
    if (ticketToOpen !== null) service.tell({ view: 'host', revision: 0, count: 1, ticketId: ticketToOpen });
    ticketToOpen = null;
    // A new window comes forward by itself, once it has something to show.
    if (window === null) window = createWindow();
    else bringForward(window);
  }

  function createWindow(): BrowserWindow {
    const preload = join(import.meta.dirname, '../preload/index.cjs');
    const made = new BrowserWindow(windowOptions(preload, resource('icon.png'), nativeTheme.shouldUseDarkColors));
    guard.watch(made.webContents);
    // The queue goes on being sent: only the window is put away.
    made.on('close', (event) => {
      if (quitting) return;
      event.preventDefault();
      made.hide();
    });
    made.once('closed', () => {
      window = null;
    });
    made.webContents.on('render-process-gone', (_event, details) => {
      log(`the page ended: ${details.reason}`);
      if (!quitting && !made.isDestroyed()) made.webContents.reload();
    });
    made.once('ready-to-show', () => bringForward(made));
    made.loadURL(PAGE_URL).catch((error: unknown) => log(`the page could not be loaded: ${String(error)}`));
    return made;
  }

  /** The page talks to the console's process directly; main only hands the port over. */
  function attachPage(contents: WebContents): void {
    const { port1, port2 } = new MessageChannelMain();
    service?.attach('page', port1);
    contents.mainFrame.postMessage(CHANNEL_PORT, null, [port2]);
  }

  function startService(restarts: readonly number[]): void {
    service = startConsoleService({
      fork: () =>
        utilityProcess.fork(join(import.meta.dirname, 'console-service.js'), [], { serviceName: 'Chasqui console' }),
      start: {
        dataDir: configuration.dataDir,
        storeUrl: configuration.storeUrl,
        locale: app.getLocale(),
        engineEntry: join(import.meta.dirname, 'engine-entry.js'),
        readerEntry: join(import.meta.dirname, 'reader-entry.js'),
        pagesEntry: join(import.meta.dirname, 'pages-entry.js'),
      },
      host: {
        launch: (plan) => launcher.launch(plan),
        protect: (text) => secrets.protect(text),
        reveal: (sealed) => secrets.reveal(sealed),
        openExternal: (url) => openExternal(shell, url),
        info: async () => ({
          host: 'electron',
          version: app.getVersion(),
          platform: process.platform,
          updateReady: updater.ready(),
        }),
      },
      onBug: (message) => log(`internal error: ${message}`),
      onGone(message, code) {
        log(`the console process ended: ${message}`);
        const recent = [...restarts.filter((at) => performance.now() - at < 60_000), performance.now()];
        const refusal = startFailureSentence(code, language);
        if (refusal !== null || recent.length > MOST_RESTARTS) {
          dialog.showErrorBox(texts[language].failedTitle, refusal ?? message.split('\n', 1)[0] ?? '');
          quit();
          return;
        }
        startService(recent);
        // The page's port went with the process: a new load asks for a new one. Drafts are on the disk already.
        window?.webContents.reload();
      },
    });
    const { port1, port2 } = new MessageChannelMain();
    service.attach('main', port1);
    client = createPortClient(portTransport(port2));
    createAnnouncer(client, { now: () => Date.now(), monotonicMs: () => performance.now() }, announce);
    client.subscribe((news) => {
      if (news.view === 'connection' || news.view === 'outbox') showPending();
      if (news.view === 'preferences') showLanguage();
    });
    showPending();
    showLanguage();
  }

  async function showPending(): Promise<void> {
    const answer = await client?.call('connection.get', {});
    if (answer?.ok !== true || answer.value.pendingActs === pending) return;
    pending = answer.value.pendingActs;
    tray.show({ pending, texts: texts[language] });
    app.setBadgeCount(pending);
  }

  async function showLanguage(): Promise<void> {
    const answer = await client?.call('preferences.get', {});
    if (answer?.ok !== true || language === answer.value.language) return;
    language = answer.value.language;
    tray.show({ pending, texts: texts[language] });
    showMenu();
  }

  function announce(arrival: Arrival): void {
    if (!Notification.isSupported()) return;
    const title = texts[language][arrival.kind];
    const notification = new Notification({ title, body: `${arrival.code} · ${arrival.subject}` });
    notification.on('click', () => openTicket(arrival.ticketId));
    notification.show();
  }

  function showMenu(): void {
    const facts = { texts: texts[language], updateReady: updater.ready() };
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate({ ...facts, onInstall: () => updater.install(), onQuit: quit })),
    );
  }

  function quit(): void {
    if (quitting) return;
    quitting = true;
    (service?.stop(STOP_LIMIT_MS) ?? Promise.resolve()).finally(() => app.exit(0));
  }

  function trayImage(name: string) {
    return nativeImage.createFromPath(resource(`${name}.png`));
  }
}
