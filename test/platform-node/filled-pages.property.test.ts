import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CacheTx } from '../../src/core/ports/cache.ts';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import type { TicketEvent, TimelineEntry } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { openCacheFile } from '../../src/platform-node/cache-file.ts';
import { emptyMeta } from '../../src/platform-node/cache-meta.ts';
import { pageOf, readSnapshot } from '../../src/platform-node/store-client/snapshot.ts';
import type { SnapshotEntity } from '../../src/protocol/sync/messages.ts';
import { contentOf, docsOf, filledWith, pageText, readPage } from './filled.ts';
import {
  entry,
  entryRow,
  freshDir,
  membershipRow,
  note,
  personRow,
  siteRow,
  teamRow,
  ticket,
  ticketRow,
  uid,
} from './fixtures.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }).map((text) => text.replaceAll('\u0000', '').toWellFormed()),
  fc.constantFrom('Ñandú', 'ORA-12541 網絡', 'línea\n"dos"', '👩‍💻', ''),
);
const progress = {
  epoch: uid('e', 1),
  pin: 1,
  logHash: 'a'.repeat(64),
  seal: 'b'.repeat(64),
  scopeVersion: 's',
  after: 'key',
  total: 7,
};
const persons = fc.constantFrom(1, 2, 9);
const changes: fc.Arbitrary<(n: number) => Partial<Ticket>> = fc
  .record({
    number: fc.boolean(),
    subject: texts,
    unlisted: fc.option(texts),
    status: fc.constantFrom('new', 'assigned', 'pending', 'resolved', 'closed', 'cancelled' as const),
    tier: fc.constantFrom(1, 2, 3 as const),
    assignee: fc.option(persons),
    offered: fc.option(persons),
    level: fc.constantFrom('low', 'medium', 'high', 'critical' as const),
    senior: fc.boolean(),
    citizen: fc.boolean(),
    recorded: fc.boolean(),
    merged: fc.option(fc.nat(6)),
    split: fc.option(fc.nat(6)),
    problem: fc.option(fc.nat(20)),
    version: fc.integer({ min: 1, max: 4 }),
  })
  .map(
    (drawn) =>
      (n: number): Partial<Ticket> => ({
        subject: drawn.subject,
        status: drawn.status,
        tier: drawn.tier,
        version: drawn.version,
        assigneeId: drawn.assignee === null ? null : uid('b', drawn.assignee),
        priority: {
          level: drawn.level,
          reasons: [
            ...(drawn.senior ? [{ kind: 'seniorManagement' as const, personId: uid('b', 1) }] : []),
            ...(drawn.citizen ? [{ kind: 'citizenService' as const, by: 'site' as const, id: uid('7', 1) }] : []),
          ],
        },
        problemId: drawn.problem === null ? null : uid('a', drawn.problem),
        ...(drawn.number ? {} : { number: null }),
        ...(drawn.recorded ? {} : { recordedAt: null }),
        ...(drawn.merged === null ? {} : { mergedInto: uid('a', drawn.merged) }),
        ...(drawn.split === null ? {} : { splitFrom: uid('a', drawn.split) }),
        ...(drawn.unlisted === null
          ? {}
          : { requester: { unlisted: { name: drawn.unlisted.slice(0, 40), unit: '', site: '', extension: '' } } }),
        ...(drawn.offered === null ? {} : { handovers: [offered(n, drawn.offered)] }),
      }),
  );
const offered = (n: number, person: number): Ticket['handovers'][number] => ({
  state: 'offered',
  commandId: uid('c', n),
  fromTeamId: uid('8', 1),
  fromTier: 1,
  fromAssigneeId: null,
  toTeamId: uid('8', 2),
  toTier: 2,
  toPersonId: uid('b', person),
  sheet: { tried: '', found: '', pending: '', device: '' },
  by: uid('b', 1),
  at: 1,
});
const events: fc.Arbitrary<TicketEvent> = fc.oneof(
  texts.map(note),
  fc.constant<TicketEvent>({ type: 'claimed', assigneeId: uid('b', 1), fromStatus: 'new' }),
);
const histories = fc.array(fc.tuple(changes, fc.array(fc.tuple(events, persons, fc.boolean()), { maxLength: 4 })), {
  minLength: 1,
  maxLength: 8,
});

function pagesOf(drawn: readonly StoreRow[], size: number): StoreRow[][] {
  const pages: StoreRow[][] = [];
  for (let at = 0; at < drawn.length; at += size) pages.push(drawn.slice(at, at + size));
  return pages;
}
const directory = [
  siteRow(1, 'Lima'),
  teamRow(1, 'Mesa'),
  teamRow(2, 'Redes'),
  personRow(1, 'Rosa'),
  personRow(2, 'Íñigo'),
];

