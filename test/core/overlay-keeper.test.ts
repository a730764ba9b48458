import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CacheMeta, CachePort, Overlay } from '../../src/core/ports/cache.ts';
import type { OutboxPort, RecordedOutcome } from '../../src/core/ports/outbox.ts';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import { type Answered, createOverlayKeeper, positionOf } from '../../src/core/sync/overlay-keeper.ts';
import { defaultDeskSettings } from '../../src/domain/desk-settings.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import { sha256Hex } from '../../src/platform-node/hasher.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import type { SessionInfo } from '../../src/protocol/sync/auth.ts';
import { commandHashInput, type WireCommand } from '../../src/protocol/sync/command.ts';
import { SCHEMA_VERSION } from '../../src/protocol/versions.ts';
import {
  freshDir,
  identity,
  noteAfter,
  personRow,
  siteRow,
  teamRow,
  ticket,
  ticketRow,
  uid,
} from '../platform-node/fixtures.ts';

const here = uid('e', 1);
const elsewhere = uid('e', 2);
const CURSOR = 5;
const me: SessionInfo = {
  deskId: uid('d', 1),
  deskName: 'Mesa',
  accountId: uid('b', 9),
  user: 'ana',
  personId: uid('b', 9),
  personName: 'Ana',
  role: 'supervisor',
  deviceId: identity.deviceId,
  devicePrefix: identity.devicePrefix,
  teams: [{ id: uid('8', 1), name: 'Mesa', tier: 1 }],
  siteId: null,
  siteName: null,
  grant: { personId: uid('b', 9), everything: true, siteIds: [], teamIds: [] },
  scopeVersion: 's',
  settings: defaultDeskSettings,
  offlineDays: 30,
  mustChangePassword: false,
};
const metaAt = (cursor: number): CacheMeta => ({
  epoch: here,
  cursor,
  logHash: '0'.repeat(64),
  seal: '1'.repeat(64),
  scopeVersion: 's',
  schema: SCHEMA_VERSION,
  fill: null,
  caughtUp: true,
});

/** Real files of a profile, and every overlay as it was last written into them. */
function opened(rows: readonly StoreRow[]) {
  const dir = freshDir();
  const [cacheFile, outboxFile] = [openCacheFile(join(dir, 'cache.db')), openOutboxFile(join(dir, 'outbox.db'), 0)];
  if (!cacheFile.ok || !outboxFile.ok) throw new Error('not opened');
  const real = cacheFile.value.port;
  const outbox = createOutbox(outboxFile.value.db);
  outbox.setIdentity(identity);
  const laid = new Map<string, Overlay>();
  const cache: CachePort = {
    ...real,
    transaction: (work) =>
      real.transaction((tx) =>
        work({
          ...tx,
          setOverlay(ticketId, overlay) {
            if (overlay === null) laid.delete(ticketId);
            else laid.set(ticketId, overlay);
            tx.setOverlay(ticketId, overlay);
          },
        }),
      ),
  };
  real.transaction((tx) => {
    tx.beginFill();
    tx.upsert([siteRow(1, 'Lima'), teamRow(1, 'Mesa', true), personRow(1, 'Rosa'), personRow(9, 'Ana'), ...rows]);
    tx.endFill();
    tx.setMeta(metaAt(CURSOR));
  });
  return { cache, outbox, laid, keeper: createOverlayKeeper(cache, outbox, () => me) };
}
type Opened = ReturnType<typeof opened>;

/** What a console that starts on these files lays over them. */
function madeAnew({ cache, outbox }: Opened): Map<string, Overlay> {
  const made = new Map<string, Overlay>();
  const keeper = createOverlayKeeper(
    {
      ...cache,
      transaction: (work) =>
        cache.transaction((tx) =>
          work({
            ...tx,
            setOverlay(ticketId, overlay) {
              if (overlay !== null) made.set(ticketId, overlay);
              tx.setOverlay(ticketId, overlay);
            },
          }),
        ),
    },
    outbox,
    () => me,
  );
  expect(keeper.rebuildAll()).toEqual({ ok: true, value: null });
  return made;
}

function write(outbox: OutboxPort, of: Pick<WireCommand, 'type' | 'payload' | 'ticketId'>): string {
  const input = noteAfter(outbox.identity() ?? identity, '', of.ticketId);
  const [command] = input.commands;
  if (command === undefined) throw new Error('no command');
  const wire = { ...command.wire, ...of };
  const hash = sha256Hex(commandHashInput(wire));
  const done = outbox.append({
    ...input,
    commands: [{ ...command, wire, hash }],
    identity: { ...input.identity, lastHash: hash },
  });
  if (!done.ok) throw new Error(done.error.code);
  return wire.id;
}
const note = (outbox: OutboxPort, ticketN: number, text = 'uno') =>
  write(outbox, { ticketId: uid('a', ticketN), type: 'addNote', payload: { visibility: 'internal', text } });

