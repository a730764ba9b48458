import { deriveTimes } from '../../domain/act-times.ts';
import type { DecideContext, Verdict } from '../../domain/decision.ts';
import type { DirectoryLookup } from '../../domain/directory.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { SessionInfo } from '../../protocol/sync/auth.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';
import type { OutboxCommand } from '../ports/outbox.ts';

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
  /** A ticket with the person's own pending acts that come before the command; null when it is not held. */
  readonly otherTicket: (ticketId: string) => Ticket | null;
}

/** The store judges a command that is owed, or was, as a replay (SY14): so does what is shown until it answers. */
export const formerVerdict = ({
  replayFor,
  outcome,
  formerOutcome,
}: Pick<OutboxCommand, 'replayFor' | 'outcome' | 'formerOutcome'>): Verdict | null =>
  (replayFor === null ? formerOutcome : outcome)?.verdict ?? null;

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
  problemExists: (ticketId) => source.otherTicket(ticketId)?.kind === 'problem',
  otherTicket: source.otherTicket,
  former,
});
