/** What this host needs of an update mechanism; electron-updater in the product, a script in tests. */
export interface UpdateSource {
  /** Looks at the feed and downloads what is newer and properly signed. Rejects when the feed cannot be read. */
  check(): Promise<void>;
  onReady(listener: (version: string) => void): void;
  /** Ends the program, installs and starts anew. */
  install(): void;
}

interface UpdaterDeps {
  readonly source: UpdateSource | null;
  readonly every: (ms: number, run: () => void) => void;
  onReady(version: string): void;
  onFailed(error: unknown): void;
}

const CHECK_EVERY_MS = 4 * 60 * 60_000;

/** Checks at the start and every four hours; never installs by itself: the person chooses the moment. */
export function createUpdater(deps: UpdaterDeps) {
  let ready: string | null = null;
  const { source } = deps;
  if (source !== null) {
    source.onReady((version) => {
      ready = version;
      deps.onReady(version);
    });
    const check = () => void source.check().catch(deps.onFailed);
    check();
    deps.every(CHECK_EVERY_MS, check);
  }
  return {
    /** Version that waits to be installed. */
    ready: () => ready,
    install() {
      if (ready !== null) source?.install();
    },
  };
}

/** The feed's address as the configuration gives it: https, or plain http on this very PC. Null for anything else. */
export function feedAddress(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url.href : null;
}

/** Loaded only where a feed is configured. */
export async function electronUpdateSource(feed: string): Promise<UpdateSource> {
  const { autoUpdater } = (await import('electron-updater')).default;
  autoUpdater.setFeedURL({ provider: 'generic', url: feed });
  autoUpdater.autoDownload = true;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.logger = null;
  // Without a listener an error event would end the program; `check` rejects with the same error.
  autoUpdater.on('error', () => {});
  return {
    async check() {
      await autoUpdater.checkForUpdates();
    },
    onReady(listener) {
      autoUpdater.on('update-downloaded', (info) => listener(info.version));
    },
    install: () => autoUpdater.quitAndInstall(false, true),
  };
}
