/**
 * A structured clone written as JSON text, for the ways through which only strings go (a binding, an evaluate, the
 * detail of an event between two worlds). The function is also sent to the page as source: it may use nothing from
 * outside itself, and only what browsers and Node both have.
 */

export type Codec = { encode(value: unknown): string; decode(text: string): unknown };

/** What structured clone refuses may be carried in another way: a tag out, a value back. */
export type Special = {
  tag(value: object): string | undefined;
  revive(tag: string): unknown;
};

export function createCodec(special?: Special): Codec {
  type Tagged = [kind: string, ...rest: unknown[]];
  const views: { [name: string]: new (buffer: ArrayBuffer) => ArrayBufferView } = {
    Uint8Array,
    Int8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const refuse = (what: string): never => {
    throw new DOMException(`${what} could not be cloned.`, 'DataCloneError');
  };
  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const fromBase64 = (text: string): ArrayBuffer => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
    return bytes.buffer;
  };

  // Objects are numbered in the order in which they are first met; both sides count alike, so a number is a reference.
  const pack = (value: unknown, seen: Map<object, number>): unknown => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ['n', Object.is(value, -0) ? '-0' : String(value)];
      case 'undefined':
        return ['u'];
      case 'bigint':
        return ['i', String(value)];
      case 'symbol':
        return refuse(String(value));
      default:
    }
    if (value === null) return null;
    const object = value as object;
    const tag = special?.tag(object);
    if (tag !== undefined) return ['special', tag];
    if (typeof value === 'function') return refuse(String(value).slice(0, 60));
    const known = seen.get(object);
    if (known !== undefined) return ['ref', known];
    seen.set(object, seen.size);
    if (Array.isArray(object)) return ['a', ...object.map((item) => pack(item, seen))];
    // As text: JSON writes the NaN of an invalid date as null.
    if (object instanceof Date) return ['d', String(object.getTime())];
    if (object instanceof RegExp) return ['x', object.source, object.flags];
    if (object instanceof Map) {
      return ['m', ...[...object].flatMap(([key, item]) => [pack(key, seen), pack(item, seen)])];
    }
    if (object instanceof Set) return ['s', ...[...object].map((item) => pack(item, seen))];
    if (object instanceof ArrayBuffer) return ['b', 'ArrayBuffer', toBase64(new Uint8Array(object))];
    if (ArrayBuffer.isView(object)) {
      const name = object.constructor.name === 'Buffer' ? 'Uint8Array' : object.constructor.name;
      return ['b', name, toBase64(new Uint8Array(object.buffer, object.byteOffset, object.byteLength))];
    }
    if (object instanceof Error) return ['e', object.name, object.message, object.stack ?? ''];
    if (object instanceof Promise || object instanceof WeakMap || object instanceof WeakSet) return refuse('#<Object>');
    const out: Tagged = ['o'];
    for (const key of Object.keys(object)) out.push(key, pack(Reflect.get(object, key), seen));
    return out;
  };

  const unpack = (packed: unknown, seen: unknown[]): unknown => {
    if (!Array.isArray(packed)) return packed;
    const [kind, ...rest] = packed as Tagged;
    const keep = <T>(made: T): T => {
      seen.push(made);
      return made;
    };
    switch (kind) {
      case 'n':
        return Number(rest[0]);
      case 'u':
        return undefined;
      case 'i':
        return BigInt(String(rest[0]));
      case 'special':
        return special?.revive(String(rest[0]));
      case 'ref':
        return seen[Number(rest[0])];
      case 'a': {
        const list: unknown[] = keep([]);
        for (const item of rest) list.push(unpack(item, seen));
        return list;
      }
      case 'd':
        return keep(new Date(Number(rest[0])));
      case 'x':
        return keep(new RegExp(String(rest[0]), String(rest[1])));
      case 'm': {
        const map = keep(new Map<unknown, unknown>());
        for (let at = 0; at < rest.length; at += 2) {
          const key = unpack(rest[at], seen);
          map.set(key, unpack(rest[at + 1], seen));
        }
        return map;
      }
      case 's': {
        const set = keep(new Set<unknown>());
        for (const item of rest) set.add(unpack(item, seen));
        return set;
      }
      case 'b': {
        const buffer = fromBase64(String(rest[1]));
        const View = views[String(rest[0])];
        return keep(View === undefined ? buffer : new View(buffer));
      }
      case 'e': {
        const error = keep(new Error(String(rest[1])));
        error.name = String(rest[0]);
        error.stack = String(rest[2]);
        return error;
      }
      default: {
        const object = keep({});
        for (let at = 0; at < rest.length; at += 2) {
          const value = unpack(rest[at + 1], seen);
          // defineProperty: a key named __proto__ stays a plain property, as structured clone keeps it.
          Object.defineProperty(object, String(rest[at]), {
            value,
            writable: true,
            enumerable: true,
            configurable: true,
          });
        }
        return object;
      }
    }
  };

  return {
    encode: (value) => JSON.stringify(pack(value, new Map())),
    decode: (text) => unpack(JSON.parse(text), []),
  };
}
