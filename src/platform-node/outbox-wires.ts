import type { WireCommand } from '../protocol/sync/command.ts';
import { type CommandRow, soundWire } from './outbox-row.ts';

/** Characters of rows whose commands are kept: those of some thousands of ordinary ones. */
const KEPT_CHARACTERS = 8_000_000;

/**
 * `soundWire`, once for each row as it lies in the file: what waits on a ticket is read again at every change of its base. Another text or
 * hash under the same id is read anew.
 */
export function createWireShelf(): (row: CommandRow) => WireCommand | null {
  const kept = new Map<string, { readonly text: string; readonly hash: string; readonly wire: WireCommand }>();
  let characters = 0;
  return (row) => {
    const before = kept.get(row.id);
    if (before !== undefined && before.text === row.wire && before.hash === row.hash) return before.wire;
    const wire = soundWire(row);
    if (before !== undefined) {
      kept.delete(row.id);
      characters -= before.text.length;
    }
    if (wire === null) return null;
    kept.set(row.id, { text: row.wire, hash: row.hash, wire });
    characters += row.wire.length;
    for (const [id, { text }] of kept) {
      if (characters <= KEPT_CHARACTERS) break;
      kept.delete(id);
      characters -= text.length;
    }
    return wire;
  };
}
