import type { Command } from '../../domain/commands.ts';
import { parseCommand } from '../../domain/parse-command.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';
import type { Result } from '../../shared/result.ts';

type Wire = Pick<WireCommand, 'type' | 'payload'>;
const known = new WeakMap<Wire, Result<Command, Refusal>>();

/** As `parseCommand`, once for each written command: none is ever changed in place, and each is folded again at every change of its base. */
export function parsedOf(wire: Wire): Result<Command, Refusal> {
  const before = known.get(wire);
  if (before !== undefined) return before;
  const parsed = parseCommand(wire.type, wire.payload);
  known.set(wire, parsed);
  return parsed;
}
