import type { KeyObject } from 'node:crypto';
import type { AppUpdater } from 'electron-updater';
import { signedManifest } from './update-signature.ts';

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

/** Where updates come from, and whose they must be. */
export interface Feed {
  readonly url: string;
  /** Ed25519. */
  readonly key: KeyObject;
}

/** Loaded only where a feed is configured. */
export async function electronUpdateSource(feed: Feed): Promise<UpdateSource> {
  const { autoUpdater } = (await import('electron-updater')).default;
  return updateSource(autoUpdater, feed);
}

/**
 * electron-updater, held to what the organisation signed. It compares a download with the SHA-512 of the manifest, and on some systems the
 * signature of an installer; who wrote the manifest it does not ask. So nothing is downloaded but what a manifest names that bears the
 * organisation's own signature over version and files. An older version is none, whoever signed it.
 */
export function updateSource(library: AppUpdater, { url, key }: Feed): UpdateSource {
  library.setFeedURL({ provider: 'generic', url });
  library.autoDownload = true;
  library.autoInstallOnAppQuit = false;
  library.allowPrerelease = false;
  // Set after it: allowing those would allow older versions too.
  library.allowDowngrade = false;
  // Their packages are named by no signature.
  library.disableWebInstaller = true;
  library.logger = null;
  let unsigned: string | null = null;
  const supported = library.isUpdateSupported;
  library.isUpdateSupported = async (info) => {
    unsigned = signedManifest(key, info) === null ? String(info.version).slice(0, 40) : null;
    return unsigned === null && (await supported(info)) === true;
  };
  // Without a listener an error event would end the program; `check` rejects with the same error.
  library.on('error', () => {});
  return {
    async check() {
      unsigned = null;
      const found = await library.checkForUpdates();
      if (unsigned !== null) throw new Error(`version ${unsigned} of the feed is not signed by its organisation`);
      await found?.downloadPromise;
    },
    onReady(listener) {
      library.on('update-downloaded', (info) => listener(info.version));
    },
    install: () => library.quitAndInstall(false, true),
  };
}
