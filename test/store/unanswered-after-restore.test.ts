import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../src/domain/ticket.ts';
import { type Outcome, outcomeSchema, type WireCommand } from '../../src/protocol/sync/command.ts';
import { createConsole, note, registerPayload, type TestConsole, ticketId } from '../contract/desk/console.ts';
import { memoryPorts } from '../contract/desk/memory-ports.ts';
import { createRig } from '../contract/desk/rig.ts';
import { DESK, EPOCH, id } from '../contract/desk/world.ts';

const RESTORED = id(0xe, 2);

/** A desk that was put back to before a ticket that Ana registered and Dora had on her screen. */
async function restoredDesk() {
  const ports = memoryPorts();
  const rig = await createRig(async () => ports);
  await rig.desks.openEpoch(DESK, { from: EPOCH, to: RESTORED, at: rig.clock.now });
  const ana = createConsole(rig, 'ana');
  const dora = createConsole(rig, 'dora');
  const push = async (console: TestConsole, ...commands: WireCommand[]): Promise<Outcome[]> => {
    const pushed = await console.pushRaw(commands, RESTORED);
    if (!pushed.ok) throw new Error(pushed.error.code);
    return pushed.value.results.map(({ outcome }) => outcomeSchema.parse(JSON.parse(outcome)));
  };
  const lost = ticketId(1);
  /** Ana's console comes back with the register that the desk had answered before. */
  const anaComesBack = async () => {
    const command = ana.command('register', lost, registerPayload());
    const outcome: Outcome = {
      commandId: command.id,
      ticketId: lost,
      verdict: { kind: 'applied' },
      ticketVersion: 1,
      number: null,
      recordedAt: rig.clock.now - 3_600_000,
    };
    return push(ana, { ...command, former: { epoch: EPOCH, outcome } });
  };
  const state = (ticket = lost): { ticket: Ticket | undefined; notes: string[] } => {
    const record = ports.desk.state().tickets.get(ticket);
    const notes = (record?.entries ?? []).flatMap(({ value: { event } }) =>
      event.type === 'noteAdded' ? [event.text] : [],
    );
    return { ticket: record?.doc.value, notes };
  };
  const entries = () => (ports.desk.state().tickets.get(lost)?.entries ?? []).map(({ value }) => value);
  return { rig, ana, dora, push, lost, anaComesBack, state, entries };
}

describe('what was written, and not yet answered, on a ticket that a restored desk has lost', () => {
  it('SY14 SY1 waits for the ticket as a replay does, and is carried out once with its register, in order', async () => {
    const { dora, push, lost, anaComesBack, state } = await restoredDesk();
    const written = [
      dora.command('addNote', lost, note('llamé a Rosa'), { seenVersion: 3 }),
      dora.command('claim', lost, {}, { seenVersion: 3 }),
      dora.command('addNote', lost, note('sigue igual'), { seenVersion: 3 }),
    ];
    const first = await push(dora, ...written);
    expect(first.map(({ verdict, ticketVersion }) => [verdict.kind, ticketVersion])).toEqual([
      ['parked', null],
      ['parked', null],
      ['parked', null],
    ]);
    await anaComesBack();
    expect(state().notes).toEqual(['llamé a Rosa', 'sigue igual']);
    expect(await push(dora, ...written)).toEqual(first);
    expect(state().notes).toEqual(['llamé a Rosa', 'sigue igual']);
  });

  it('SY14 C35 it is news of the moment at which it is carried out: nobody could see it before', async () => {
    const { rig, dora, push, lost, anaComesBack, entries } = await restoredDesk();
    const received = rig.clock.now;
    await push(dora, dora.command('addNote', lost, note('llamé a Rosa'), { seenVersion: 3 }));
    rig.clock.now += 3_600_000;
    await anaComesBack();
    expect(entries().map(({ recordedAt }) => recordedAt)).toEqual([rig.clock.now, rig.clock.now]);
    expect(entries()[1]?.occurredAt).toBeLessThanOrEqual(received);
  });

  it('SY14 a claim that no longer fits is parked on the ticket with its text', async () => {
    const { dora, push, lost, anaComesBack, state } = await restoredDesk();
    const [outcome] = await push(dora, dora.command('reopen', lost, { reason: 'Volvió a fallar' }, { seenVersion: 8 }));
    expect(outcome?.verdict.kind).toBe('parked');
    await anaComesBack();
    expect(JSON.stringify(state().ticket?.parked)).toContain('Volvió a fallar');
  });

  it('SY14 a part split off it is a ticket all the same, and takes what was written on it', async () => {
    const { dora, push, lost, state } = await restoredDesk();
    const { teamId: _team, initialTier: _tier, ...fields } = registerPayload();
    const part = ticketId(2);
    const outcomes = await push(
      dora,
      dora.command('split', part, { ...fields, fromTicketId: lost, quotes: [] }),
      dora.command('addNote', part, note('lo otro')),
    );
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(['applied', 'applied']);
    expect(state(part)).toMatchObject({ ticket: { splitFrom: lost }, notes: ['lo otro'] });
  });

  it('SY14 SY2 the register and a note of this kind at the same moment lose nothing', async () => {
    const { dora, push, lost, anaComesBack, state } = await restoredDesk();
    await Promise.all([
      push(dora, dora.command('addNote', lost, note('a la vez'), { seenVersion: 1 })),
      anaComesBack(),
    ]);
    expect(state().notes).toEqual(['a la vez']);
  });

  it('a ticket that nobody has seen, or a desk that was never restored, refuses as ever', async () => {
    const { dora, push, lost } = await restoredDesk();
    const [unseen] = await push(dora, dora.command('addNote', lost, note('x')));
    expect(unseen?.verdict).toMatchObject({ kind: 'refused', refusal: { code: 'ticketUnknown' } });
    const rig = await createRig(async () => memoryPorts());
    const beto = createConsole(rig, 'beto');
    const answer = await beto.push(beto.command('addNote', ticketId(9), note('x'), { seenVersion: 2 }));
    expect(answer.results[0]?.outcome).toContain('ticketUnknown');
  });
});
