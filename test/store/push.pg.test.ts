import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_VERSION } from '../../src/domain/commands.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import type { DeviceClient } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
});
afterAll(() => store.close());

const note = (text: string) => ({ visibility: 'internal' as const, text });
const entriesOf = async (ticketId: string) => {
  const { rows } = await store.db.pool.query<{ doc: string }>(
    'select doc from entries where ticket_id = $1 order by seq',
    [ticketId],
  );
  return rows.map(
    (row) =>
      JSON.parse(row.doc) as {
        seq: number;
        commandId: string;
        outOfScope: boolean;
        event: { type: string; text?: string };
      },
  );
};
const stripReplayed = (text: string): string =>
  text.replaceAll(/"replayed":(true|false),/g, '').replace(/,"serverTime".*$/, '');

describe('push', () => {
  beforeAll(async () => {
    ana = await store.signIn(desk.accounts.ana);
  });

  it('R11 registers a ticket, gives it its number, and a pull brings it', async () => {
    const ticketId = v7();
    const pushed = await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    const outcome = pushed.results[0]?.outcome;
    expect(outcome).toMatchObject({ verdict: { kind: 'applied' }, ticketVersion: 1 });
    expect(outcome?.number).toMatch(/^MDS-\d{4}-\d{6}$/);
    const lines = await ana.pull(0);
    expect(lines.find((line) => line.e === 'ticket' && line.row?.['id'] === ticketId)?.row?.['number']).toBe(
      outcome?.number,
    );
    expect(lines.at(-1)).toMatchObject({ t: 'end', cursor: pushed.head, more: false });
  });

  it('SY2 SY11 replays the first answer byte for byte, with no second effect', async () => {
    const ticketId = v7();
    const batch = [
      ana.command('register', ticketId, registerPayload(desk)),
      ana.command('addNote', ticketId, note('con ñ y 😀')),
    ];
    const first = await ana.pushRaw(batch);
    const again = await ana.pushRaw(batch);
    expect(again.text).toContain('"replayed":true');
    expect(first.text).toContain('"replayed":false');
    expect(stripReplayed(again.text)).toBe(stripReplayed(first.text));
    expect(await entriesOf(ticketId)).toHaveLength(2);
  });

  it('SY2 the same command a hundred times at once has one effect and one answer', async () => {
    const ticketId = v7();
    const command = ana.command('register', ticketId, registerPayload(desk));
    const answers = await Promise.all(Array.from({ length: 100 }, () => ana.pushRaw([command])));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(new Set(answers.map((answer) => stripReplayed(answer.text))).size).toBe(1);
    expect(answers.filter((answer) => answer.text.includes('"replayed":false'))).toHaveLength(1);
    expect(await entriesOf(ticketId)).toHaveLength(1);
  });

  it('SY3 effects are in the order of the commands of a console, over batches', async () => {
    const ticketId = v7();
    await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    const texts = Array.from({ length: 30 }, (_, index) => `nota ${index}`);
    const commands = texts.map((text) => ana.command('addNote', ticketId, note(text)));
    await ana.push(...commands.slice(0, 10));
    await ana.push(...commands.slice(10));
    expect((await entriesOf(ticketId)).slice(1).map((entry) => entry.event.text)).toEqual(texts);
  });

  it('SY12 another command at a place that is taken answers FORK; a new incarnation keeps the ids and loses nothing', async () => {
    const clone = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    const first = clone.command('register', ticketId, registerPayload(desk));
    const second = clone.command('addNote', ticketId, note('original'));
    await clone.push(first, second);
    const rival = { ...second, id: v7(), payload: note('de la copia') };
    const forked = await clone.pushRaw([rival]);
    expect(forked.status).toBe(409);
    expect(JSON.parse(forked.text)).toMatchObject({ error: { code: 'FORK', details: { lastN: 2 } } });
    expect(await entriesOf(ticketId)).toHaveLength(2);

    const again = await store.signIn(desk.accounts.ana);
    const moved = [
      again.command('register', ticketId, registerPayload(desk), { id: first.id }),
      again.command('addNote', ticketId, note('de la copia'), { id: rival.id }),
    ];
    const pushed = await again.push(...moved);
    expect(pushed.results.map((result) => result.replayed)).toEqual([true, false]);
    // The answer may be lost: sent once more, both replay.
    expect((await again.push(...moved)).results.map((result) => result.replayed)).toEqual([true, true]);
    expect((await entriesOf(ticketId)).map((entry) => entry.event.text)).toEqual([
      undefined,
      'original',
      'de la copia',
    ]);
  });

  it('SY12 a gap in the chain answers FORK with the place to go on from, and nothing of the batch is applied', async () => {
    const device = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    await device.push(device.command('register', ticketId, registerPayload(desk)));
    device.command('addNote', ticketId, note('perdida'));
    const late = device.command('addNote', ticketId, note('tardía'));
    expect(JSON.parse((await device.pushRaw([late])).text)).toMatchObject({
      error: { code: 'FORK', details: { lastN: 1 } },
    });
    expect(await entriesOf(ticketId)).toHaveLength(1);
  });

  it('SY16 a command newer than the store is held with all after it; what came before is applied', async () => {
    const device = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    const register = device.command('register', ticketId, registerPayload(desk));
    const newer = device.command('addNote', ticketId, note('del futuro'), { commandVersion: COMMAND_VERSION + 1 });
    const after = device.command('addNote', ticketId, note('después'));
    const pushed = await device.push(register, newer, after);
    expect(pushed.results).toHaveLength(1);
    expect(pushed.held).toEqual({ commandId: newer.id, code: 'storeTooOld' });
    expect(await entriesOf(ticketId)).toHaveLength(1);
  });

  it('SY9 a bad command is refused with its code, kept with its content, and the rest of the batch goes on', async () => {
    const device = await store.signIn(desk.accounts.ana);
    const ticketId = v7();
    const odd = device.command('addNote', ticketId, note('x'), { type: 'explode\u0000' as 'addNote' });
    const empty = device.command('addNote', ticketId, note('   '));
    const long = device.command('addNote', ticketId, note('ñ'.repeat(100_001)));
    const good = device.command('register', ticketId, registerPayload(desk));
    const pushed = await device.push(odd, empty, long, good);
    const codes = pushed.results.map(({ outcome: { verdict } }) =>
      verdict.kind === 'refused' ? verdict.refusal.code : verdict.kind,
    );
    expect(codes).toEqual(['invalid', 'noteEmpty', 'tooLong', 'applied']);
    const { rows } = await store.db.pool.query<{ envelope: string }>('select envelope from commands where id = $1', [
      odd.id,
    ]);
    expect(JSON.parse(rows[0]?.envelope ?? '')).toEqual(odd);
  });

  it('facts of an author out of scope are kept and flagged; claims on that ticket answer like a missing one', async () => {
    const beto = await store.signIn(desk.accounts.beto);
    const ticketId = v7();
    await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    const [fact, claim, missing] = (
      await beto.push(
        beto.command('addNote', ticketId, note('llamó por error a Cusco')),
        beto.command('claim', ticketId, {}),
        beto.command('claim', v7(), {}),
      )
    ).results.map((result) => result.outcome);
    expect(fact?.verdict.kind).not.toBe('refused');
    expect((await entriesOf(ticketId)).at(-1)).toMatchObject({ outOfScope: true, event: { type: 'noteAdded' } });
    expect(claim?.verdict).toEqual(missing?.verdict);
    expect([claim?.ticketVersion, missing?.ticketVersion]).toEqual([null, null]);
  });

  it('a register for a site that is not the author’s lands with the triage team', async () => {
    const beto = await store.signIn(desk.accounts.beto);
    const ticketId = v7();
    await beto.push(beto.command('register', ticketId, registerPayload(desk)));
    const { rows } = await store.db.pool.query<{ team_id: string }>('select team_id from tickets where id = $1', [
      ticketId,
    ]);
    expect(rows[0]?.team_id).toBe(desk.teams.limaDesk);
  });

  it('only a program with the right may act for another person', async () => {
    const program = await store.signIn(desk.accounts.program);
    const onBehalf = { personId: desk.accounts.beto.personId, occurredAt: 1_335_830_400_000 };
    const mine = ana.command('register', v7(), registerPayload(desk), { onBehalf });
    expect((await ana.push(mine)).results[0]?.outcome.verdict).toMatchObject({
      kind: 'refused',
      refusal: { code: 'forbidden' },
    });
    const ticketId = v7();
    const theirs = program.command('register', ticketId, registerPayload(desk), { onBehalf });
    expect((await program.push(theirs)).results[0]?.outcome).toMatchObject({
      verdict: { kind: 'applied' },
      number: 'MDS-2012-000001',
    });
    expect((await entriesOf(ticketId))[0]).toMatchObject({
      actorId: desk.accounts.beto.personId,
      submitterId: desk.accounts.program.personId,
      occurredAt: onBehalf.occurredAt,
    });
  });

  it('a device of another account may not be named', async () => {
    const beto = await store.signIn(desk.accounts.beto);
    const forged = beto.command('register', v7(), registerPayload(desk), { deviceId: ana.tokens.session.deviceId });
    expect((await beto.pushRaw([forged])).status).toBe(403);
  });

  it.each(['role', 'scope', 'actorId', 'audit', '__proto__x'])(
    'refuses the unknown field %s in the envelope',
    async (field) => {
      const command = { ...ana.command('register', v7(), registerPayload(desk)), [field]: 'administrator' };
      const answer = await ana.pushRaw([command]);
      expect(answer.status).toBe(400);
      ana = await store.signIn(desk.accounts.ana);
    },
  );

  it('SY2 SY3 pushes of several devices on the same tickets, in opposite orders, all go through', async () => {
    const devices = await Promise.all(Array.from({ length: 6 }, () => store.signIn(desk.accounts.ana)));
    const tickets = Array.from({ length: 5 }, () => v7());
    const first = devices[0];
    await first?.push(...tickets.map((id) => first.command('register', id, registerPayload(desk))));
    await Promise.all(
      devices.map(async (device, index) => {
        const order = index % 2 === 0 ? tickets : [...tickets].reverse();
        for (let round = 0; round < 4; round++) {
          await device.push(...order.map((id) => device.command('addNote', id, note(`${index} ${round}`))));
        }
      }),
    );
    for (const id of tickets) {
      const entries = await entriesOf(id);
      expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
      for (let device = 0; device < 6; device++) {
        const own = entries.flatMap((entry) => (entry.event.text?.startsWith(`${device} `) ? [entry.event.text] : []));
        expect(own).toEqual([0, 1, 2, 3].map((round) => `${device} ${round}`));
      }
    }
  });
});
