import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/platform-node/hasher.ts';
import { CHAIN_START, commandHashInput, type WireCommand } from '../../../src/protocol/sync/command.ts';
import type { OutboxLine } from '../../../torture/console/files.ts';
import { compare } from '../../../torture/observe/compare.ts';
import { createLedger } from '../../../torture/observe/ledger.ts';
import type { Effect, StoredCommand, StoreFacts } from '../../../torture/observe/store-facts.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-compare-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let ledgers = 0;
const ledgerOf = (...told: string[]) => {
  ledgers += 1;
  const ledger = createLedger(join(folder, `ledger-${ledgers}`));
  ledger.told(0, told, 'test');
  return ledger;
};

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** A note as it travels. */
function note(text: string) {
  const wire: WireCommand = {
    id: uuid(1),
    deviceId: uuid(2),
    incarnation: uuid(3),
    n: 1,
    prevHash: CHAIN_START,
    commandVersion: 1,
    ticketId: uuid(4),
    time: { deviceAt: 1, bootId: 'b', monotonicMs: 1, lastOffset: null },
    seenVersion: null,
    onBehalf: null,
    type: 'addNote',
    payload: { visibility: 'internal', text },
  };
  return { envelope: JSON.stringify(wire), hash: sha256Hex(commandHashInput(wire)) };
}
const typedNote = (text: string) => ({ ticketId: uuid(4), type: 'addNote', payload: { visibility: 'internal', text } });
const docOf = (text: string) => JSON.stringify({ event: { type: 'noteAdded', visibility: 'internal', text } });

const OUTCOME = '{"verdict":{"kind":"applied"}}';
const REFUSED = '{"verdict":{"kind":"refused"}}';
interface At {
  readonly id: string;
  readonly place?: number;
  readonly ticketId?: string;
  readonly seq?: number;
  readonly content?: string;
  readonly refused?: boolean;
  readonly orphan?: boolean;
}
/** A store that has these, each with one effect at its place of the log. */
function storeOf(...rows: At[]): StoreFacts {
  const commands = new Map<string, StoredCommand>();
  const effects = new Map<string, Effect[]>();
  for (const { id, place = 1, ticketId = 't', seq = place, content = null, refused = false, orphan = false } of rows) {
    const outcome = refused ? REFUSED : OUTCOME;
    commands.set(id, { id, ticketId, type: 'addNote', refused, outcome, content, orphan, ...note('texto') });
    if (refused) continue;
    const effect = { id: `${id}/0`, commandId: id, ticketId, seq, type: 'noteAdded', doc: docOf('texto'), place };
    effects.set(id, [...(effects.get(id) ?? []), effect]);
  }
  return { head: 9, epoch: 'e', commands, effects, waiting: [] };
}
const line = (id: string, more: Partial<OutboxLine> = {}): OutboxLine => ({
  pos: 1,
  id,
  ticketId: 't',
  type: 'addNote',
  state: 'applied',
  readable: true,
  wire: note('texto').envelope,
  outcome: OUTCOME,
  ackEpoch: 'e',
  owed: false,
  ...more,
});
const noFiles = new Map<number, OutboxLine[]>();
const rulesOf = (...args: Parameters<typeof compare>) => compare(...args).breaches.map(({ rule }) => rule);

