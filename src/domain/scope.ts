import { z } from 'zod';
import type { Ticket } from './ticket.ts';
import { type Instant, idSchema, instantSchema } from './vocabulary.ts';

/** Sites and teams whose tickets a person may hold. `everything` is for administrators, auditors and desk-wide supervisors. */
export const scopeGrantSchema = z.object({
  personId: idSchema,
  everything: z.boolean(),
  siteIds: z.array(idSchema),
  teamIds: z.array(idSchema),
});
export type ScopeGrant = z.infer<typeof scopeGrantSchema>;

/** The columns of a ticket that its scope hangs on; the change log keeps them before and after. */
export const scopeKeysSchema = z.object({
  siteId: idSchema,
  teamId: idSchema,
  assigneeId: idSchema.nullable(),
  registeredBy: idSchema,
  registeredAt: instantSchema,
});
export type ScopeKeys = z.infer<typeof scopeKeysSchema>;

export const AUTHOR_SCOPE_DAYS = 90;
export const DAY_MS = 86_400_000;

export const scopeKeysOf = (ticket: Ticket): ScopeKeys => ({
  siteId: ticket.siteId,
  teamId: ticket.teamId,
  assigneeId: ticket.assigneeId,
  registeredBy: ticket.registeredBy,
  registeredAt: ticket.clocks.registeredAt,
});

/**
 * In scope: my site, my team, mine, or registered by me in the last 90 days before `now`. `now` is the store's time; null in a console,
 * whose own clock proves nothing (SY15): there what is held is what the store let the person hold.
 */
export function inScope(grant: ScopeGrant, keys: ScopeKeys, now: Instant | null): boolean {
  return (
    grant.everything ||
    grant.siteIds.includes(keys.siteId) ||
    grant.teamIds.includes(keys.teamId) ||
    keys.assigneeId === grant.personId ||
    (keys.registeredBy === grant.personId && (now === null || now - keys.registeredAt <= AUTHOR_SCOPE_DAYS * DAY_MS))
  );
}
