import { AUTHOR_SCOPE_DAYS, DAY_MS, inScope, type ScopeGrant, type ScopeKeys } from '../../domain/scope.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import type { Principal } from '../auth/principal.ts';
import type { StoreDeskSettings } from '../desk-settings.ts';

/** What a person may hold, and since when closed tickets count: everything that every read of tickets must be narrowed by. */
export interface TicketScope {
  readonly grant: ScopeGrant;
  readonly closedWindowDays: number | null;
  readonly now: Instant;
}

/** Values of the condition below, in its order: five of them, from `first` on. */
export const scopeParams = ({ grant, closedWindowDays, now }: TicketScope): unknown[] => [
  grant.siteIds,
  grant.teamIds,
  grant.personId,
  now - AUTHOR_SCOPE_DAYS * DAY_MS,
  closedWindowDays === null ? null : now - closedWindowDays * DAY_MS,
];
export const SCOPE_PARAM_COUNT = 5;

/**
 * The one place where scope becomes SQL; says what the domain's `inScope` says (a property test holds the two together).
 * `t` is the alias of the tickets table, `first` the number of the first of its parameters.
 */
export function scopeCondition(scope: TicketScope, t: string, first: number): string {
  const p = (offset: number) => `$${first + offset}`;
  const mine = `(${t}.site_id = any(${p(0)}::uuid[]) or ${t}.team_id = any(${p(1)}::uuid[]) or ${t}.assignee_id = ${p(2)}::uuid
    or (${t}.registered_by = ${p(2)}::uuid and ${t}.registered_at >= ${p(3)}::bigint))`;
  // The parameters stay named, so that every caller passes the same list whatever the grant.
  const everything = `(${p(0)}::uuid[] is not null and ${p(1)}::uuid[] is not null and ${p(2)}::uuid is not null and ${p(3)}::bigint is not null)`;
  return scope.grant.everything ? everything : mine;
}

/** True for tickets that are open, or closed at the store within the desk's window. */
export const windowCondition = (t: string, first: number): string =>
  `(${t}.closed_recorded_at is null or $${first + 4}::bigint is null or ${t}.closed_recorded_at >= $${first + 4}::bigint)`;

/** The same of a ticket that is at hand. */
export const isInWindow = (
  closedRecordedAt: Instant | null,
  { closedWindowDays, now }: Pick<TicketScope, 'closedWindowDays' | 'now'>,
): boolean =>
  closedRecordedAt === null || closedWindowDays === null || closedRecordedAt >= now - closedWindowDays * DAY_MS;

/**
 * Whether the console may have held a ticket with those keys at some time before: the author's 90 days are not counted,
 * for they may have ended since. Decides on removals, where one too many does no harm and tells nothing new.
 */
export const mayHaveHeld = (grant: ScopeGrant, keys: ScopeKeys): boolean => inScope(grant, keys, keys.registeredAt);

export const ticketScopeOf = (
  principal: Pick<Principal, 'grant'>,
  settings: Pick<StoreDeskSettings, 'closedWindowDays'>,
  now: Instant,
): TicketScope => ({ grant: principal.grant, closedWindowDays: settings.closedWindowDays, now });
