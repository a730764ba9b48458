import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createChance } from '../../simulator/time/chance.ts';
import { type Connection, joinConnection } from './connection.ts';
import { drawKind, drawRange } from './draw.ts';
import { type CutKind, type LinkCounts, type LinkFaults, noCounts } from './faults.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** A bad link between consoles and a store: TCP on loopback, what goes wrong drawn from a seed. Without faults it only passes on. */
export interface FaultProxy {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** What is wrong from now on, instead of what was: `set({})` heals. What was late arrives at once. */
  set(faults: LinkFaults): void;
  /** @param kind of the end; drawn for each connection if left out */
  cutAll(kind?: CutKind): void;
  /** Drops what is open and takes nothing new. */
  close(): Promise<void>;
  /** Goes on counting. */
  readonly counts: Readonly<LinkCounts>;
}

export interface FaultProxyOptions {
  /** Asked for each connection if it is a function: stores that come and go, or several behind one address. */
  readonly target: Target | (() => Target);
  /** What each connection meets follows from the seed and from which one it is, however the others were timed. */
  readonly seed: number;
  /** What is wrong from the start. */
  readonly faults?: LinkFaults;
}

export async function createFaultProxy({ target, seed, faults: first = {} }: FaultProxyOptions): Promise<FaultProxy> {
  const counts = noCounts();
  const ownChance = createChance(seed);
  const connections = new Set<Connection>();
  const sockets = new Set<Socket>();
  let faults = first;
  let nextCut: NodeJS.Timeout | undefined;
  let closed = false;

  function own(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  }
  function accept(near: Socket): void {
    own(near);
    counts.connections += 1;
    const chance = createChance(seed, counts.connections);
    if (closed || faults.outage === 'refused') {
      counts.refused += 1;
      near.resetAndDestroy();
      return;
    }
    if (faults.outage === 'silent') {
      counts.halfOpened += 1;
      counts.silenced += 1;
      near.resume();
      near.once('end', () => near.destroy());
      return;
    }
    const far = connect({ ...(typeof target === 'function' ? target() : target), allowHalfOpen: true });
    own(far);
    const connection = joinConnection({ near, far, chance, counts, faults: () => faults });
    connections.add(connection);
    let open = 2;
    for (const socket of [near, far]) {
      socket.once('close', () => {
        open -= 1;
        if (open === 0) connections.delete(connection);
      });
    }
  }
  const cutOpen = (kind?: CutKind): number =>
    [...connections].filter((connection) => connection.cut(kind ?? drawKind(ownChance))).length;
  function planCut(): void {
    clearTimeout(nextCut);
    const { cutEvery } = faults;
    if (cutEvery === undefined) return;
    nextCut = setTimeout(
      () => {
        counts.cutTimed += cutOpen(cutEvery.kind);
        planCut();
      },
      drawRange(ownChance, cutEvery.ms),
    );
  }
  function set(next: LinkFaults): void {
    faults = next;
    planCut();
    if (next.outage === 'refused') counts.cutByOutage += cutOpen('rst');
    for (const connection of [...connections]) {
      if (next.outage !== 'silent') connection.hurry();
      else if (connection.strand()) counts.silenced += 1;
    }
  }

  const server = createServer({ allowHalfOpen: true }, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  planCut();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    set,
    cutAll: (kind) => void cutOpen(kind),
    counts,
    async close() {
      closed = true;
      clearTimeout(nextCut);
      const ended = once(server, 'close');
      server.close();
      for (const connection of [...connections]) connection.drop();
      for (const socket of [...sockets]) socket.destroy();
      await ended;
    },
  };
}
