import type { CommandPayloads } from '../commands.ts';
import { type DecideContext, type Decision, isReplay } from '../decision.ts';
import type { DirectoryLookup, Team } from '../directory.ts';
import type { EventOf } from '../events.ts';
import { priorityOf } from '../priority.ts';
import type { Ticket } from '../ticket.ts';
import { type SubKind, subKindsByKind, type TicketKind } from '../vocabulary.ts';
import { applied, refused } from './support.ts';

/** Shortest description that can be called one (R10). Configuration, not the directive's. */
export const DESCRIPTION_MIN = 10;

export const subKindFits = (kind: TicketKind, subKind: SubKind | null): boolean =>
  subKind === null || (subKindsByKind[kind] as readonly SubKind[]).includes(subKind);

/** R10: what a kind must say, whatever the channel. Null: complete. */
export function missingFor(
  kind: TicketKind,
  serviceId: string | null,
  description: string,
): 'serviceRequired' | 'descriptionRequired' | null {
  if (kind === 'request') return serviceId === null ? 'serviceRequired' : null;
  return description.trim().length < DESCRIPTION_MIN ? 'descriptionRequired' : null;
}

/** R11, R14: every contact becomes a ticket of tier 1, whoever writes it and wherever. */
export function register(ticket: Ticket | null, p: CommandPayloads['register'], ctx: DecideContext): Decision {
  if (ticket !== null) return refused('ticketExists');
  const { actor } = ctx;
  const stop = incomplete(p, ctx);
  if (stop !== null) return stop;
  if (p.initialTier !== null && !actor.mayImport) return refused('importOnly');

  const team = entryTeam(p, ctx);
  if (team === null) return refused('teamUnknown');
  if (p.initialTier !== null && team.tier !== p.initialTier) return refused('teamUnknown');
  const importedAtTier = p.initialTier !== null && p.initialTier !== 1 ? { importedAtTier: p.initialTier } : {};
  return applied({ ...registered(p, team, ctx), ...importedAtTier });
}

export type NewTicket = Omit<CommandPayloads['register'], 'teamId' | 'initialTier'>;

/** Why a new ticket cannot stand as it is; null: it can. */
export function incomplete(p: NewTicket, ctx: DecideContext): Decision | null {
  // The restored directory may be older than the call: the names come back with it, the ticket comes back now.
  const unknown = isReplay(ctx) ? null : unknownName(p, ctx.directory);
  if (unknown !== null) return unknown;
  if (!subKindFits(p.kind, p.subKind)) return refused('subKindMismatch', { kind: p.kind });
  const missing = missingFor(p.kind, p.serviceId, p.description);
  return missing === null ? null : refused(missing);
}

export function registered(p: NewTicket, team: Team, ctx: DecideContext): EventOf<'registered'> {
  return {
    type: 'registered',
    number: ctx.officialNumber,
    provisionalCode: p.provisionalCode,
    kind: p.kind,
    subKind: p.subKind,
    channel: p.channel,
    mode: p.mode,
    serviceId: p.serviceId,
    requester: p.requester,
    orgUnitId: p.orgUnitId,
    siteId: p.siteId,
    subject: p.subject,
    description: p.description,
    impact: p.impact,
    urgency: p.urgency,
    priority: priorityOf(p, ctx.directory),
    assetId: p.assetId,
    teamId: team.id,
    tier: team.tier,
  };
}

function unknownName(p: NewTicket, directory: DirectoryLookup): Decision | null {
  if (directory.site(p.siteId) === null) return refused('siteUnknown', { site: p.siteId });
  if (p.serviceId !== null && directory.service(p.serviceId) === null) return refused('serviceUnknown');
  if (p.assetId !== null && directory.asset(p.assetId) === null) return refused('assetUnknown');
  if ('personId' in p.requester && directory.person(p.requester.personId) === null)
    return refused('personUnknown', { person: p.requester.personId });
  return null;
}

/**
 * The named team, else the author's own of tier 1, else triage. An author outside the site's scope registers into triage:
 * the ticket is never refused, and never lands where nobody looks.
 */
export function entryTeam(p: Pick<CommandPayloads['register'], 'siteId' | 'teamId'>, ctx: DecideContext): Team | null {
  const { actor, directory } = ctx;
  if (actor.mayImport && p.teamId !== null) return directory.team(p.teamId);
  const triage = directory.triageTeam();
  const siteIsMine = actor.grant.everything || actor.grant.siteIds.includes(p.siteId);
  const named = p.teamId === null ? null : directory.team(p.teamId);
  if (named?.active && named.tier === 1 && (siteIsMine || actor.teamIds.includes(named.id))) return named;
  if (!siteIsMine) return triage;
  const own = actor.teamIds.map((id) => directory.team(id)).find((team) => team?.active && team.tier === 1);
  return own ?? triage;
}
