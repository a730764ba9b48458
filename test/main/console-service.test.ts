import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { type HostAnswers, startConsoleService } from '../../src/main/console-service/console-service.ts';
import { createHostCaller } from '../../src/main/console-service/host-caller.ts';
import { createHostNews } from '../../src/main/console-service/host-news.ts';
import type { ToMain, ToService } from '../../src/main/console-service/wire.ts';
import type { News } from '../../src/protocol/console/client.ts';
import { ok } from '../../src/shared/result.ts';
import { createFakeTarget } from '../contract/fake-target.ts';

const plan = { kind: 'url' as const, url: 'rustdesk://123456', target: '123456' };

/** Main and its utility process, with what travels between them. */
function rig(over: Partial<HostAnswers> = {}) {
  const child = Object.assign(new EventEmitter(), { postMessage: vi.fn(), kill: vi.fn() });
  const host: HostAnswers = {
    launch: vi.fn(async () => ({ launched: true })),
    protect: async (text) => `sealed ${text}`,
    reveal: async () => null,
    openExternal: async () => true,
    info: async () => ({ host: 'electron', version: '0.1.0', platform: 'linux', updateReady: null }),
    ...over,
  };
  const onGone = vi.fn();
  const start = {
    dataDir: '/d',
    storeUrl: 'http://s',
    locale: 'es',
    engineEntry: '/e.js',
    readerEntry: '/r.js',
    pagesEntry: '/p.js',
  };
  const service = startConsoleService({ fork: () => child as never, start, host, onGone, onBug: vi.fn() });
  const caller = createHostCaller((message: ToMain) => child.emit('message', structuredClone(message)));
  child.postMessage.mockImplementation((message: ToService) => {
    if (message.kind === 'hostAnswer') caller.answered(structuredClone(message));
  });
  return { child, service, caller, onGone, host };
}

describe('the console process and main', () => {
  test('it starts with the configuration', () => {
    const { child } = rig();
    expect(child.postMessage.mock.calls[0]?.[0]).toMatchObject({
      kind: 'start',
      storeUrl: 'http://s',
      engineEntry: '/e.js',
    });
  });

  test('asks main for what only main has, null answers included', async () => {
    const { caller, host } = rig();
    expect(await caller.ask('launch', plan)).toEqual({ launched: true });
    expect(host.launch).toHaveBeenCalledWith(plan);
    expect(await caller.ask('protect', 'x')).toBe('sealed x');
    expect(await caller.ask('reveal', 'x')).toBeNull();
    expect(await caller.ask('info', null)).toMatchObject({ host: 'electron' });
  });

  test('a failing host and a value that breaks the wire are an error at the asker, never a hang', async () => {
    const { caller, host } = rig({ protect: () => Promise.reject(new Error('keyring')) });
    await expect(caller.ask('protect', 'x')).rejects.toThrow('protect');
    await expect(caller.ask('launch', { ...plan, url: 5 } as never)).rejects.toThrow('launch');
    expect(host.launch).not.toHaveBeenCalled();
  });

  test('says when it ended by itself, with its last words; not when it was stopped', async () => {
    const first = rig();
    first.child.emit('message', { kind: 'failed', message: 'the disk is gone', code: 'ioError' });
    first.child.emit('exit', 70);
    expect(first.onGone).toHaveBeenCalledWith('the disk is gone', 'ioError');

    const second = rig();
    const stopped = second.service.stop(5_000);
    expect(second.child.postMessage).toHaveBeenLastCalledWith({ kind: 'stop' }, []);
    second.child.kill.mockImplementation(() => second.child.emit('exit', 0));
    second.child.emit('message', { kind: 'stopped' });
    await stopped;
    expect(second.onGone).not.toHaveBeenCalled();
  });

  test('one that does not answer is ended at the limit', async () => {
    const { child, service } = rig();
    child.kill.mockImplementation(() => child.emit('exit', 1));
    await service.stop(10);
    expect(child.kill).toHaveBeenCalledTimes(1);
  });

  test('what is no message of the wire is dropped', () => {
    const { child, onGone } = rig();
    for (const odd of [
      null,
      'x',
      { kind: 'eval', code: '1' },
      { kind: 'hostCall', id: 1, call: 'exec', argument: null },
    ]) {
      child.emit('message', odd);
    }
    expect(onGone).not.toHaveBeenCalled();
    expect(child.postMessage).toHaveBeenCalledTimes(1);
  });
});

describe('news of the host', () => {
  const ticket: News = { view: 'host', revision: 0, count: 1, ticketId: '0199a5b2-7c11-7d3e-8a54-5f0e9d3c2b1a' };

  test('a ticket to open waits for the page that starts, and is told once', async () => {
    const hostNews = createHostNews(createFakeTarget(async () => ok({})).target);
    hostNews.tell(ticket);
    const page = hostNews.forPage();
    const heard: News[] = [];
    page.onNews((news) => heard.push(news));
    expect(heard).toEqual([]);
    await page.call('host.info', {});
    await vi.waitFor(() => expect(heard).toEqual([ticket]), { timeout: 20_000 });
    await page.call('host.info', {});
    hostNews.tell(ticket);
    expect(heard).toEqual([ticket, ticket]);
  });

  test('after the page has gone it waits for the next', async () => {
    const hostNews = createHostNews(createFakeTarget(async () => ok({})).target);
    const first = hostNews.forPage();
    const leave = first.onNews(() => {});
    await first.call('host.info', {});
    leave();
    hostNews.tell(ticket);
    const heard: News[] = [];
    const second = hostNews.forPage();
    second.onNews((news) => heard.push(news));
    await second.call('host.info', {});
    await vi.waitFor(() => expect(heard).toEqual([ticket]), { timeout: 20_000 });
  });
});
