import { deriveTimes } from '../../domain/act-times.ts';
import type { Command } from '../../domain/commands.ts';
import { defaultDeskSettings } from '../../domain/desk-settings.ts';
import type { DirectoryLookup } from '../../domain/directory.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { runCommand } from '../../domain/run-command.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { PlannedCommand } from './planned-command.ts';

/** A person of the source, written for by a program. */
export const programActor = (personId: string, submitterId: string): Actor => ({
  personId,
  submitterId,
  role: 'service',
  grant: { personId, everything: true, siteIds: [], teamIds: [] },
  teamIds: [],
  mayImport: true,
  revoked: false,
});

export interface ActPlanner {
  /** The ticket as the acts planned so far leave it; null before its registration. */
  ticket(): Ticket | null;
  readonly planned: readonly PlannedCommand[];
  /** Adds an act; a refusal adds nothing and is returned. */
  act(personId: string, at: number, command: Command): Refusal | null;
}

/** Plans the acts of one ticket with the domain itself running along, so that what is planned is what the store will accept. */
export function createActPlanner(deps: {
  readonly ticketId: string;
  readonly directory: DirectoryLookup;
  readonly programPersonId: string;
  readonly commandId: (index: number) => string;
}): ActPlanner {
  const planned: PlannedCommand[] = [];
  let ticket: Ticket | null = null;
  return {
    ticket: () => ticket,
    planned,
    act(personId, at, command) {
      const id = deps.commandId(planned.length);
      const run = runCommand(ticket, deps.ticketId, command, {
        commandId: id,
        actor: programActor(personId, deps.programPersonId),
        times: deriveTimes({ deviceAt: at, lastOffset: null }, null, at),
        directory: deps.directory,
        settings: defaultDeskSettings,
        officialNumber: null,
        seenVersion: null,
        problemExists: () => false,
        otherTicket: () => null,
      });
      if (run.decision.kind === 'refused') return run.decision.refusal;
      ticket = run.ticket;
      planned.push({ id, ticketId: deps.ticketId, personId, at, command });
      return null;
    },
  };
}
