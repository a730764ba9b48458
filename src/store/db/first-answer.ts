import type { Socket } from 'node:net';

/** Somebody takes the connection and says nothing: a server that was halted, a proxy in between with nobody behind it. */
class SilentServer extends Error {
  readonly code = 'ESILENT';
}
/** There is not even a connection: packets are swallowed on the way. */
class NoConnection extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * Ends a connection on which no byte has come so long after its making, with an error that has a code: the driver's own deadline has none, and
 * nothing is decided by its words.
 */
export function expectFirstAnswer<S extends Socket>(socket: S, withinMs: number): S {
  const timer = setTimeout(() => {
    if (socket.bytesRead > 0) return;
    socket.destroy(
      socket.connecting ? new NoConnection('no connection in time') : new SilentServer('nothing was said in time'),
    );
  }, withinMs);
  socket.once('close', () => clearTimeout(timer));
  return socket;
}