const verdicts = {
  applied: { kind: 'applied' },
  merged: { kind: 'merged', changes: [] },
  parked: { kind: 'parked', claim: 'x' },
  refused: { kind: 'refused', refusal: { code: 'noteEmpty', params: {} } },
} as const;

interface Said {
  readonly state?: keyof typeof verdicts;
  readonly ackEpoch?: string | null;
  readonly ackHead?: number | null;
  readonly ticketVersion?: number | null;
}
function outcomeOf(commandId: string, ticketId: string, said: Said): RecordedOutcome {
  const { state = 'applied', ackEpoch = here, ackHead = CURSOR + 4, ticketVersion = 2 } = said;
  const verdict = verdicts[state];
  const outcome = {
    commandId,
    ticketId,
    verdict: verdict as RecordedOutcome['outcome']['verdict'],
    ticketVersion,
    number: null,
    recordedAt: 5,
  };
  return { commandId, state, outcome, settledAt: 1_000, ackEpoch, ackHead };
}

interface AnswerCase {
  readonly what: string;
  readonly said?: Said;
  /** Version of the ticket in the base; 1 unless told. */
  readonly baseVersion?: number;
  /** Another act waits on the ticket, which the rules refuse. */
  readonly doubted?: true;
  /** A further note, which nobody has answered. */
  readonly more?: true;
  readonly unanswered?: true;
  readonly again?: true;
  /** The keeper has laid nothing over the ticket yet. */
  readonly unlaid?: true;
  /** Whether the overlay is made again. */
  readonly judged: boolean;
}

const answers: readonly AnswerCase[] = [
  { what: 'applied, ahead of the base', judged: false },
  { what: 'applied, ahead of the base, with more behind it', more: true, judged: false },
  { what: 'applied, by a place that the base has', said: { ackHead: CURSOR }, judged: true },
  { what: 'applied, in a version that the base has', baseVersion: 2, judged: true },
  { what: 'applied, with no version of its ticket', said: { ticketVersion: null }, judged: true },
  { what: 'applied in another epoch', said: { ackEpoch: elsewhere }, judged: true },
  { what: 'applied, at a place that nobody told', said: { ackEpoch: null, ackHead: null }, judged: true },
  { what: 'applied once more, after a restore', again: true, judged: true },
  { what: 'applied, beside a doubt', doubted: true, judged: true },
  { what: 'applied, before anything was laid over its ticket', unlaid: true, judged: true },
  { what: 'merged', said: { state: 'merged' }, judged: true },
  { what: 'parked', said: { state: 'parked' }, judged: true },
  { what: 'refused', said: { state: 'refused' }, judged: true },
  { what: 'refused, with more behind it', said: { state: 'refused' }, more: true, judged: true },
  { what: 'not answered', unanswered: true, judged: true },
];

describe('SY5 after an answer what is shown is base ⊕ pending', () => {
  test.each(answers)('$what: made again $judged', (of) => {
    const files = opened([ticketRow(ticket(1, { version: of.baseVersion ?? 1 }))]);
    const { cache, outbox, keeper, laid } = files;
    const id = note(outbox, 1);
    if (of.doubted) note(outbox, 1, '');
    if (of.more) note(outbox, 1, 'dos');
    if (!of.unlaid) keeper.refresh([uid('a', 1)]);
    expect(laid.get(uid('a', 1))?.doubts.length ?? 0).toBe(of.doubted ? 1 : 0);
    const outcome = of.unanswered ? null : outcomeOf(id, uid('a', 1), of.said ?? {});
    if (outcome !== null) outbox.recordOutcomes([outcome], null);
    const [revision, before] = [cache.revision(), laid.get(uid('a', 1))];
    const answered: Answered = { ticketId: uid('a', 1), outcome, again: of.again ?? false };
    const done = keeper.answered([answered]);
    expect(cache.revision() > revision).toBe(of.judged);
    const changed = JSON.stringify(before) !== JSON.stringify(laid.get(uid('a', 1)));
    expect(done).toEqual({ ok: true, value: changed ? [uid('a', 1)] : [] });
    const shown = cache.shown(uid('a', 1));
    const kept = new Map(laid);
    expect(kept).toEqual(madeAnew(files));
    expect(cache.shown(uid('a', 1))).toEqual(shown);
  });

  test('of many answers only those tickets are made again whose overlay they may change', () => {
    const files = opened([1, 2, 3].map((n) => ticketRow(ticket(n))));
    const { outbox, keeper, laid } = files;
    const sent = [1, 2, 3].map((n) => ({ ticketId: uid('a', n), id: note(outbox, n) }));
    keeper.refresh(sent.map(({ ticketId }) => ticketId));
    const outcomes = sent.map(({ id, ticketId }, at) =>
      outcomeOf(id, ticketId, at === 1 ? { state: 'refused', ackHead: CURSOR } : {}),
    );
    outbox.recordOutcomes(outcomes, null);
    const done = keeper.answered(
      outcomes.map((outcome, at) => ({ ticketId: uid('a', at + 1), outcome, again: false })),
    );
    expect(done).toEqual({ ok: true, value: [uid('a', 2)] });
    expect([...laid.keys()]).toEqual([uid('a', 1), uid('a', 3)]);
    expect(new Map(laid)).toEqual(madeAnew(files));
  });
});

