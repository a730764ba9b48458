import { StandinEvent, StrictEmitter, strict } from './unimplemented.ts';

/**
 * One end of a message channel, wherever its owner is: in main, in a page, in a utility process. An end keeps what
 * arrives until it has an outlet, so that moving an end from one owner to another loses nothing and keeps the order.
 */
export class PortEnd {
  peer: PortEnd | undefined;
  closed = false;
  /** Told of a close while the end has no outlet. */
  onUnheardClose: () => void = () => {};
  #outlet: Outlet | undefined;
  #queue: Array<{ data: unknown; ends: PortEnd[] }> = [];

  /** Sends to the other end. */
  post(data: unknown, ends: PortEnd[]): void {
    this.peer?.arrive(data, ends);
  }

  arrive(data: unknown, ends: PortEnd[]): void {
    if (this.closed) return;
    if (this.#outlet === undefined) this.#queue.push({ data, ends });
    else this.#outlet.message(data, ends);
  }

  connect(outlet: Outlet): void {
    this.#outlet = outlet;
    for (const { data, ends } of this.#queue.splice(0)) outlet.message(data, ends);
    if (this.closed) outlet.close();
  }

  disconnect(): void {
    this.onUnheardClose = () => {};
    this.#outlet = undefined;
  }

  /** Closes both ends; the other one hears of it after what was already sent. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const other = this.peer;
    if (other !== undefined && !other.closed) {
      other.closed = true;
      queueMicrotask(() => {
        if (other.#outlet === undefined) other.onUnheardClose();
        else other.#outlet.close();
      });
    }
  }
}

export type Outlet = { message(data: unknown, ends: PortEnd[]): void; close(): void };

export function createPortPair(): [PortEnd, PortEnd] {
  const [one, two] = [new PortEnd(), new PortEnd()];
  one.peer = two;
  two.peer = one;
  return [one, two];
}

const endOf = new WeakMap<object, { end: PortEnd | undefined }>();

/** Electron's MessagePortMain over an end. */
export class MessagePortMain extends StrictEmitter {
  #held: { end: PortEnd | undefined };
  #started = false;

  constructor(end: PortEnd) {
    super('MessagePortMain', ['message', 'close']);
    this.#held = { end };
    endOf.set(this, this.#held);
    const self = strict('MessagePortMain', this);
    endOf.set(self, this.#held);
    // A channel that closes says so also to a port that was never started; what waits for it goes on waiting.
    end.onUnheardClose = () => this.emit('close');
    // biome-ignore lint/correctness/noConstructorReturn: the caller must get the port that reports what it lacks
    return self;
  }

  start(): void {
    const { end } = this.#held;
    if (this.#started || end === undefined) return;
    this.#started = true;
    end.connect({
      // Electron delivers in its own task, never inside postMessage.
      message: (data, ends) => {
        setImmediate(() => {
          const event = Object.assign(new StandinEvent(), {
            data,
            ports: ends.map((item) => new MessagePortMain(item)),
          });
          this.emit('message', event);
        });
      },
      close: () => setImmediate(() => this.emit('close')),
    });
  }

  postMessage(message: unknown, transfer: readonly object[] = []): void {
    this.#held.end?.post(structuredClone(message), takeEnds(transfer));
  }

  close(): void {
    const { end } = this.#held;
    if (end === undefined || end.closed) return;
    end.close();
    setImmediate(() => this.emit('close'));
  }
}

/** Takes ports out of main's hands, to give their ends to another owner. */
export function takeEnds(ports: readonly object[]): PortEnd[] {
  return ports.map((port) => {
    const held = endOf.get(port);
    if (held?.end === undefined) throw new TypeError('Port at index is already neutered or is no MessagePortMain');
    const { end } = held;
    held.end = undefined;
    end.disconnect();
    return end;
  });
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;
  constructor() {
    const [one, two] = createPortPair();
    this.port1 = new MessagePortMain(one);
    this.port2 = new MessagePortMain(two);
  }
}

/**
 * The ends that live on the far side of a wire (a page, a child process), by name. `send` and `closed` put a message on
 * that wire; what comes back is fed to `fromFar`.
 */
export class FarPorts {
  #ends = new Map<string, PortEnd>();
  #made = 0;
  #prefix: string;
  #send: (port: string, data: unknown, ports: string[]) => void;
  #sendClose: (port: string) => void;

  constructor(
    prefix: string,
    send: (port: string, data: unknown, ports: string[]) => void,
    sendClose: (port: string) => void,
  ) {
    this.#prefix = prefix;
    this.#send = send;
    this.#sendClose = sendClose;
  }

  /** Gives an end to the far side; the answer is the name to announce it by. */
  give(end: PortEnd): string {
    this.#made += 1;
    const name = `${this.#prefix}${this.#made}`;
    this.#attach(name, end);
    return name;
  }

  /** The far side gave one of its ports: its end stays there, the other end of it is ours. */
  adopt(name: string): PortEnd {
    const [far, near] = createPortPair();
    this.#attach(name, far);
    return near;
  }

  fromFar(name: string, data: unknown, ports: readonly string[]): void {
    this.#ends.get(name)?.post(
      data,
      ports.map((port) => this.adopt(port)),
    );
  }

  closedByFar(name: string): void {
    const end = this.#ends.get(name);
    this.#ends.delete(name);
    end?.close();
  }

  /** The far side is gone, with every port it held. */
  closeAll(): void {
    for (const name of [...this.#ends.keys()]) this.closedByFar(name);
  }

  #attach(name: string, end: PortEnd): void {
    this.#ends.set(name, end);
    // Announced first, filled after: the far side must know the name before a message for it comes.
    queueMicrotask(() =>
      end.connect({
        message: (data, ends) =>
          this.#send(
            name,
            data,
            ends.map((item) => this.give(item)),
          ),
        close: () => {
          this.#ends.delete(name);
          this.#sendClose(name);
        },
      }),
    );
  }
}
