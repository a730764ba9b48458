/// <reference lib="dom" />
import type { createCodec as CreateCodec, Special } from './codec.ts';

/**
 * One end of the context bridge. The same code runs in the page's world and in the preload's; they share no object, only
 * events on the document's window whose detail is a string, and those are synchronous, so a call has its answer when
 * dispatchEvent returns. Sent to the page as source: it may use nothing from outside itself.
 */

export type BridgePeer = {
  encode(value: unknown): string;
  decode(text: string): unknown;
  /** A message of another kind, to the other end's `onOther`. */
  tell(kind: string, body: string): void;
};

export function createBridgePeer(
  createCodec: typeof CreateCodec,
  outName: string,
  inName: string,
  onOther: (kind: string, body: string) => void,
): BridgePeer {
  const dispatch = EventTarget.prototype.dispatchEvent.bind(window);
  const NativeEvent = CustomEvent;
  const given = new Map<number, (...args: unknown[]) => unknown>();
  const numberOf = new WeakMap<object, number>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let next = 0;
  let answer: { ok: boolean; body: string } | undefined;

  const tell = (kind: string, body: string): void => {
    dispatch(new NativeEvent(outName, { detail: JSON.stringify([kind, body]) }));
  };
  const settle = (id: number, ok: boolean, value: unknown): void => {
    tell('settle', JSON.stringify([id, ok, codec.encode(value)]));
  };
  const special: Special = {
    tag(value) {
      if (typeof value === 'function') {
        let id = numberOf.get(value);
        if (id === undefined) {
          next += 1;
          id = next;
          numberOf.set(value, id);
          const call: (...args: unknown[]) => unknown = (...args) => Reflect.apply(value, undefined, args);
          given.set(id, call);
        }
        return `f${id}`;
      }
      if (value instanceof Promise) {
        next += 1;
        const id = next;
        value.then(
          (result: unknown) => settle(id, true, result),
          (error: unknown) => settle(id, false, error),
        );
        return `p${id}`;
      }
      return undefined;
    },
    revive(tag) {
      const id = Number(tag.slice(1));
      if (tag.startsWith('p')) return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      return (...args: unknown[]) => {
        answer = undefined;
        tell('call', JSON.stringify([id, codec.encode(args)]));
        const got = answer as { ok: boolean; body: string } | undefined;
        if (got === undefined) throw new Error('the other world did not answer');
        const value = codec.decode(got.body);
        if (!got.ok) throw value;
        return value;
      };
    },
  };
  const codec = createCodec(special);

  const answerCall = (body: string): void => {
    const [id, args] = JSON.parse(body) as [number, string];
    let reply: [boolean, string];
    try {
      const call = given.get(id);
      if (call === undefined) throw new Error('no such function');
      reply = [true, codec.encode(call(...(codec.decode(args) as unknown[])))];
    } catch (error) {
      reply = [false, codec.encode(error instanceof Error ? error : new Error(String(error)))];
    }
    tell('answer', JSON.stringify(reply));
  };

  window.addEventListener(
    inName,
    (event) => {
      event.stopImmediatePropagation();
      if (!(event instanceof NativeEvent)) return;
      const [kind, body] = JSON.parse(String(event.detail)) as [string, string];
      if (kind === 'call') answerCall(body);
      else if (kind === 'answer') {
        const [ok, text] = JSON.parse(body) as [boolean, string];
        answer = { ok, body: text };
      } else if (kind === 'settle') {
        const [id, ok, text] = JSON.parse(body) as [number, boolean, string];
        const promise = waiting.get(id);
        waiting.delete(id);
        const value = codec.decode(text);
        if (ok) promise?.resolve(value);
        else promise?.reject(value);
      } else onOther(kind, body);
    },
    true,
  );
  return { encode: codec.encode, decode: codec.decode, tell };
}
