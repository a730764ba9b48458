import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createCodec } from '../page/codec.ts';
import type { FromPreload, PreloadWorldConfig, ToPreload } from '../page/preload-world.ts';
import { mainWorldSource, preloadSource, preloadWorldSource } from '../page/sources.ts';
import type { CdpSession } from './cdp.ts';
import { FarPorts, takeEnds } from './ports.ts';
import { record } from './recorder.ts';
import { versions } from './versions.ts';

export type RendererEvents = {
  message(message: Exclude<FromPreload, { t: 'port' | 'port-close' | 'missing' }>): void;
};

/**
 * The way between main and the preload of one window. Out of the page through a binding that only the preload's world
 * has; into it by a call in that world. Messages keep their order in both directions.
 */
export class RendererLink {
  readonly codec = createCodec();
  readonly ports: FarPorts;
  #session: CdpSession;
  #config: PreloadWorldConfig;
  #world: string;
  #context: number | undefined;
  #outbox: ToPreload[] = [];
  #scheduled = false;
  #events: RendererEvents;

  constructor(session: CdpSession, argv: readonly string[], events: RendererEvents) {
    this.#session = session;
    this.#events = events;
    const secret = randomUUID();
    this.#world = `electron-preload-${secret}`;
    this.#config = {
      binding: `out-${secret}`,
      entrance: `in-${secret}`,
      toPage: `to-page-${secret}`,
      fromPage: `from-page-${secret}`,
      argv,
      versions: Object.fromEntries(Object.entries(versions).map(([name, value]) => [name, String(value)])),
      platform: process.platform,
      arch: process.arch,
    };
    this.ports = this.#createPorts();
  }

  #createPorts(): FarPorts {
    return new FarPorts(
      'h',
      (port, data, ports) => this.#post({ t: 'port', port, data: this.codec.encode(data), ports }),
      (port) => this.#post({ t: 'port-close', port }),
    );
  }

  /** Readies every document that the window will load. `preload` is the path of the built CommonJS file. */
  async install(preload: string | undefined): Promise<void> {
    const session = this.#session;
    session.on('Runtime.executionContextCreated', (params) => this.#contextCreated(params));
    session.on('Runtime.executionContextDestroyed', (params) => {
      if (params['executionContextId'] === this.#context) this.#contextGone();
    });
    session.on('Runtime.executionContextsCleared', () => this.#contextGone());
    session.on('Runtime.bindingCalled', (params) => {
      if (params['name'] !== this.#config.binding || params['executionContextId'] !== this.#context) return;
      this.#receive(JSON.parse(String(params['payload'])) as FromPreload);
    });
    const add = (source: string, worldName?: string): Promise<unknown> =>
      session.send(
        'Page.addScriptToEvaluateOnNewDocument',
        worldName === undefined ? { source } : { source, worldName },
      );
    const steps: Promise<unknown>[] = [
      session.send('Runtime.enable'),
      session.send('Runtime.addBinding', { name: this.#config.binding, executionContextName: this.#world }),
      add(mainWorldSource(this.#config)),
      add(preloadWorldSource(this.#config), this.#world),
    ];
    if (preload !== undefined) {
      const source = readFileSync(preload, 'utf8');
      if (/^\s*(import|export)\s/m.test(source))
        throw new Error(`a sandboxed preload cannot be an ES module: ${preload}`);
      steps.push(add(preloadSource(this.#config, source), this.#world));
    }
    await Promise.all(steps);
  }

  send(channel: string, args: readonly unknown[], transfer: readonly object[]): void {
    const text = this.codec.encode(args);
    const ports = takeEnds(transfer).map((end) => this.ports.give(end));
    if (this.#context === undefined) record('ipc-dropped', { channel, why: 'no document with a preload yet' });
    else this.#post({ t: 'event', channel, args: text, ports });
  }

  reply(id: number, ok: boolean, value: string): void {
    this.#post({ t: 'reply', id, ok, value });
  }

  #contextCreated(params: { readonly [key: string]: unknown }): void {
    const context = params['context'] as { id: number; name: string; auxData?: { frameId?: string } };
    if (context.name !== this.#world || context.auxData?.frameId !== this.mainFrameId) return;
    this.#contextGone();
    this.#context = context.id;
  }

  /** Set by the owner once it knows the frame tree. */
  mainFrameId: string | undefined;

  #contextGone(): void {
    this.#context = undefined;
    this.#outbox = [];
    this.ports.closeAll();
  }

  #receive(message: FromPreload): void {
    switch (message.t) {
      case 'port':
        this.ports.fromFar(message.port, this.codec.decode(message.data), message.ports);
        return;
      case 'port-close':
        this.ports.closedByFar(message.port);
        return;
      case 'missing':
        record('not-implemented', { api: message.api });
        return;
      default:
        this.#events.message(message);
        return;
    }
  }

  #post(message: ToPreload): void {
    this.#outbox.push(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const batch = this.#outbox.splice(0);
      if (this.#context === undefined || batch.length === 0) return;
      const call = {
        executionContextId: this.#context,
        functionDeclaration: `function (name, batch) { globalThis[name](batch); }`,
        arguments: [{ value: this.#config.entrance }, { value: JSON.stringify(batch) }],
        silent: true,
      };
      // A document that went away in the meantime has nobody to tell.
      this.#session.send('Runtime.callFunctionOn', call).catch(() => {});
    });
  }
}
