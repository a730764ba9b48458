import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { guardPort, isOurPage } from '../../src/main/guard.ts';
import { CHANNEL_PORT } from '../../src/protocol/channels.ts';

const url = 'chasqui-app://console/';
const main = { url, isMainFrame: true };

describe('threat 22: who may ask for the console', () => {
  test.each([url, 'chasqui-app://console', 'chasqui-app://console/index.html', 'chasqui-app://console/?a#b'])(
    'our own page at %s',
    (at) => expect(isOurPage({ contentsId: 1, frame: { url: at, isMainFrame: true } }, 1)).toBe(true),
  );

  test.each([
    ['an iframe of ours', { contentsId: 1, frame: { url, isMainFrame: false } }],
    ['a frame that is gone', { contentsId: 1, frame: null }],
    ['another window', { contentsId: 2, frame: main }],
    ...[
      'about:blank',
      'about:srcdoc',
      '',
      'https://console/',
      'https://evil.com/',
      'file:///index.html',
      'data:text/html,x',
      'chasqui-app://console.evil/',
      'chasqui-app://console@evil/',
      'chasqui-app://console:80/',
      'chasqui-app://evil/chasqui-app://console/',
      'chasqui-app-x://console/',
      'xchasqui-app://console/',
      'CHASQUI-APP://CONSOLE/',
    ].map((at) => [at || 'no address', { contentsId: 1, frame: { url: at, isMainFrame: true } }] as const),
  ] as const)('not %s', (_name, sender) => {
    expect(isOurPage(sender, 1)).toBe(false);
  });

  test('no window, no answer', () => expect(isOurPage({ contentsId: 1, frame: main }, null)).toBe(false));
});

function rig() {
  const ipc = new EventEmitter();
  const contents = Object.assign(new EventEmitter(), { id: 7 });
  const handOver = vi.fn();
  const onRefused = vi.fn();
  // Electron's objects, as far as the guard looks at them.
  const guard = guardPort({ ipc: ipc as never, handOver, onRefused });
  guard.watch(contents as never);
  const ask = (frame: object | null = { url, parent: null }, sender: object = contents) =>
    ipc.emit(CHANNEL_PORT, { sender, senderFrame: frame });
  return { ipc, contents, handOver, onRefused, ask };
}

describe('the handover', () => {
  test('once for every load', () => {
    const { contents, handOver, onRefused, ask } = rig();
    ask();
    expect(handOver).not.toHaveBeenCalled(); // nothing of ours is loaded yet
    contents.emit('did-navigate');
    ask();
    ask();
    expect(handOver).toHaveBeenCalledTimes(1);
    expect(handOver).toHaveBeenCalledWith(contents);
    contents.emit('did-navigate');
    ask();
    expect(handOver).toHaveBeenCalledTimes(2);
    expect(onRefused).toHaveBeenCalledTimes(2);
  });

  test('a refused sender does not use up the load', () => {
    const { contents, handOver, ask } = rig();
    contents.emit('did-navigate');
    ask({ url: 'about:blank', parent: null });
    ask({ url, parent: {} });
    ask(null);
    ask({ url, parent: null }, Object.assign(new EventEmitter(), { id: 8 }));
    expect(handOver).not.toHaveBeenCalled();
    ask();
    expect(handOver).toHaveBeenCalledTimes(1);
  });

  test('listens on one channel, and on none after the window is gone', () => {
    const { ipc, contents, handOver, ask } = rig();
    expect(ipc.eventNames()).toEqual([CHANNEL_PORT]);
    contents.emit('did-navigate');
    contents.emit('destroyed');
    ask();
    expect(handOver).not.toHaveBeenCalled();
  });
});
