import { createHash } from 'node:crypto';
import type { ScopeGrant } from '../../domain/scope.ts';
import type { Role } from '../../domain/vocabulary.ts';
import type { Principal } from '../auth/principal.ts';
import type { StoreDeskSettings } from '../desk-settings.ts';

/** Everything of a session that decides what its person may hold and do, and what their console knows of it beforehand. */
export interface Rights {
  readonly role: Role;
  readonly grant: ScopeGrant;
  /** The teams that the person is in; a grant may cover more, or go on covering one that they left. */
  readonly teams: Principal['teams'];
  readonly settings: StoreDeskSettings;
}

/** Names rights by their content: equal ones have equal versions on every store process, with nothing to keep. */
export function scopeVersionOf({ role, grant, teams, settings }: Rights): string {
  const content = [
    role,
    grant.personId,
    grant.everything,
    [...grant.siteIds].sort(),
    [...grant.teamIds].sort(),
    teams.map(({ id, name, tier }) => [id, name, tier]).sort(),
    // Parsed by their schema, whose keys are in one order.
    settings,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
