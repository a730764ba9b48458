import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandPayloads, CommandType } from '../../../src/domain/commands.ts';
import type { Verdict } from '../../../src/domain/decision.ts';
import type { Outcome, WireCommand } from '../../../src/protocol/sync/command.ts';
import { listOrphans } from '../../../src/store/admin/orphans.ts';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { createDeskStore } from '../../../src/store/db/desk-store.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import type { DeviceClient } from '../../support/device-client.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

const OLD_EPOCH = v7();
const YEAR = new Date().getFullYear();
let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
let carla: DeviceClient;
let dora: DeviceClient;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  const desks = createDeskStore(store.db);
  const { epoch } = await desks.mark(desk.deskId);
  await desks.openEpoch(desk.deskId, { from: epoch, to: v7(), at: Date.now() });
  ana = await store.signIn(desk.accounts.ana);
  carla = await store.signIn(desk.accounts.carla);
  dora = await store.signIn(desk.accounts.dora);
});
afterAll(() => store.close());

/** A command as a console sends it again: with the answer that it had before the restore. */
function again<T extends CommandType>(
  device: DeviceClient,
  type: T,
  ticketId: string,
  payload: CommandPayloads[T],
  former: Partial<Outcome> = {},
): WireCommand {
  const command = device.command(type, ticketId, payload);
  const outcome: Outcome = {
    commandId: command.id,
    ticketId,
    verdict: { kind: 'applied' },
    ticketVersion: 9,
    number: null,
    recordedAt: Date.now() - 3_600_000,
    ...former,
  };
  return { ...command, former: { epoch: OLD_EPOCH, outcome } };
}
const note = (text: string) => ({ visibility: 'internal' as const, text });
const outcomesOf = async (device: DeviceClient, ...commands: WireCommand[]) =>
  (await device.push(...commands)).results.map(({ outcome }) => outcome);
const ticketOf = async (id: string) => {
  const { rows } = await store.db.pool.query<{ doc: string }>('select doc from tickets where id = $1', [id]);
  return rows[0] === undefined ? null : (JSON.parse(rows[0].doc) as Record<string, unknown> & { version: number });
};
const textsOf = async (ticketId: string) => {
  const { rows } = await store.db.pool.query<{ text: string }>(
    `select doc::json->'event'->>'text' as text from entries where ticket_id = $1 and type = 'noteAdded' order by seq`,
    [ticketId],
  );
  return rows.map(({ text }) => text);
};
const refused: Verdict = { kind: 'refused', refusal: { code: 'alreadyClaimed', params: { assignee: v7() } } };

