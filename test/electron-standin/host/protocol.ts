import { lifecycle } from './lifecycle.ts';
import { record } from './recorder.ts';
import { addScheme, isOwnScheme } from './scheme-map.ts';
import { notImplemented, strict } from './unimplemented.ts';

export type ProtocolHandler = (request: Request) => Response | Promise<Response>;

type Privileges = { [name: string]: boolean };

/** The protocol module of a session. Only schemes registered as standard and secure can be shown as an https origin. */
export class Protocol {
  #handlers = new Map<string, ProtocolHandler>();

  registerSchemesAsPrivileged = (entries: readonly { scheme: string; privileges?: Privileges }[]): void => {
    if (lifecycle.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges = {} } of entries) {
      record('protocol.registerSchemesAsPrivileged', { scheme, privileges });
      if (privileges['standard'] !== true || privileges['secure'] !== true) {
        notImplemented(`a scheme that is not standard and secure (${scheme})`);
      }
      addScheme(scheme);
    }
  };

  handle = (scheme: string, handler: ProtocolHandler): void => {
    if (!lifecycle.ready) throw new Error('protocol.handle can only be used after the app is ready');
    if (this.#handlers.has(scheme)) throw new Error(`protocol.handle: the scheme ${scheme} is already intercepted`);
    if (!isOwnScheme(scheme)) notImplemented(`protocol.handle('${scheme}') without registerSchemesAsPrivileged`);
    record('protocol.handle', { scheme });
    this.#handlers.set(scheme, handler);
  };

  unhandle = (scheme: string): void => {
    this.#handlers.delete(scheme);
  };

  isProtocolHandled = (scheme: string): boolean => this.#handlers.has(scheme);

  /** Calls the handler of a URL; undefined if its scheme has none. */
  answer(request: Request): Promise<Response> | undefined {
    const handler = this.#handlers.get(new URL(request.url).protocol.slice(0, -1));
    if (handler === undefined) return undefined;
    return Promise.resolve(handler(request)).then((response) => {
      if (response instanceof Response) return response;
      throw new TypeError('a protocol handler must answer with a Response');
    });
  }

  handlerOf(scheme: string): ProtocolHandler | undefined {
    return this.#handlers.get(scheme);
  }
}

export function createProtocol(): Protocol {
  return strict('protocol', new Protocol());
}
