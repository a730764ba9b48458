import type { Actor } from '../../domain/permissions.ts';
import type { Principal } from './principal.ts';

/** Whoever asks, as the rules of the domain see them. */
export const actorOf = (
  principal: Pick<Principal, 'personId' | 'role' | 'grant' | 'teams' | 'actOnBehalf' | 'revoked'>,
): Actor => ({
  personId: principal.personId,
  submitterId: null,
  role: principal.role,
  grant: principal.grant,
  teamIds: principal.teams.map((team) => team.id),
  mayImport: principal.actOnBehalf,
  revoked: principal.revoked,
});