describe('a command that was answered before the desk was restored', () => {
  it('SY14 refused, it is stored as refused once more with the same words, and has no effect', async () => {
    const ticketId = v7();
    await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    const [outcome] = await outcomesOf(ana, again(ana, 'claim', ticketId, {}, { verdict: refused }));
    expect(outcome).toMatchObject({ verdict: refused, ticketVersion: null });
    expect(await ticketOf(ticketId)).toMatchObject({ version: 1, assigneeId: null });
  });

  it('SY14 SY2 a register has its number back while that is free; the counter goes on beyond it', async () => {
    const [first, second, third, fourth] = [v7(), v7(), v7(), v7()];
    const number = `MDS-${YEAR}-000500`;
    const command = again(ana, 'register', first, registerPayload(desk), { number });
    expect((await outcomesOf(ana, command))[0]).toMatchObject({ verdict: { kind: 'applied' }, number });
    const answered = await ana.push(command);
    expect(answered.results[0]).toMatchObject({ replayed: true, outcome: { number } });
    const [taken] = await outcomesOf(ana, again(ana, 'register', second, registerPayload(desk), { number }));
    expect(taken?.number).toBe(`MDS-${YEAR}-000501`);
    // A lower one that the counter has passed is free all the same.
    const lower = `MDS-${YEAR}-000400`;
    const pair = [
      again(ana, 'register', third, registerPayload(desk), { number: lower }),
      again(ana, 'register', fourth, registerPayload(desk), { number: lower }),
    ];
    expect((await outcomesOf(ana, ...pair)).map((outcome) => outcome.number)).toEqual([lower, `MDS-${YEAR}-000502`]);
  });

  it.each([
    ['of another prefix', `XXX-${YEAR}-000900`],
    ['out of reach', `MDS-${YEAR}-900000`],
    ['of another year', `MDS-${YEAR + 1}-000900`],
    ['that is none', 'MDS-2026-1e3'],
  ])('SY14 a number %s is not given', async (_why, number) => {
    const [outcome] = await outcomesOf(ana, again(ana, 'register', v7(), registerPayload(desk), { number }));
    expect(outcome?.verdict.kind).toBe('applied');
    expect(outcome?.number).not.toBe(number);
    expect(outcome?.number).toMatch(new RegExp(`^MDS-${YEAR}-000\\d{3}$`));
  });

  it('SY14 a claim that fits no more is parked with both values', async () => {
    const ticketId = v7();
    await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    await dora.push(dora.command('assign', ticketId, { toPersonId: desk.accounts.ana.personId }));
    const colleague = await store.signIn(desk.accounts.dora);
    const [outcome] = await outcomesOf(
      colleague,
      again(colleague, 'reassign', ticketId, {
        fromPersonId: desk.accounts.beto.personId,
        toPersonId: null,
        reason: 'turno',
      }),
    );
    expect(outcome?.verdict).toMatchObject({
      kind: 'parked',
      conflicts: [
        { field: 'assigneeId', theirs: desk.accounts.ana.personId, mine: null },
        { field: 'reason', theirs: null, mine: 'turno' },
      ],
    });
    expect(await ticketOf(ticketId)).toMatchObject({ assigneeId: desk.accounts.ana.personId });
  });

  it('SY14 SY2 what others wrote on a ticket that is not back waits, and is carried out once with its register, in order of receipt', async () => {
    const ticketId = v7();
    const fromCarla = ['uno', 'dos'].map((text) => again(carla, 'addNote', ticketId, note(text)));
    const outcomes = await outcomesOf(carla, ...fromCarla);
    expect(outcomes.map(({ verdict, ticketVersion }) => [verdict.kind, ticketVersion])).toEqual([
      ['parked', null],
      ['parked', null],
    ]);
    const [fromDora] = await outcomesOf(dora, again(dora, 'addNote', ticketId, note('tres')));
    expect(fromDora?.verdict.kind).toBe('parked');
    expect(await ticketOf(ticketId)).toBeNull();

    const register = again(ana, 'register', ticketId, registerPayload(desk));
    const own = again(ana, 'addNote', ticketId, note('cuatro'));
    const [registered] = await outcomesOf(ana, register, own);
    expect(registered).toMatchObject({ verdict: { kind: 'applied' }, ticketVersion: 1 });
    expect(await textsOf(ticketId)).toEqual(['uno', 'dos', 'tres', 'cuatro']);
    // Whoever sends again has the first answer, and nothing happens twice.
    const repeated = await carla.push(...fromCarla);
    expect(repeated.results.map(({ replayed, outcome }) => [replayed, outcome])).toEqual(
      outcomes.map((outcome) => [true, outcome]),
    );
    await ana.push(register, own);
    expect(await textsOf(ticketId)).toEqual(['uno', 'dos', 'tres', 'cuatro']);
    expect(await verifyDesk(store.db, desk.deskId, 'prueba')).toMatchObject({ faults: [] });
  });

  it('SY14 a claim that came before its ticket is carried out too, by the right of its author', async () => {
    const ticketId = v7();
    await outcomesOf(dora, again(dora, 'assign', ticketId, { toPersonId: desk.accounts.ana.personId }));
    await outcomesOf(ana, again(ana, 'register', ticketId, registerPayload(desk)));
    expect(await ticketOf(ticketId)).toMatchObject({ assigneeId: desk.accounts.ana.personId, status: 'assigned' });
  });

  it('SY2 SY14 registers and what waits for them, at the same moment, lose nothing and double nothing', async () => {
    const tickets = Array.from({ length: 20 }, () => v7());
    const writers = await Promise.all([desk.accounts.carla, desk.accounts.dora].map((who) => store.signIn(who)));
    const registrar = await store.signIn(desk.accounts.ana);
    await Promise.all([
      (async () => {
        for (const id of tickets) await registrar.push(again(registrar, 'register', id, registerPayload(desk)));
      })(),
      ...writers.map(async (writer, index) => {
        const order = index === 0 ? tickets : [...tickets].reverse();
        for (const id of order) await writer.push(again(writer, 'addNote', id, note(`de ${index}`)));
      }),
    ]);
    for (const id of tickets) expect((await textsOf(id)).sort()).toEqual(['de 0', 'de 1']);
    const { rows } = await store.db.pool.query<{ n: number }>(
      'select count(*) as n from orphans where carried_at is null and ticket_id = any($1)',
      [tickets],
    );
    expect(rows[0]?.n).toBe(0);
  });

  it('SY14 it gives no right: a revoked device has its claim kept for a supervisor and nothing carried out', async () => {
    const ticketId = v7();
    await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    const gone = await store.signIn(desk.accounts.dora);
    await store.db.pool.query('update devices set revoked_at = 1 where id = $1', [gone.tokens.session.deviceId]);
    await gone.pushRaw([again(gone, 'assign', ticketId, { toPersonId: desk.accounts.ana.personId })]);
    expect(await ticketOf(ticketId)).toMatchObject({ assigneeId: null, status: 'new' });
  });

  it('SY14 what waits for ever can be read, and verify counts it and names what does not add up', async () => {
    const [lost, there] = [v7(), v7()];
    await outcomesOf(dora, again(dora, 'addNote', lost, note('nadie trae su ticket')));
    expect(await listOrphans(store.db)).toMatchObject([
      { ticketId: lost, type: 'addNote', author: 'dora', payload: { text: 'nadie trae su ticket' } },
    ]);
    const verify = () => verifyDesk(store.db, desk.deskId, 'prueba');
    expect(await verify()).toMatchObject({ waiting: 1, faults: [] });

    await ana.push(ana.command('register', there, registerPayload(desk)));
    const { pool } = store.db;
    await pool.query('update orphans set ticket_id = $2 where ticket_id = $1', [lost, there]);
    await pool.query(`update counters set last = 1 where kind = 'ticket'`);
    await pool.query('update incarnations set last_n = 0 where device_id = $1', [dora.tokens.session.deviceId]);
    await pool.query(`update desks set seal_key = 'x' where id = $1`, [desk.deskId]);
    const faults = (await verify()).faults.join('\n');
    for (const word of [
      'waits for a ticket that is there',
      'beyond its counter',
      'its chain ends',
      'the key of its seals',
    ])
      expect(faults).toContain(word);
  });

  it('SY14 a desk that never was restored takes no such word for it', async () => {
    const other = await createFixtureDesk(store.db, '-nunca');
    const beto = await store.signIn(other.accounts.ana);
    const number = `MDS-${YEAR}-000777`;
    const [registered, orphan, claim] = await outcomesOf(
      beto,
      again(beto, 'register', v7(), registerPayload(other), { number }),
      again(beto, 'claim', v7(), {}),
      again(beto, 'addNote', v7(), note('x')),
    );
    expect(registered?.number).toBe(`MDS-${YEAR}-000001`);
    for (const outcome of [orphan, claim])
      expect(outcome?.verdict).toMatchObject({ kind: 'refused', refusal: { code: 'ticketUnknown' } });
  });
});
