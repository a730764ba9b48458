import { troubleOf } from '../failures.ts';
import type { OutboxIdentity } from '../ports/outbox.ts';
import { rechain } from './chain.ts';
import type { SyncContext } from './sync-context.ts';

/**
 * Leaves the chain that the store does not follow (a clone, a restored disk, an unreadable row, another device id) and links every
 * command to be sent, owed ones too, into a fresh one: ids, content and order stay. False: the outbox could not be written.
 */
export function newIncarnation(
  { outbox, deps, trouble, hub }: Pick<SyncContext, 'outbox' | 'deps' | 'trouble' | 'hub'>,
  device: Partial<Pick<OutboxIdentity, 'deviceId' | 'devicePrefix'>> = {},
): boolean {
  const identity = outbox.identity();
  if (identity === null) return true;
  const rows = outbox.toSend(Number.MAX_SAFE_INTEGER);
  const wires = rows.flatMap((row) => (row.kind === 'command' ? [row.wire] : []));
  const unreadable = rows.flatMap((row) => (row.kind === 'unreadable' ? [row.commandId] : []));
  const chained = rechain({ ...identity, ...device }, deps.random.id(), wires, deps.hasher);
  const written = outbox.relink(chained.identity, chained.links, unreadable);
  if (!written.ok) trouble(troubleOf(written.error));
  hub.emit('outbox', { count: rows.length });
  return written.ok;
}
