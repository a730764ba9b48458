import { heldRow } from '../../test/support/console/memory-cache.ts';
import { spoilRow } from '../../test/support/console/memory-outbox.ts';
import type { Machine } from '../console/machine.ts';
import type { Observers } from '../observe/observers.ts';

/** A flipped bit in a row of the outbox that waits to be sent: its text is no command any more. */
export function spoilOutbox({ ledger, shown }: Observers, machine: Machine, pick: number): void {
  const { outbox } = machine.disk;
  const waiting = [...outbox.open].filter((id) => outbox.rows.get(id)?.kind === 'command');
  const id = waiting[pick % Math.max(1, waiting.length)];
  const row = id === undefined ? undefined : outbox.rows.get(id);
  if (id === undefined || row?.kind !== 'command') return;
  ledger.spoilt(id);
  shown.excuse(machine, row.command.wire.ticketId);
  spoilRow(outbox, id, '{"wire":');
}

/** A row of the base that is not what the store sent: a bug of yesterday, or a damaged page. Its digest tells. */
export function spoilBase({ spoilt, everSpoilt }: Observers, machine: Machine, pick: number): void {
  const { cache } = machine.disk;
  const ids = [...cache.tickets.keys()].filter((id) => !cache.overlays.has(id));
  const id = ids[pick % Math.max(1, ids.length)];
  const row = id === undefined ? undefined : cache.tickets.get(id);
  if (id === undefined || row === undefined || cache.meta.cursor === null) return;
  const held = spoilt.get(machine) ?? new Set();
  spoilt.set(machine, held.add(id));
  everSpoilt.set(machine, (everSpoilt.get(machine) ?? new Set()).add(id));
  if (pick % 3 === 0) {
    cache.tickets.delete(id);
    for (const entry of cache.entries.get(id)?.values() ?? []) cache.commands.delete(entry.value.commandId);
    cache.entries.delete(id);
    return;
  }
  const value = { ...row.value, subject: 'otra cosa' };
  cache.tickets.set(id, heldRow(value, JSON.stringify(value), row.fill));
}