describe('what was shown as saved, held against the store', () => {
  it('SY1 SY2 SY3 finds nothing where everything is there once and in order', () => {
    const found = compare(ledgerOf('a', 'b'), storeOf({ id: 'a', place: 1 }, { id: 'b', place: 2 }), noFiles);
    expect(found).toMatchObject({ shown: 2, lost: 0, doubled: 0, outOfOrder: 0, excused: [], breaches: [] });
  });
  it('SY1 what the store does not have is lost, even while an outbox still holds it', () => {
    const files = new Map([[0, [line('b', { outcome: null, state: 'waiting' })]]]);
    expect(compare(ledgerOf('a', 'b'), storeOf({ id: 'a' }), files)).toMatchObject({ lost: 1 });
    expect(rulesOf(ledgerOf('a', 'b'), storeOf({ id: 'a' }), files)).toEqual(['SY1']);
  });
  it('SY1 excuses only what had a byte flipped, and only where no store has it', () => {
    const ledger = ledgerOf('a', 'b');
    for (const id of ['a', 'b']) ledger.spoilt({ id, ticketId: 't', type: 'addNote' }, 'flipped');
    expect(compare(ledger, storeOf({ id: 'a' }), noFiles)).toMatchObject({ lost: 0, excused: ['b'], breaches: [] });
  });
  it('SY14 what waits for a ticket is a breach, save where we spoilt the command that makes the ticket', () => {
    const store = { ...storeOf({ id: 'a', refused: false }), waiting: [{ commandId: 'a', ticketId: 't' }] };
    const ledger = ledgerOf('a');
    expect(rulesOf(ledger, store, noFiles)).toEqual(['SY14']);
    ledger.spoilt({ id: 'r', ticketId: 't', type: 'register' }, 'flipped');
    expect(rulesOf(ledger, store, noFiles)).toEqual([]);
  });
  it('SY12 a copy owes what was on the disk that it is a copy of', () => {
    const ledger = ledgerOf('a');
    ledger.copied(0, 8);
    ledger.told(8, ['b'], 'test');
    expect(rulesOf(ledger, storeOf({ id: 'b', place: 1 }, { id: 'a', place: 2 }), noFiles)).toEqual(['SY3']);
  });
  it('SY3 effects out of order of writing, over tickets and within one', () => {
    const ledger = () => ledgerOf('a', 'b');
    expect(rulesOf(ledger(), storeOf({ id: 'a', place: 5 }, { id: 'b', place: 4 }), noFiles)).toEqual(['SY3']);
    const sameBatch = storeOf({ id: 'a', place: 4, seq: 3 }, { id: 'b', place: 4, seq: 2 });
    expect(rulesOf(ledger(), sameBatch, noFiles)).toEqual(['SY3']);
    const orphan = storeOf({ id: 'a', place: 5, orphan: true }, { id: 'b', place: 4 });
    expect(rulesOf(ledger(), orphan, noFiles)).toEqual([]);
  });
  it('SY2 one command with two effects of a kind, and one text under two ids', () => {
    const twice = storeOf({ id: 'a' });
    const [effect] = twice.effects.get('a') ?? [];
    if (effect === undefined) throw new Error('no effect');
    const effects = new Map([['a', [effect, { ...effect, id: 'a/1', seq: 2 }]]]);
    expect(rulesOf(ledgerOf('a'), { ...twice, effects }, noFiles)).toEqual(['SY2']);
    const copies = () => storeOf({ id: 'a', place: 1, content: 'texto 7' }, { id: 'b', place: 2, content: 'texto 7' });
    expect(rulesOf(ledgerOf('a'), copies(), noFiles)).toEqual(['SY2']);
    const ledger = ledgerOf('a');
    ledger.mayRepeat('a');
    expect(rulesOf(ledger, copies(), noFiles)).toEqual([]);
  });
  it('SY9 SY11 a refused command that its author cannot see, and another answer than the stored one', () => {
    expect(rulesOf(ledgerOf('a'), storeOf({ id: 'a', refused: true }), noFiles)).toEqual(['SY9']);
    const other = new Map([[0, [line('a', { outcome: '{"verdict":{"kind":"merged"}}' })]]]);
    expect(rulesOf(ledgerOf('a'), storeOf({ id: 'a' }), other)).toEqual(['SY11']);
  });
  it('SY1 another text under the id that was shown as saved: typed, kept by the console, or hashed', () => {
    const ledger = (text: string) => {
      const made = ledgerOf();
      made.told(0, ['a'], 'test', [typedNote(text)]);
      return made;
    };
    expect(compare(ledger('texto'), storeOf({ id: 'a' }), noFiles)).toMatchObject({ altered: 0, breaches: [] });
    expect(compare(ledger('texto 7'), storeOf({ id: 'a' }), noFiles)).toMatchObject({ altered: 1 });
    expect(rulesOf(ledger('texto 7'), storeOf({ id: 'a' }), noFiles)).toEqual(['SY1']);
    const kept = new Map([[0, [line('a', { wire: note('texto 7').envelope })]]]);
    expect(rulesOf(ledger('texto'), storeOf({ id: 'a' }), kept)).toEqual(['SY1']);
    const { envelope } = note('texto');
    const elsewhere = JSON.stringify({ ...JSON.parse(envelope), incarnation: uuid(9), n: 7 });
    const rechained = new Map([[0, [line('a', { wire: elsewhere })]]]);
    expect(rulesOf(ledger('texto'), storeOf({ id: 'a' }), rechained)).toEqual([]);
    const store = storeOf({ id: 'a' });
    const stored = store.commands.get('a');
    if (stored === undefined) throw new Error('no command');
    const other = new Map([['a', { ...stored, hash: note('texto 7').hash }]]);
    expect(rulesOf(ledger('texto'), { ...store, commands: other }, noFiles)).toEqual(['SY1']);
  });
  it('SY2 an applied command without an entry, and one whose entry has another text', () => {
    const store = storeOf({ id: 'a' });
    expect(rulesOf(ledgerOf('a'), { ...store, effects: new Map() }, noFiles)).toEqual(['SY2']);
    const [effect] = store.effects.get('a') ?? [];
    if (effect === undefined) throw new Error('no effect');
    const effects = new Map([['a', [{ ...effect, doc: docOf('texto 7') }]]]);
    expect(rulesOf(ledgerOf('a'), { ...store, effects }, noFiles)).toEqual(['SY2']);
    // What was merged or parked may change nothing.
    expect(rulesOf(ledgerOf(), { ...storeOf({ id: 'a', refused: true }), effects: new Map() }, noFiles)).toEqual([]);
  });
  it('SY1 the ledger is on the disk before anything else happens', () => {
    const file = join(folder, 'kept');
    const ledger = createLedger(file);
    expect([ledger.told(3, ['a', 'b'], 'note'), ledger.told(3, ['b', 'c'], 'note'), ledger.count()]).toEqual([2, 1, 3]);
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as { ids: string[] });
    expect(lines.map(({ ids }) => ids)).toEqual([['a', 'b'], ['c']]);
  });
});
