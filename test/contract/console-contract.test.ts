import { afterEach, describe, expect, test, vi } from 'vitest';
import type { News } from '../../src/protocol/console/client.ts';
import { consoleMethods } from '../../src/protocol/console/methods.ts';
import { CONSOLE_CONTRACT_VERSION } from '../../src/protocol/versions.ts';
import { err, ok } from '../../src/shared/result.ts';
import { type Call, createFakeTarget } from './fake-target.ts';
import { type Rig, rigs } from './transports.ts';

const news: News = { view: 'queue', revision: 7, count: 3, ticketId: null };
const preferences = {
  language: 'es' as const,
  theme: 'dark' as const,
  density: 'compact' as const,
  view: { a: [1, null] },
};

/** What a browser's structured clone and JSON both carry: one answer a method that the suite calls. */
async function answer(call: Call) {
  switch (call.method) {
    case 'preferences.set':
      return ok({ ...preferences, ...(call.params as object) });
    case 'preferences.get':
      return ok(preferences);
    case 'session.signIn':
      return err({ code: 'tooManyAttempts' as const, params: { seconds: 30 } });
    case 'drafts.save':
      return ok({ savedAt: 1_760_000_000_000 });
    case 'drafts.list':
      return ok({ drafts: [{ key: 'no ticket, no time' }] });
    case 'drafts.discard':
      throw new Error('secret of the host');
    case 'session.trialAccounts':
      return new Promise<never>(() => {});
    default:
      return ok({});
  }
}

for (const [name, makeRig] of Object.entries(rigs)) {
  describe(`console contract over ${name}`, () => {
    let rig: Rig | null = null;
    afterEach(async () => {
      await rig?.end();
      rig = null;
    });
    const start = async (onBug?: (bug: unknown) => void) => {
      const fake = createFakeTarget(answer);
      rig = await makeRig(fake.target, onBug);
      return { ...fake, rig, client: rig.client };
    };

    test('carries parameters and results unchanged, ñ, 💬 and null included', async () => {
      const { client, calls } = await start();
      const view = { columns: ['número', 'niño 💬'], width: null, deep: { list: [1, 2.5, true] } };
      const result = await client.call('preferences.set', { view });
      expect(result).toEqual(ok({ ...preferences, view }));
      expect(calls).toEqual([{ method: 'preferences.set', params: { view } }]);
    });

    test('answers many calls at once, each with its own answer', async () => {
      const { client } = await start();
      const widths = Array.from({ length: 50 }, (_, index) => index);
      const results = await Promise.all(widths.map((width) => client.call('preferences.set', { view: { width } })));
      expect(results.map((result) => result.ok && result.value.view)).toEqual(widths.map((width) => ({ width })));
    });

    test('an expected failure arrives with its code and plain values', async () => {
      const { client } = await start();
      const result = await client.call('session.signIn', { user: 'ana', password: 'x' });
      expect(result).toEqual(err({ code: 'tooManyAttempts', params: { seconds: 30 } }));
    });

    test('wrong types, __proto__, unknown methods and 10 MB are refused before the host sees them', async () => {
      const { client, calls } = await start();
      // The compiler forbids these calls; a page that is not ours can still make them.
      const call = client.call as (method: string, params: unknown) => ReturnType<typeof client.call>;
      const bad: [string, unknown][] = [
        ['drafts.get', { key: 5 }],
        ['drafts.get', null],
        ['drafts.get', [['key', 'x']]],
        ['drafts.get', { key: 'k'.repeat(201) }],
        ['drafts.save', { key: 'k', ticketId: null, content: 'x'.repeat(10_000_000) }],
        ['queue.window', JSON.parse('{"__proto__": {"view": "mine"}, "limit": 1e9}')],
        ['__proto__', {}],
        ['constructor', {}],
        ['toString', {}],
        ['', {}],
      ];
      for (const [method, params] of bad) {
        expect(await call(method, params), `${method} ${JSON.stringify(params)?.slice(0, 40)}`).toMatchObject({
          ok: false,
          error: { code: 'badRequest' },
        });
      }
      expect(calls).toEqual([]);
      expect(await client.call('preferences.get', {})).toEqual(ok(preferences));
    });

    test('a result that breaks the schema, and an exception, are internal and show nothing of the host', async () => {
      const bugs = vi.fn();
      const { client } = await start(bugs);
      for (const result of [await client.call('drafts.list', {}), await client.call('drafts.discard', { key: 'k' })]) {
        expect(result).toEqual(err({ code: 'internal', params: {} }));
      }
      expect(bugs).toHaveBeenCalledTimes(2);
    });

    test('news reach every subscriber until it leaves', async () => {
      const { client, tell, listeners } = await start();
      await client.call('preferences.get', {});
      const [first, second] = [vi.fn(), vi.fn()];
      const leave = client.subscribe(first);
      client.subscribe(second);
      tell(news);
      await vi.waitFor(() => expect(second).toHaveBeenCalledWith(news), { timeout: 20_000 });
      expect(first).toHaveBeenCalledWith(news);
      leave();
      tell({ ...news, revision: 8 });
      await vi.waitFor(() => expect(second).toHaveBeenCalledTimes(2), { timeout: 20_000 });
      expect(first).toHaveBeenCalledTimes(1);
      client.close();
      await vi.waitFor(() => expect(listeners.size).toBe(0), { timeout: 20_000 });
    });

    // A direct call has neither a line to lose nor frames to forge.
    if (name === 'direct call') return;

    test('when the host goes, pending and later calls fail with hostGone', async () => {
      const started = await start();
      const pending = started.client.call('session.trialAccounts', {});
      await vi.waitFor(() => expect(started.calls).toHaveLength(1), { timeout: 20_000 });
      started.rig.drop?.();
      expect(await pending).toEqual(err({ code: 'hostGone', params: {} }));
      expect(await started.client.call('preferences.get', {})).toEqual(err({ code: 'hostGone', params: {} }));
      await vi.waitFor(() => expect(started.listeners.size).toBe(0), { timeout: 20_000 });
    });

    test('another version of the contract is told so', async () => {
      const { rig: line, calls } = await start();
      const frame = { v: CONSOLE_CONTRACT_VERSION + 1, id: 90_001, method: 'preferences.get', params: {} };
      expect(await line.raw?.(frame)).toMatchObject({ id: 90_001, ok: false, error: { code: 'contractMismatch' } });
      expect(calls).toEqual([]);
    });

    test('the host checks what the client would have stopped', async () => {
      const { rig: line, calls } = await start();
      const frames = [
        { id: 90_001, method: 'drafts.get', params: { key: 5 } },
        { id: 90_002, method: 'hasOwnProperty', params: {} },
        { id: 90_003, method: 'drafts.get', params: { key: 'x'.repeat(10_000_000) } },
      ];
      for (const frame of frames) {
        const answered = await line.raw?.({ v: CONSOLE_CONTRACT_VERSION, ...frame });
        expect(answered).toMatchObject({ id: frame.id, ok: false, error: { code: 'badRequest' } });
      }
      expect(calls).toEqual([]);
    });
  });
}

test('every method of the contract says who answers it', () => {
  for (const [method, { runs }] of Object.entries(consoleMethods))
    expect(['act', 'query', 'host'], method).toContain(runs);
});
