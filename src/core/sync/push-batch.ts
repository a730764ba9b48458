import { utf8Bytes } from '../../domain/text.ts';
import type { OutboxCommand, OutboxRow, UnreadableRow } from '../ports/outbox.ts';
import { outgoing } from './chain.ts';

export type Batch =
  | { readonly kind: 'commands'; readonly commands: readonly OutboxCommand[] }
  /** The next row in line cannot be read: the chain has to be made anew around it. */
  | { readonly kind: 'unreadable'; readonly rows: readonly UnreadableRow[] }
  | { readonly kind: 'empty' };

/** The longest run of oldest rows that fits in `maxBytes` of wire text; always at least one, and never past an unreadable one. */
export function nextBatch(rows: readonly OutboxRow[], maxBytes: number): Batch {
  const unreadable = rows.filter((row) => row.kind === 'unreadable');
  if (unreadable.length > 0) return { kind: 'unreadable', rows: unreadable };
  const commands: OutboxCommand[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (row.kind === 'unreadable') break;
    bytes += utf8Bytes(JSON.stringify(outgoing(row))) + 1;
    if (commands.length > 0 && bytes > maxBytes) break;
    commands.push(row);
  }
  return commands.length === 0 ? { kind: 'empty' } : { kind: 'commands', commands };
}
