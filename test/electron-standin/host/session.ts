import { lifecycle } from './lifecycle.ts';
import { standinFetch } from './net-fetch.ts';
import { createProtocol, type Protocol } from './protocol.ts';
import { record } from './recorder.ts';
import { StandinEvent, StrictEmitter, strict } from './unimplemented.ts';
import type { WebContents } from './web-contents.ts';
import { createWebRequest, type WebRequest } from './web-request.ts';

type RequestHandler = (
  contents: WebContents,
  permission: string,
  callback: (granted: boolean) => void,
  details: object,
) => void;
type CheckHandler = (contents: WebContents | null, permission: string, origin: string, details: object) => boolean;

/** A browser session. Windows live in the default one; the others carry requests of main only. */
export class Session extends StrictEmitter {
  readonly partition: string;
  readonly protocol: Protocol = createProtocol();
  readonly webRequest: WebRequest = createWebRequest();
  #request: RequestHandler | null = null;
  #check: CheckHandler | null = null;
  #agent = '';

  constructor(partition: string) {
    super(
      'session',
      ['will-download'],
      [
        'preconnect',
        'spellcheck-dictionary-initialized',
        'select-serial-port',
        'select-hid-device',
        'select-usb-device',
      ],
    );
    this.partition = partition;
  }

  setPermissionRequestHandler = (handler: RequestHandler | null): void => {
    record('session.setPermissionRequestHandler', { partition: this.partition, set: handler !== null });
    this.#request = handler;
  };
  setPermissionCheckHandler = (handler: CheckHandler | null): void => {
    record('session.setPermissionCheckHandler', { partition: this.partition, set: handler !== null });
    this.#check = handler;
  };
  setDevicePermissionHandler = (handler: unknown): void =>
    record('session.setDevicePermissionHandler', { partition: this.partition, set: handler !== null });
  setDisplayMediaRequestHandler = (handler: unknown): void =>
    record('session.setDisplayMediaRequestHandler', { partition: this.partition, set: handler !== null });
  setCertificateVerifyProc = (proc: unknown): void =>
    record('session.setCertificateVerifyProc', { partition: this.partition, set: proc !== null });
  setSpellCheckerEnabled = (enabled: boolean): void => record('session.setSpellCheckerEnabled', { enabled });
  setSpellCheckerLanguages = (languages: readonly string[]): void =>
    record('session.setSpellCheckerLanguages', { languages });
  setUserAgent = (agent: string): void => {
    this.#agent = agent;
  };
  getUserAgent = (): string => this.#agent;
  setProxy = async (config: object): Promise<void> => record('session.setProxy', { config });
  resolveProxy = async (): Promise<string> => 'DIRECT';
  closeAllConnections = async (): Promise<void> => {};
  flushStorageData = (): void => {};
  clearCache = async (): Promise<void> => {
    const { connection } = await lifecycle.startBrowser();
    record('session.clearCache', { browser: connection !== undefined });
  };
  /** True when main wants the download; without a listener Electron would ask the person where to save it. */
  offerDownload(url: string, filename: string, contents: WebContents | undefined): boolean {
    const event = new StandinEvent();
    const item = strict('DownloadItem', { getURL: () => url, getFilename: () => filename });
    this.emit('will-download', event, item, contents);
    record('will-download', { url, filename, prevented: event.defaultPrevented });
    return !event.defaultPrevented;
  }
  fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => standinFetch(input, init);

  /**
   * What the app's handlers say of a permission, in Electron's way: the check is asked first, the request if the check
   * says yes or is not there, and with no handler at all everything is granted.
   */
  async decidePermission(contents: WebContents, permission: string, origin: string): Promise<boolean> {
    const details = { requestingUrl: `${origin}/`, isMainFrame: true, securityOrigin: origin, embeddingOrigin: origin };
    if (this.#check !== null && !this.#check(contents, permission, origin, details)) return false;
    const handler = this.#request;
    if (handler === null) return true;
    return new Promise((resolve) => {
      handler(contents, permission, (granted) => resolve(granted === true), details);
    });
  }
}

const sessions = new Map<string, Session>();

function fromPartition(partition: string): Session {
  let known = sessions.get(partition);
  if (known === undefined) {
    if (!lifecycle.ready) throw new Error('Session can only be received when app is ready');
    known = strict('session', new Session(partition));
    sessions.set(partition, known);
  }
  return known;
}

/** The module `session`: the default one is only there once the app is ready, as in Electron. */
export const sessionModule = strict('session (module)', {
  fromPartition: (partition: string): Session => fromPartition(partition),
  get defaultSession(): Session {
    return fromPartition('');
  },
});

/** The scheme table is filled before the app is ready, through a protocol object of its own. */
export const protocolModule: Protocol = strict(
  'protocol',
  Object.assign(createProtocol(), {
    handle: (...args: Parameters<Protocol['handle']>) => sessionModule.defaultSession.protocol.handle(...args),
    unhandle: (scheme: string) => sessionModule.defaultSession.protocol.unhandle(scheme),
    isProtocolHandled: (scheme: string) => sessionModule.defaultSession.protocol.isProtocolHandled(scheme),
  }),
);
