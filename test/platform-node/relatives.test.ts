import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { cacheMigrations } from '../../src/platform-node/cache-migrations/index.ts';
import { migrate } from '../../src/platform-node/sqlite/migrate.ts';
import { entry, entryRow, note, ticket, ticketRow, uid } from './fixtures.ts';
import { profileWith } from './reading.ts';

const id = (n: number) => ticket(n).id;
const merged = (n: number, into: number, version = 1) =>
  ticket(n, {
    version,
    status: 'closed',
    mergedInto: id(into),
    beforeMerge: { status: 'new', pendingReason: null, pendingSince: null, pausedMs: 0 },
  });

describe('relatives of a ticket', () => {
  test('R27 both sides of a merge, of a split and of a problem list each other by query', () => {
    const profile = profileWith(
      [
        ticket(1),
        merged(2, 1),
        ticket(3, { splitFrom: id(1) }),
        ticket(4, { kind: 'problem', subKind: null }),
        ticket(5, { problemId: id(4) }),
      ].map(ticketRow),
    );
    const relations = (n: number) =>
      profile.ask('ticket.get', { ticketId: id(n) })?.relatives.map((r) => [r.relation, r.id]);
    expect(relations(1)).toEqual([
      ['duplicate', id(2)],
      ['splitOff', id(3)],
    ]);
    expect(relations(2)).toEqual([['mergedInto', id(1)]]);
    expect(relations(3)).toEqual([['splitFrom', id(1)]]);
    expect(relations(4)).toEqual([['caused', id(5)]]);
    expect(relations(5)).toEqual([['problem', id(4)]]);
    const shown = profile.ask('ticket.get', { ticketId: id(2) });
    expect(shown?.relatives[0]?.held).toEqual({
      code: ticket(1).number,
      subject: ticket(1).subject,
      status: 'new',
      splitUndone: false,
    });
    expect(shown?.names[id(1)]).toBe(ticket(1).number);
  });

  test('a merge that was undone leaves no relative; a pending merge is one at once', () => {
    const profile = profileWith([ticket(1), merged(2, 1)].map(ticketRow));
    profile.upsert(ticketRow(ticket(2, { version: 2, mergedInto: null, beforeMerge: null })));
    expect(profile.ask('ticket.get', { ticketId: id(1) })?.relatives).toEqual([]);
    profile.write((tx) => tx.setOverlay(id(2), { ticket: merged(2, 1), entries: [], doubts: [] }));
    expect(profile.ask('ticket.get', { ticketId: id(1) })?.relatives).toHaveLength(1);
    profile.write((tx) => tx.setOverlay(id(2), null));
    expect(profile.ask('ticket.get', { ticketId: id(1) })?.relatives).toEqual([]);
  });

  test('SY7 a ticket that left the cache is no relative there; what points to it says that it is not held', () => {
    const profile = profileWith([ticket(1), merged(2, 1)].map(ticketRow));
    profile.write((tx) => tx.removeTicket(id(1)));
    expect(profile.ask('ticket.get', { ticketId: id(2) })?.relatives).toEqual([
      { relation: 'mergedInto', id: id(1), held: null },
    ]);
    profile.write((tx) => tx.removeTicket(id(2)));
    profile.upsert(ticketRow(ticket(1)), entryRow(entry(1, 1, note('x'))));
    expect(profile.ask('ticket.get', { ticketId: id(1) })?.relatives).toEqual([]);
  });

  test('SY16 a cache from before is brought along with the problems that its tickets point to', () => {
    const db = new Database(':memory:');
    expect(migrate(db, cacheMigrations.slice(0, 1)).ok).toBe(true);
    db.prepare('insert into ids (ref, id) values (7, ?)').run(id(5));
    const old = ticket(5, { problemId: uid('a', 4) });
    db.prepare('insert into ticket_docs (ref, doc) values (7, ?)').run(JSON.stringify(old));
    expect(migrate(db, cacheMigrations).ok).toBe(true);
    const rows = db.prepare('select i.id from relatives r join ids i on i.ref = r.problem where r.ref = 7').all();
    expect(rows).toEqual([{ id: uid('a', 4) }]);
  });
});
