import { record } from './recorder.ts';
import { StandinEvent, strict } from './unimplemented.ts';

type Headers = { [name: string]: string[] };
type Answer = {
  cancel?: boolean;
  redirectURL?: string;
  requestHeaders?: { [name: string]: string | string[] };
  responseHeaders?: { [name: string]: string | string[] };
  statusLine?: string;
};
type Details = { [key: string]: unknown; url: string };
type Listener = (details: Details, callback: (answer: Answer) => void) => void;
type Entry = { urls: RegExp[]; listener: Listener };

/** The three stages of a request at which the stand-in can interfere; the others are reported by name. */
export class WebRequest {
  #before: Entry | undefined;
  #sending: Entry | undefined;
  #received: Entry | undefined;

  onBeforeRequest = (...args: unknown[]): void => {
    this.#before = entryOf('onBeforeRequest', args);
  };
  onBeforeSendHeaders = (...args: unknown[]): void => {
    this.#sending = entryOf('onBeforeSendHeaders', args);
  };
  onHeadersReceived = (...args: unknown[]): void => {
    this.#received = entryOf('onHeadersReceived', args);
  };

  get wantsResponses(): boolean {
    return this.#received !== undefined;
  }

  async before(details: Details): Promise<Answer> {
    return ask(this.#before, details);
  }

  async sending(details: Details, requestHeaders: { [name: string]: string }): Promise<{ [name: string]: string }> {
    const answer = await ask(this.#sending, { ...details, requestHeaders });
    if (answer.requestHeaders === undefined) return requestHeaders;
    return Object.fromEntries(
      Object.entries(answer.requestHeaders).map(([name, value]) => [name, [value].flat().join(', ')]),
    );
  }

  /** Undefined when the response is cancelled. */
  async received(details: Details, statusCode: number, responseHeaders: Headers): Promise<Headers | undefined> {
    const answer = await ask(this.#received, {
      ...details,
      statusCode,
      statusLine: `HTTP/1.1 ${statusCode}`,
      responseHeaders,
    });
    if (answer.cancel === true) return undefined;
    if (answer.responseHeaders === undefined) return responseHeaders;
    return Object.fromEntries(Object.entries(answer.responseHeaders).map(([name, value]) => [name, [value].flat()]));
  }
}

export function createWebRequest(): WebRequest {
  return strict('webRequest', new WebRequest(), []);
}

function entryOf(stage: string, args: readonly unknown[]): Entry | undefined {
  const [first, second] = args;
  const listener = typeof first === 'function' ? first : second;
  if (typeof listener !== 'function') return undefined;
  const urls = isFilter(first) ? first.urls : ['<all_urls>'];
  record(`webRequest.${stage}`, { urls });
  return {
    urls: urls.map(patternOf),
    listener: (details, callback) => Reflect.apply(listener, undefined, [details, callback]),
  };
}

function isFilter(value: unknown): value is { urls: string[] } {
  return typeof value === 'object' && value !== null && 'urls' in value && Array.isArray(value.urls);
}

function patternOf(pattern: string): RegExp {
  if (pattern === '<all_urls>') return /^/;
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

function ask(entry: Entry | undefined, details: Details): Promise<Answer> {
  if (entry === undefined || !entry.urls.some((url) => url.test(details.url))) return Promise.resolve({});
  return new Promise((resolve) => {
    entry.listener(Object.assign(new StandinEvent(), details), (answer) => resolve(answer ?? {}));
  });
}
