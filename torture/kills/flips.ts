import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../../simulator/time/chance.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import type { Breach } from './ledger.ts';
import { type HeldCommand, readOutbox } from './read-outbox.ts';

export interface Flips {
  /** Copies damaged. */
  tried: number;
  /** Copies whose structure was found to be damaged, set aside and salvaged. */
  salvaged: number;
  /** Commands reported as unreadable, or counted as lost by the salvage: said, with what can be read of them. */
  reported: number;
  /** Copies in which the flip hit nothing that a command is made of. */
  harmless: number;
}
export const noFlips = (): Flips => ({ tried: 0, salvaged: 0, reported: 0, harmless: 0 });

/**
 * Flips bytes of a copy of an outbox that nobody has open, and opens it as the product does. Every command that was in it must be there with its
 * very content, or be reported: none altered, none gone without a word (threat 28).
 */
export function flipBytes(path: string, folder: string, chance: Chance, flips: Flips): Breach[] {
  const known = readOutbox(path, 0).commands;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, 'outbox.db');
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  const bytes = readFileSync(copy);
  for (let left = chance.between(1, 8); left > 0; left -= 1) {
    const at = chance.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
  }
  writeFileSync(copy, bytes);
  flips.tried += 1;

  try {
    return judge(copy, known, flips);
  } catch (error) {
    // Found to be damaged only by whoever uses it: too late.
    return [{ what: 'unreadable', detail: `opened, and then: ${String(error)}` }];
  }
}

function judge(copy: string, known: readonly HeldCommand[], flips: Flips): Breach[] {
  const opened = openOutboxFile(copy, 1);
  if (!opened.ok) return [{ what: 'lost', detail: `a flipped byte closes the outbox: ${opened.error.code}` }];
  opened.value.db.close();
  const { salvaged } = opened.value;
  const found = new Map(readOutbox(copy, 0).commands.map((command) => [command.id, command]));
  if (salvaged !== null) flips.salvaged += 1;
  const reported = [...found.values()].filter(({ text }) => text === null).length + (salvaged?.lost ?? 0);
  flips.reported += reported;
  if (salvaged === null && reported === 0) flips.harmless += 1;

  const altered = known.filter((command) => isAltered(command, found.get(command.id)));
  const gone = known.filter(({ id }) => !found.has(id)).length;
  const breaches: Breach[] = altered.map(({ text }) => ({ what: 'notOurs', detail: `altered by a flip: ${text}` }));
  if (gone > reported) breaches.push({ what: 'lost', detail: `${gone} gone after a flip, ${reported} reported` });
  return breaches;
}

const isAltered = (before: HeldCommand, after: HeldCommand | undefined): boolean =>
  after !== undefined && after.text !== null && after.hash !== before.hash;