/** Tickets, by what waits on them when the cursor goes from 5 to 8. */
const of = {
  waiting: 1,
  /** A note on a ticket that this console does not hold. */
  unheld: 2,
  settled: 3,
  ahead: 4,
  longSettled: 5,
  nothing: 6,
  lookedAt: 7,
  looks: 8,
  unread: 9,
} as const;
type Kind = keyof typeof of;
const UP_TO = 8;

function pendingDesk(): Opened {
  const held = Object.values(of).filter((n) => n !== of.unheld && n !== of.unread);
  // Of another version of the app: a row whose content is not a ticket of this one.
  const foreign: StoreRow = { ...ticketRow(ticket(of.unread)), doc: JSON.stringify({ id: uid('a', of.unread) }) };
  const files = opened([...held.map((n) => ticketRow(ticket(n))), foreign]);
  const { outbox, keeper } = files;
  const answered = (n: number, ackHead: number) =>
    outbox.recordOutcomes([outcomeOf(note(outbox, n), uid('a', n), { ackHead })], null);
  answered(of.longSettled, CURSOR);
  note(outbox, of.waiting);
  note(outbox, of.unheld);
  note(outbox, of.unread);
  answered(of.settled, UP_TO - 1);
  answered(of.ahead, UP_TO + 4);
  write(outbox, { ticketId: uid('a', of.looks), type: 'merge', payload: { intoTicketId: uid('a', of.lookedAt) } });
  expect(keeper.rebuildAll()).toEqual({ ok: true, value: null });
  return files;
}

const always: readonly Kind[] = ['settled', 'unread'];
const dueTable: readonly { readonly touched: readonly Kind[]; readonly due: readonly Kind[] }[] = [
  { touched: [], due: [] },
  { touched: ['waiting'], due: ['waiting'] },
  { touched: ['unheld'], due: ['unheld'] },
  { touched: ['settled'], due: [] },
  { touched: ['ahead'], due: ['ahead'] },
  { touched: ['longSettled'], due: [] },
  { touched: ['nothing'], due: [] },
  { touched: ['lookedAt'], due: ['lookedAt'] },
  { touched: ['looks'], due: ['looks'] },
  { touched: ['unread'], due: [] },
  { touched: ['waiting', 'nothing', 'lookedAt'], due: ['waiting', 'lookedAt'] },
];

describe('SY5 what a base that only went on may change', () => {
  test.each(dueTable)('rows of $touched: also $due', ({ touched, due }) => {
    const { keeper } = pendingDesk();
    const named = keeper.dueAfter(
      CURSOR,
      { epoch: here, cursor: UP_TO },
      new Set(touched.map((kind) => uid('a', of[kind]))),
    );
    const expected = [...new Set([...always, ...due])].map((kind) => uid('a', of[kind]));
    expect([...named].sort()).toEqual(expected.sort());
  });

  test('another epoch, or no place at all, settles nothing', () => {
    const { keeper } = pendingDesk();
    const unread = uid('a', of.unread);
    expect([...keeper.dueAfter(CURSOR, { epoch: elsewhere, cursor: UP_TO }, new Set())]).toEqual([unread]);
    expect([...keeper.dueAfter(CURSOR, null, new Set())]).toEqual([unread]);
  });

  test('a fill asks for everything that waits, or that those look at', () => {
    const { keeper } = pendingDesk();
    const kinds: Kind[] = ['waiting', 'unheld', 'ahead', 'lookedAt', 'looks', 'unread', 'settled'];
    expect([...keeper.due({ epoch: here, cursor: CURSOR })].sort()).toEqual(
      kinds.map((kind) => uid('a', of[kind])).sort(),
    );
  });

  test.each(dueTable)(
    'made again are those of $touched and no others, and all is as a start makes it',
    ({ touched }) => {
      const files = pendingDesk();
      const { cache, keeper, laid } = files;
      const ticketIds = new Set(touched.filter((kind) => kind !== 'unread').map((kind) => uid('a', of[kind])));
      const changed = cache.transaction((tx) => {
        const rows = [...ticketIds].map((id) =>
          ticketRow(ticket(Number.parseInt(id.slice(-4), 16), { id, version: 2, subject: 'Otro asunto' })),
        );
        tx.upsert(rows);
        tx.setMeta(metaAt(UP_TO));
        const position = positionOf(metaAt(UP_TO));
        return keeper.rebase(tx, keeper.dueAfter(CURSOR, position, ticketIds), position, true);
      });
      if (!changed.ok) throw new Error(changed.error.code);
      expect(changed.value).toContain(uid('a', of.settled));
      const kept = new Map(laid);
      expect(kept).toEqual(madeAnew(files));
    },
  );
});
