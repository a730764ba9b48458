import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { untilClosed } from '../../src/core/sync/link.ts';
import { createScope } from '../../src/core/sync/signal.ts';

/** Collects what nobody holds any more. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return collect;
}

describe('C134 parts of a stream', () => {
  it('are let go as they are read, not when the whole of it has come', async () => {
    const collect = collector();
    const given: WeakRef<Uint8Array>[] = [];
    async function* parts() {
      for (let n = 0; n < 20; n += 1) {
        await setImmediate();
        yield new Uint8Array(1_000);
      }
    }
    let alive = 0;
    for await (const part of untilClosed(createScope(), parts())) {
      given.push(new WeakRef(part));
      if (given.length < 20) continue;
      await setImmediate();
      collect();
      alive = given.slice(0, 15).filter((ref) => ref.deref() !== undefined).length;
    }
    expect(given).toHaveLength(20);
    expect(alive).toBe(0);
  });

  it('end with the scope, also while the next one is waited for, and tell their source', async () => {
    const scope = createScope();
    let told = false;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let next = 0;
        return {
          next: () =>
            next < 2 ? Promise.resolve({ done: false as const, value: next++ }) : new Promise<never>(() => {}),
          async return() {
            told = true;
            return { done: true as const, value: undefined };
          },
        };
      },
    };
    const read: number[] = [];
    for await (const part of untilClosed(scope, source)) {
      read.push(part);
      if (read.length === 2) globalThis.setImmediate(scope.close);
    }
    expect(read).toEqual([0, 1]);
    expect(told).toBe(true);
    for await (const part of untilClosed(scope, source)) read.push(part);
    expect(read).toHaveLength(2);
  });

  it('a source that fails is heard of', async () => {
    async function* parts() {
      yield 1;
      throw new Error('the source failed');
    }
    const read = async () => {
      for await (const part of untilClosed(createScope(), parts())) expect(part).toBe(1);
    };
    await expect(read()).rejects.toThrow('the source failed');
  });
});
