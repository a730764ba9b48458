import { v7 } from 'uuid';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import type { Command } from '../../src/domain/commands.ts';
import { defaultDeskSettings } from '../../src/domain/desk-settings.ts';
import { officialNumber, provisionalCode } from '../../src/domain/numbering.ts';
import { runCommand } from '../../src/domain/run-command.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { programActor } from '../../src/store/import/act-planner.ts';
import { planDirectory } from '../../src/store/import/plan-directory.ts';
import { createDice, type Dice } from '../../src/store/seed/trial/dice.ts';
import { createOrganisation } from '../../src/store/seed/trial/organisation.ts';
import { scenarios } from '../../src/store/seed/trial/scenarios.ts';

const DAY = 86_400_000;

/** `count` tickets of the trial's organisation with two notes each, as the store would send them; a third of them open. */
export function* generatedTickets(seed: number, count: number, until: number): Generator<readonly StoreRow[]> {
  const org = createOrganisation(createDice(seed));
  const dice = createDice(seed + 1);
  const directory = planDirectory({
    site: org.sites,
    service: org.services,
    team: org.teams,
    person: org.people,
    membership: org.memberships,
    asset: org.assets,
  });
  const firstLine = org.teams.filter((team) => team.tier === 1);
  const callers = org.people.filter((person) => !person.agent);

  for (let i = 0; i < count; i++) {
    const team = dice.pick(firstLine);
    const technician = dice.pick(org.memberships.filter((row) => row.teamId === team.id)).personId;
    const caller = dice.pick(callers);
    const scenario = dice.pick(scenarios);
    const service = org.services.find((row) => row.code === scenario.service);
    const registered = until - dice.int(0, 400) * DAY - dice.int(0, DAY);
    const commands: Command[] = [
      {
        type: 'register',
        payload: {
          provisionalCode: provisionalCode('G0', i),
          kind: scenario.kind,
          subKind: scenario.subKind,
          channel: 'phone',
          mode: 'remote',
          serviceId: service?.id ?? null,
          requester: { personId: caller.id },
          orgUnitId: caller.orgUnitId,
          siteId: caller.siteId ?? '',
          subject: scenario.subject,
          description: scenario.description,
          impact: dice.pick(['low', 'medium', 'high']),
          urgency: dice.pick(['low', 'medium', 'high']),
          assetId: null,
          teamId: team.id,
          initialTier: null,
        },
      },
      { type: 'claim', payload: {} },
      note(dice, scenario.notes, i),
      note(dice, scenario.notes, i),
      ...(dice.chance(67)
        ? ([{ type: 'resolve', payload: { solution: scenario.solution, duringCall: false } }] as const)
        : []),
    ];
    yield rowsOf(commands, technician, registered, officialNumber('GEN', 2026, i + 1));
  }

  function rowsOf(commands: readonly Command[], personId: string, at: number, number: string): StoreRow[] {
    const ticketId = v7();
    const rows: StoreRow[] = [];
    let ticket: Ticket | null = null;
    commands.forEach((command, index) => {
      const occurredAt = at + index * 60_000;
      const run = runCommand(ticket, ticketId, command, {
        commandId: v7(),
        actor: programActor(personId, personId),
        times: { occurredAt, deviceAt: occurredAt, recordedAt: occurredAt, timeQuality: 'good' },
        directory,
        settings: defaultDeskSettings,
        officialNumber: number,
        seenVersion: null,
        problemExists: () => false,
        otherTicket: () => null,
      });
      if (run.decision.kind === 'refused') throw new Error(`${command.type}: ${run.decision.refusal.code}`);
      ticket = run.ticket;
      for (const entry of run.entries) rows.push({ entity: 'entry', row: entry, doc: JSON.stringify(entry) });
    });
    if (ticket !== null) rows.unshift({ entity: 'ticket', row: ticket, doc: JSON.stringify(ticket) });
    return rows;
  }
}

const note = (dice: Dice, notes: readonly string[], i: number): Command => ({
  type: 'addNote',
  payload: {
    visibility: 'internal',
    text: `${notes.length === 0 ? 'Se verificó con el usuario' : dice.pick(notes)} (${i})`,
  },
});
