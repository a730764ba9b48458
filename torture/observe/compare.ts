import type { OutboxLine } from '../console/files.ts';
import type { Ledger } from './ledger.ts';
import type { Effect, StoreFacts } from './store-facts.ts';
import { differs, isSameAct, lacksEffect } from './typed.ts';

export interface Breach {
  readonly rule: string;
  readonly words: string;
}
export interface Comparison {
  readonly shown: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** There, and not what was typed: another content under its id, or applied without the effect that it should have. */
  readonly altered: number;
  /** Shown as saved, not at the store, and excused: their rows were flipped from outside. */
  readonly excused: readonly string[];
  readonly breaches: readonly Breach[];
}

/**
 * Holds all that was ever shown as saved against the store, once everything has healed: SY1, SY2, SY3, SY9, SY11, SY12, SY14.
 *
 * @param outboxes what lies in each console's file now
 */
export function compare(
  ledger: Ledger,
  store: StoreFacts,
  outboxes: ReadonlyMap<number, readonly OutboxLine[]>,
): Comparison {
  const breaches: Breach[] = [];
  const accuse = (rule: string, words: string) => void breaches.push({ rule, words });
  const lost = new Set<string>();
  const excused = new Set<string>();
  let outOfOrder = 0;
  let doubled = 0;
  let altered = 0;

  for (const { machine, ids } of ledger.streams()) {
    const lines = new Map((outboxes.get(machine) ?? []).map((line) => [line.id, line]));
    for (const id of ids) {
      const stored = store.commands.get(id);
      if (stored === undefined) {
        if (ledger.isSpoilt(id)) excused.add(id);
        else if (!lost.has(id)) {
          lost.add(id);
          const line = lines.get(id);
          const where = line === undefined ? 'nowhere' : `in its outbox as ${line.state}, readable: ${line.readable}`;
          accuse('SY1', `${id} was shown as saved by console ${machine}; the store does not have it; it is ${where}`);
        }
        continue;
      }
      const line = lines.get(id);
      if (stored.refused && line === undefined && !ledger.isSpoilt(id))
        accuse('SY9', `${id} was refused, and its author's console ${machine} does not hold it any more`);
    }
    for (const words of ordered(ids, store)) {
      outOfOrder += 1;
      accuse('SY3', `console ${machine}: ${words}`);
    }
  }

  for (const [id, stored] of store.commands) {
    for (const words of differs(stored, ledger.typed(id))) {
      altered += 1;
      accuse('SY1', `${id}: ${words}`);
    }
    for (const words of lacksEffect(stored, store.effects.get(id) ?? [])) {
      altered += 1;
      accuse('SY2', `${id}: ${words}`);
    }
  }
  for (const [commandId, effects] of store.effects) {
    for (const words of repeated(effects)) {
      doubled += 1;
      accuse('SY2', `${commandId}: ${words}`);
    }
  }
  for (const words of writtenTwice(ledger, store)) {
    doubled += 1;
    accuse('SY2', words);
  }
  for (const { commandId, ticketId } of store.waiting) {
    if (!ledger.isTicketSpoilt(ticketId))
      accuse('SY14', `${commandId} waits for ticket ${ticketId}, which no console has brought back`);
  }
  for (const [machine, lines] of outboxes) {
    for (const line of lines) {
      const stored = store.commands.get(line.id);
      if (stored === undefined || !line.readable) continue;
      if (!isSameAct(line.wire, stored.envelope)) {
        altered += 1;
        accuse('SY1', `${line.id}: console ${machine} holds ${line.wire}, the store ${stored.envelope}`);
      }
      if (line.outcome === null) continue;
      if (JSON.stringify(JSON.parse(line.outcome)) !== stored.outcome)
        accuse('SY11', `${line.id}: console ${machine} holds ${line.outcome}, the store ${stored.outcome}`);
    }
  }
  return { shown: ledger.count(), lost: lost.size, doubled, altered, outOfOrder, excused: [...excused], breaches };
}

/** SY2: what was written once took effect once, under whatever id. A person may have written again what had been refused. */
function* writtenTwice(ledger: Ledger, store: StoreFacts): Generator<string> {
  const ids = new Map<string, string[]>();
  const again = new Set<string>();
  for (const { id, type, content, refused } of store.commands.values()) {
    if (content === null) continue;
    const key = `${type} ${content}`;
    if (ledger.isRepeatable(id)) again.add(key);
    if (!refused) ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  for (const [key, same] of ids) {
    if (same.length > 1 && !again.has(key)) yield `${key} took effect ${same.length} times: ${same.join(' ')}`;
  }
}

/** SY3: effects of one console come in the order in which it wrote. Orphans waited for their ticket, whatever their place. */
function* ordered(ids: readonly string[], store: StoreFacts): Generator<string> {
  let before: Effect | null = null;
  for (const id of ids) {
    if (store.commands.get(id)?.orphan === true) continue;
    const [effect] = store.effects.get(id) ?? [];
    if (effect === undefined) continue;
    const sameTicket: boolean = before !== null && before.ticketId === effect.ticketId;
    const early: boolean =
      before !== null &&
      (effect.place < before.place || (sameTicket && effect.place === before.place && effect.seq < before.seq));
    if (before !== null && early)
      yield `${id} took effect at place ${effect.place} of the log, before ${before.commandId} at ${before.place}, which was written first`;
    if (before === null || effect.place >= before.place) before = effect;
  }
}

/** SY2: on one ticket a command writes each kind of entry once, whatever it is sent. */
function* repeated(effects: readonly Effect[]): Generator<string> {
  const seen = new Set<string>();
  for (const { ticketId, type, id } of effects) {
    const key = `${ticketId} ${type}`;
    if (seen.has(key) || seen.has(id)) yield `${type} stands twice on ticket ${ticketId}`;
    seen.add(key);
    seen.add(id);
  }
}
