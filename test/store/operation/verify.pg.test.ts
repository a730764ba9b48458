import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revokeAccount } from '../../../src/store/admin/accounts.ts';
import { type DeskReport, verifyDesk } from '../../../src/store/admin/verify.ts';
import { runDoctor } from '../../../src/store/doctor/run-doctor.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
const [one, other, nowhere] = [v7(), v7(), v7()];
let ids: readonly string[];
const note = (ticketId: string, text = 'una nota') =>
  ana.command('addNote', ticketId, { visibility: 'internal', text });

/** Two tickets, each with a note; the second command to last is refused. */
beforeEach(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  ana = await store.signIn(desk.accounts.ana);
  const commands = [
    ana.command('register', one, registerPayload(desk)),
    note(one),
    ana.command('register', other, registerPayload(desk)),
    note(nowhere),
    note(other),
  ];
  ids = commands.map(({ id }) => id);
  await ana.push(...commands);
});
afterEach(() => store.close());

const report = (): Promise<DeskReport> => verifyDesk(store.db, desk.deskId, 'prueba');
/** What somebody does who has the database and means harm: past every trigger. */
const tamper = (table: string, text: string, ...params: unknown[]) =>
  store.db.pool
    .query(`alter table ${table} disable trigger all`)
    .then(() => store.db.pool.query(text, params))
    .then(({ rowCount }) => expect(rowCount).toBeGreaterThan(0));

describe('10.7 verify, of what was done past the store', () => {
  it('finds nothing on a desk that nobody touched', async () => {
    expect(await report()).toMatchObject({ faults: [], doubts: [], tickets: 2, commands: 5 });
  });

  it('tells a timeline that was deleted whole, and all else that it finds', async () => {
    await tamper('entries', 'delete from entries where ticket_id = $1', one);
    await tamper('tickets', 'update tickets set team_id = site_id where id = $1', other);
    const { faults } = await report();
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringContaining('does not follow'),
        `ticket ${one} is not what its timeline says`,
        `ticket ${one} has 0 entries at version 2`,
        `ticket ${other}: its columns differ from its document`,
        `command ${ids[0]} was applied, and nothing of it is on a timeline`,
      ]),
    );
  });

  it.each([
    ['no JSON', 'x', 'no JSON'],
    ['JSON of something else', '{}', 'something else'],
    ['null', 'null', 'null'],
  ])('tells documents and entries that are %s', async (_what, doc) => {
    await tamper('tickets', 'update tickets set doc = $2 where id = $1', one, doc);
    await tamper('entries', 'update entries set doc = $2 where ticket_id = $1', other, doc);
    const { faults } = await report();
    for (const words of [
      `ticket ${one} is not what its timeline says`,
      `ticket ${one}: its columns differ from its document`,
      `ticket ${other} is not what its timeline says`,
    ])
      expect(faults).toContain(words);
  });

  it('goes on where a question itself breaks on what was written', async () => {
    await tamper('desks', "update desks set settings = 'x'");
    await tamper('entries', "update entries set id = 'x' where ticket_id = $1", one);
    await tamper('entries', 'delete from entries where ticket_id = $1 and seq = 1', other);
    const { faults } = await report();
    expect(faults).toEqual(
      expect.arrayContaining([
        `ticket ${other} is not what its timeline says`,
        expect.stringContaining('could not be counted'),
        expect.stringContaining('an entry names command x'),
      ]),
    );
  });

  it.each([
    ['the words of an act', "envelope = replace(envelope, 'una nota', 'otra nota')", 'is not what its hash says'],
    ['its hash', `hash = '${'a'.repeat(64)}'`, 'is not what its hash says'],
    ['an envelope that is none', "envelope = '[]'", 'its envelope is no command'],
    ['a column', 'n = 77', 'its columns differ from its envelope'],
    ['an answer that is none', "outcome = 'x'", 'its outcome is no answer'],
    ['the mark of a refusal', 'refused = not refused', 'its columns differ from its outcome'],
  ])('tells a command of which somebody changed %s', async (_what, change, words) => {
    await tamper('commands', `update commands set ${change} where id = $1`, ids[1]);
    expect((await report()).faults).toContainEqual(expect.stringContaining(`command ${ids[1]}`));
    expect((await report()).faults).toContainEqual(expect.stringContaining(words));
  });

  it('tells an answer that says another thing than the timeline', async () => {
    const refusal = '{"kind":"refused","refusal":{"code":"ticketUnknown","params":{}}}';
    const change = 'update commands set outcome = replace(outcome, $2, $3), refused = not refused where id = $1';
    await tamper('commands', change, ids[1], '{"kind":"applied"}', refusal);
    await tamper('commands', change, ids[3], refusal, '{"kind":"applied"}');
    await tamper(
      'commands',
      `update commands set outcome = replace(outcome, '"ticketVersion":2', '"ticketVersion":1') where id = $1`,
      ids[4],
    );
    expect((await report()).faults).toEqual(
      expect.arrayContaining([
        `an entry names command ${ids[1]}, which is not there, is of another ticket or was refused`,
        `command ${ids[3]} was applied, and nothing of it is on a timeline`,
        `command ${ids[4]}: its answer names version 1, its timeline 2`,
      ]),
    );
  });

  it('tells a chain whose head is another, and a refused command that is gone from it', async () => {
    await tamper('incarnations', 'update incarnations set last_hash = $1', 'b'.repeat(64));
    expect((await report()).faults).toEqual([expect.stringContaining('the head of its chain is not its command 5')]);
    await tamper('commands', 'delete from commands where id = $1', ids[3]);
    const gone = await report();
    expect(gone.doubts).toEqual([expect.stringMatching(/1 places? of its chain, from 4 on/)]);
    // The same to the eyes of an operator.
    const findings = await runDoctor(store.db, { now: Date.now, quick: false, folder: null });
    expect(findings).toContainEqual(expect.objectContaining({ check: 'audit', level: 'warning' }));
  });

  it('finds nothing wrong with what a revoked device hands in, for a ticket that is not there too', async () => {
    await revokeAccount(store.db, desk.accounts.ana.user, Date.now());
    const { results } = await ana.push(note(nowhere), ana.command('register', v7(), registerPayload(desk)), note(one));
    expect(results.map(({ outcome }) => outcome.verdict.kind)).toContain('parked');
    expect(await report()).toMatchObject({ faults: [], doubts: [], commands: 8 });
  });

  it('SY12: has no doubt of places that a fork filled with what was there already', async () => {
    const before = [note(one), note(one)];
    await ana.push(...before);
    const second = await store.signIn(desk.accounts.ana);
    await second.push(
      ...before.map(({ id, ticketId, time, payload }) =>
        second.command('addNote', ticketId, payload as { visibility: 'internal'; text: string }, { id, time }),
      ),
      second.command('addNote', one, { visibility: 'internal', text: 'nueva' }),
    );
    expect(await report()).toMatchObject({ faults: [], doubts: [] });
  });
});