test('SY4 pages that were read, packed and written are the rows that are written one by one, full text and indexes too', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 5 }), async (drawn, size) => {
      const tickets = drawn.map(([change], at) => ticketRow(ticket(at + 1, change(at + 1))));
      const timeline = drawn.flatMap(([, list], at) =>
        list.map(([event, actor, recorded], seq) => {
          const more: Partial<TimelineEntry> = { actorId: uid('b', actor), ...(recorded ? {} : { recordedAt: null }) };
          return entryRow(entry(at + 1, seq + 1, event, more));
        }),
      );
      const pages = [
        ...directory.map((row) => ({ entity: row.entity, rows: [row] })),
        { entity: 'membership' as const, rows: [membershipRow(1, 1, 1)] },
        ...pagesOf(tickets, size).map((rows) => ({ entity: 'ticket' as const, rows })),
        ...pagesOf(timeline, size).map((rows) => ({ entity: 'entry' as const, rows })),
      ];
      const folder = freshDir();
      await filledWith(join(folder, 'packed.db'), pages, true);
      await filledWith(join(folder, 'plain.db'), pages, false);
      expect(contentOf(join(folder, 'packed.db'))).toEqual(contentOf(join(folder, 'plain.db')));
    }),
    { numRuns: 10 },
  );
});

test('a page is packed with the bytes that came, wherever they were cut, and says which tickets it touches', async () => {
  const rows = [1, 2, 3].map((n) => ticketRow(ticket(n, { subject: `señal 网络 ${n}` })));
  for (const cut of [1, 7, 5_000]) {
    const { rows: read } = pageOf(await readPage('ticket', rows, cut));
    expect(docsOf(read)).toEqual(rows.map(({ doc }) => doc));
    if (read.form !== 'packed') throw new Error('row by row');
    expect(read.touching(new Set([uid('a', 2), uid('a', 9), uid('8', 1)]))).toEqual([uid('a', 2)]);
  }
});

test('the end of a full page is left unread until the page before is kept', async () => {
  const rows = Array.from({ length: 64 }, (_, at) => ticketRow(ticket(at + 1)));
  const allowed = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let given = 0;
  const lines = pageText(rows).split(/(?<=\n)/u);
  const body = Readable.from(
    (function* () {
      for (const line of lines) {
        given += 1;
        yield Buffer.from(line);
      }
    })(),
    { highWaterMark: 1 },
  );
  const mayEnd = () => {
    asked.resolve();
    return allowed.promise;
  };
  const reading = readSnapshot(body, { entity: 'ticket', limit: 64 }, { mayEnd });
  await asked.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(given).toBeGreaterThanOrEqual(60);
  expect(given).toBeLessThan(64);
  allowed.resolve();
  expect(await reading).toMatchObject({ ok: true, value: { end: { rows: 64 } } });
  expect(given).toBe(lines.length);
});

test('SY5 what an act changes while the timeline comes in is in the full text of the filled cache, and nothing of what it was', async () => {
  const folder = freshDir();
  const opened = openCacheFile(join(folder, 'cache.db'));
  if (!opened.ok) throw new Error(opened.error.code);
  const { port } = opened.value;
  const write = (work: (tx: CacheTx) => void) => {
    const written = port.transaction(work);
    if (!written.ok) throw new Error(written.error.code);
  };
  const packed = async (entity: SnapshotEntity, rows: readonly StoreRow[]) => pageOf(await readPage(entity, rows)).rows;
  // A fill that is given up, and begun anew.
  for (const subject of ['abandonado', 'olvidado']) {
    const old = await packed('ticket', [ticketRow(ticket(1, { subject }))]);
    const said = await packed(
      'entry',
      [1, 2].map((n) => entryRow(entry(n, 1, note(subject)))),
    );
    write((tx) => {
      tx.beginFill();
      tx.fill(old);
      tx.fill(said);
    });
  }
  const all = [1, 2, 3].map((n) => ticket(n, { subject: `antes${n}` }));
  const fill = (done: number) => ({ ...progress, entity: 'entry' as const, done });
  const ticketPage = await packed('ticket', all.map(ticketRow));
  write((tx) => {
    tx.beginFill();
    tx.fill(ticketPage);
    tx.setMeta({ ...emptyMeta, fill: fill(3) });
  });
  const first = await packed(
    'entry',
    [1, 2].map((n) => entryRow(entry(n, 1, note(`nota${n}`)))),
  );
  write((tx) => {
    tx.fill(first);
    tx.setMeta({ ...emptyMeta, fill: fill(5) });
  });
  const doc = (n: number) => ({ ...ticket(n), subject: `despues${n}` });
  write((tx) => {
    for (const n of [1, 2])
      tx.setOverlay(uid('a', n), { ticket: doc(n), entries: [entry(n, 2, note(`propia${n}`))], doubts: [] });
  });
  const second = await packed(
    'entry',
    [2, 3].map((n) => entryRow(entry(n, 2, note(`otra${n}`)))),
  );
  write((tx) => {
    tx.fill(second);
    tx.setMeta({ ...emptyMeta, fill: fill(7) });
  });
  write((tx) => tx.endFill());
  opened.value.close();
  const { words } = contentOf(join(folder, 'cache.db'));
  const of = (n: number) =>
    words.filter(
      (word) => word.startsWith(uid('a', n)) && /(antes|despues|nota|propia|otra|abandonado|olvidado)/u.test(word),
    );
  expect(of(1).map((word) => word.slice(37))).toEqual(['notes nota1', 'notes propia1', 'subject despues1']);
  expect(of(2).map((word) => word.slice(37))).toEqual([
    'notes nota2',
    'notes otra2',
    'notes propia2',
    'subject despues2',
  ]);
  expect(of(3).map((word) => word.slice(37))).toEqual(['notes otra3', 'subject antes3']);
});
