import type { ConsoleClient } from '../../protocol/console/client.ts';
import { connectElectron } from './connect-electron.ts';
import { connectPortable } from './connect-portable.ts';

/**
 * The console of whichever host this page runs in. Rejects when the host does not answer at all; afterwards the client
 * never rejects: a lost host is the error `hostGone`.
 */
export function connect(): Promise<ConsoleClient> {
  return window.chasqui === undefined ? connectPortable(window.location) : connectElectron(window.chasqui);
}
