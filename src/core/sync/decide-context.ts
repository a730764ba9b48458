import { deriveTimes } from '../../domain/act-times.ts';
import type { DecideContext, Verdict } from '../../domain/decision.ts';
import type { DirectoryLookup } from '../../domain/directory.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { SessionInfo } from '../../protocol/sync/auth.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';

/** The person of a session as the rules see them. The store builds its own from the same session and decides by that. */
export const actorOf = (session: SessionInfo): Actor => ({
  personId: session.personId,
  submitterId: null,
  role: session.role,
  grant: session.grant,
  teamIds: session.teams.map((team) => team.id),
  mayImport: false,
  revoked: false,
});

export interface ContextSource {
  readonly session: SessionInfo;
  readonly directory: DirectoryLookup;
  readonly ticketKnown: (ticketId: string) => boolean;
  /** A ticket as shown here, own pending acts included; null when it is not held. */
  readonly otherTicket: (ticketId: string) => Ticket | null;
}

/**
 * The console's run of a command: nothing recorded yet, no official number. The same command always gets the same context.
 * `former`: what a store answered before it was restored.
 */
export const consoleContext = (
  wire: Pick<WireCommand, 'id' | 'time' | 'seenVersion'>,
  source: ContextSource,
  former: Verdict | null = null,
): DecideContext => ({
  commandId: wire.id,
  actor: actorOf(source.session),
  times: deriveTimes(wire.time, null, null),
  directory: source.directory,
  settings: source.session.settings,
  officialNumber: null,
  seenVersion: wire.seenVersion,
  problemExists: source.ticketKnown,
  otherTicket: source.otherTicket,
  former,
});
