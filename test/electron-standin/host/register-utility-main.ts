import { registerHooks } from 'node:module';
import { createPortPair, FarPorts, MessagePortMain, type PortEnd } from './ports.ts';
import { StandinEvent, StrictEmitter, strict } from './unimplemented.ts';
import type { UtilityWire } from './utility-wire.ts';
import { versions } from './versions.ts';

// Loaded before the module of a utility process: gives it process.parentPort and its own, small `electron`.

const module = new URL('./electron-utility.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier.startsWith('electron/')
      ? { url: module, shortCircuit: true }
      : next(specifier, context),
});

const send = (message: UtilityWire): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};
const ports = new FarPorts(
  'c',
  (port, data, given) => send({ t: 'port', port, data, ports: given }),
  (port) => send({ t: 'port-close', port }),
);

/** Messages wait until somebody listens, as Electron's port is only started by its first listener. */
class ParentPort extends StrictEmitter {
  #inbox: PortEnd;
  #heard = false;
  constructor(inbox: PortEnd) {
    super('parentPort', ['message'], []);
    this.#inbox = inbox;
    this.prependListener('newListener', (event) => {
      if (event !== 'message' || this.#heard) return;
      this.#heard = true;
      setImmediate(() => this.#start());
    });
  }
  #start(): void {
    this.#inbox.connect({
      message: (data, ends) => {
        const event = Object.assign(new StandinEvent(), { data, ports: ends.map((end) => new MessagePortMain(end)) });
        this.emit('message', event);
      },
      close: () => {},
    });
  }
  postMessage(data: unknown): void {
    send({ t: 'message', data, ports: [] });
  }
}

const [mine, theirs] = createPortPair();
process.on('message', (raw) => {
  const message = raw as UtilityWire;
  if (message.t === 'message')
    theirs.post(
      message.data,
      message.ports.map((port) => ports.adopt(port)),
    );
  else if (message.t === 'port') ports.fromFar(message.port, message.data, message.ports);
  else ports.closedByFar(message.port);
});
process.on('disconnect', () => process.exit(0));

Object.defineProperty(process, 'parentPort', { value: strict('parentPort', new ParentPort(mine)) });
Object.defineProperty(process, 'type', { value: 'utility' });
Object.defineProperty(process, 'versions', { value: versions });
process.execArgv.length = 0;
