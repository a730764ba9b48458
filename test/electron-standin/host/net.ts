import { EventEmitter } from 'node:events';
import {
  type IncomingMessage,
  type ClientRequest as NodeRequest,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { standinFetch } from './net-fetch.ts';
import { strict } from './unimplemented.ts';

type Options = RequestOptions & { url?: string; redirect?: 'follow' | 'error' | 'manual'; session?: object };

/** Electron's ClientRequest over Node's: redirects are announced and, in manual mode, only followed when told to. */
class ClientRequest extends EventEmitter {
  chunkedEncoding = false;
  #request: NodeRequest;
  #mode: string;
  #follow: (() => void) | undefined;
  #aborted = false;

  constructor(options: string | Options) {
    super();
    const given: Options = typeof options === 'string' ? { url: options } : options;
    this.#mode = given.redirect ?? 'follow';
    this.#request = this.#open(
      given.url === undefined ? urlOf(given) : new URL(given.url),
      given.method ?? 'GET',
      given.headers,
    );
  }

  #open(url: URL, method: string, headers: RequestOptions['headers']): NodeRequest {
    const open = url.protocol === 'https:' ? requestHttps : requestHttp;
    const made = open(url, { method, ...(headers === undefined ? {} : { headers }) });
    made.on('response', (response) => this.#answered(url, method, headers, response));
    made.on('error', (error) => this.emit('error', error));
    made.on('close', () => this.emit('close'));
    made.on('finish', () => this.emit('finish'));
    return made;
  }

  #answered(url: URL, method: string, headers: RequestOptions['headers'], response: IncomingMessage): void {
    const { statusCode = 0 } = response;
    const { location } = response.headers;
    if (statusCode < 300 || statusCode >= 400 || statusCode === 304 || location === undefined) {
      this.emit('response', response);
      return;
    }
    response.resume();
    const target = new URL(location, url);
    const next = statusCode === 303 ? 'GET' : method;
    this.#follow = () => {
      this.#request = this.#open(target, next, headers);
      this.#request.end();
    };
    if (this.#mode === 'error') this.emit('error', new Error('net::ERR_UNSAFE_REDIRECT'));
    else {
      this.emit('redirect', statusCode, next, target.href, response.headers);
      if (this.#mode === 'follow') this.followRedirect();
    }
  }

  followRedirect(): void {
    if (!this.#aborted) this.#follow?.();
    this.#follow = undefined;
  }
  setHeader(name: string, value: string): void {
    this.#request.setHeader(name, value);
  }
  getHeader(name: string): unknown {
    return this.#request.getHeader(name);
  }
  removeHeader(name: string): void {
    this.#request.removeHeader(name);
  }
  write(chunk: string | Buffer, encoding: BufferEncoding = 'utf8', done?: () => void): void {
    this.#request.write(chunk, encoding, done);
  }
  end(chunk?: string | Buffer): void {
    if (chunk !== undefined) this.#request.write(chunk);
    this.#request.end();
  }
  abort(): void {
    this.#aborted = true;
    this.#request.destroy();
    this.emit('abort');
  }
}

function urlOf({ protocol = 'http:', hostname, host, port, path = '/' }: Options): URL {
  const authority = `${hostname ?? host ?? 'localhost'}${port === undefined || port === null ? '' : `:${port}`}`;
  return new URL(path ?? '/', `${protocol}//${authority}`);
}

export const net = strict('net', {
  fetch: standinFetch,
  request: (options: string | Options): ClientRequest => strict('net.request', new ClientRequest(options)),
  isOnline: (): boolean => true,
  online: true,
});
