import { EventEmitter } from 'node:events';
import { record } from './recorder.ts';

/** Thrown when main uses a part of Electron that the stand-in does not have. */
class NotImplemented extends Error {
  override name = 'ElectronStandinNotImplemented';
  readonly api: string;
  constructor(api: string) {
    super(`electron-standin: ${api} is not implemented`);
    this.api = api;
  }
}

/** Records the missing API by name and throws. */
export function notImplemented(api: string): never {
  record('not-implemented', { api });
  throw new NotImplemented(api);
}

/** Properties that the language and its tools look up on any object: they must not count as use of an API. */
const looked = new Set(['then', 'toJSON', 'constructor', 'inspect', '__esModule', 'asymmetricMatch', 'nodeType']);

/**
 * Wraps an object so that reading or setting what it does not have is reported by name and throws.
 * @param absent names that real Electron also lacks on Linux (`app.dock`): they read as undefined.
 */
export function strict<T extends object>(name: string, target: T, absent: readonly string[] = []): T {
  return new Proxy(target, {
    get(object, property) {
      if (typeof property === 'symbol' || property in object || looked.has(property) || absent.includes(property)) {
        const value: unknown = Reflect.get(object, property, object);
        return typeof value === 'function' && !isClass(value) ? bound(object, value as AnyFunction) : value;
      }
      return notImplemented(`${name}.${property}`);
    },
    set(object, property, value) {
      if (typeof property === 'symbol' || property in object || property.startsWith('_')) {
        return Reflect.set(object, property, value, object);
      }
      return notImplemented(`${name}.${property} =`);
    },
  });
}

type AnyFunction = (...args: never[]) => unknown;
const boundOf = new WeakMap<object, WeakMap<object, AnyFunction>>();

/** Methods run on the target, and stay the same function from one read to the next. */
function bound(object: object, method: AnyFunction): unknown {
  let methods = boundOf.get(object);
  if (methods === undefined) {
    methods = new WeakMap();
    boundOf.set(object, methods);
  }
  const known = methods.get(method);
  if (known !== undefined) return known;
  const made: AnyFunction = method.bind(object);
  methods.set(method, made);
  return made;
}

function isClass(value: unknown): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** A whole module or class that is missing: any use of it is reported by name, importing it is not. */
export function missing(name: string): object {
  return new Proxy(function absent() {}, {
    get: (_target, property) =>
      typeof property === 'symbol' || looked.has(property) ? undefined : notImplemented(`${name}.${property}`),
    apply: () => notImplemented(name),
    construct: () => notImplemented(`new ${name}`),
    set: (_target, property) => notImplemented(`${name}.${String(property)} =`),
  });
}

/**
 * An emitter that knows its events. A listener for an event that the stand-in can never raise is recorded
 * (`inert-listener`) when real Electron has that event, and refused by name otherwise.
 */
export class StrictEmitter extends EventEmitter {
  constructor(name: string, raised: readonly string[], inert: readonly string[] = []) {
    super();
    this.setMaxListeners(0);
    const known = new Set([...raised, 'newListener', 'removeListener', 'error']);
    const silent = new Set(inert);
    super.on('newListener', (event: string | symbol) => {
      if (typeof event === 'symbol' || known.has(event)) return;
      if (silent.has(event)) record('inert-listener', { event: `${name} '${event}'` });
      else notImplemented(`${name}.on('${event}')`);
    });
  }
}

/** The event object that Electron gives first to its listeners. */
export class StandinEvent {
  defaultPrevented = false;
  returnValue: unknown = undefined;
  preventDefault = (): void => {
    this.defaultPrevented = true;
  };
}
