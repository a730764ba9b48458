import { createHash } from 'node:crypto';
import type { ScopeGrant } from '../../domain/scope.ts';
import type { Role } from '../../domain/vocabulary.ts';

/** Names a scope by its content: equal grants have equal versions on every store process, with nothing to keep. */
export function scopeVersionOf(role: Role, grant: ScopeGrant, closedWindowDays: number | null): string {
  const content = [
    role,
    grant.personId,
    grant.everything,
    [...grant.siteIds].sort(),
    [...grant.teamIds].sort(),
    closedWindowDays,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
