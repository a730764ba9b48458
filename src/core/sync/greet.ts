import type { HelloResponse } from '../../protocol/sync/messages.ts';
import { PROTOCOL_VERSION, SCHEMA_VERSION } from '../../protocol/versions.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { sameJson } from '../../shared/same-json.ts';
import { addNotice } from '../notices.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { readSetting, type Setting, writeSetting } from '../settings.ts';
import { authorized } from './link.ts';
import { newIncarnation } from './new-incarnation.ts';
import { cursorClaim, marksOf } from './pull-plan.ts';
import { meetEpoch } from './replay.ts';
import type { Scope } from './signal.ts';
import type { SyncContext } from './sync-context.ts';

export type Greeting = Result<
  HelloResponse,
  | { readonly kind: 'store'; readonly failure: TokenFailure }
  /** What the contact needs could not be written: nothing may be sent before it can. */
  | { readonly kind: 'outbox'; readonly failure: StorageFailure }
>;

/**
 * Says hello and takes in what the answer changes here, before anything is pushed or pulled: the clock's offset, a chain that
 * the store has more of than this file, another epoch, other rights.
 */
export async function greet(scope: Scope, context: SyncContext): Promise<Greeting> {
  const { outbox, cache, keeper, deps, time, overlays } = context;
  const identity = outbox.identity();
  const request = {
    protocol: PROTOCOL_VERSION,
    schema: SCHEMA_VERSION,
    incarnation: identity?.incarnation ?? deps.random.id(),
    lastN: identity?.lastN ?? 0,
    ...cursorClaim(cache.meta()),
    marks: marksOf(cache.meta(), outbox.ackMarks()),
  };
  const requestedAt = deps.clock.monotonicMs();
  const answer = await authorized(keeper, (token) => deps.store.hello(token, request), scope);
  if (!answer.ok) return err({ kind: 'store', failure: answer.error });
  if (scope.closed) return err({ kind: 'store', failure: { kind: 'offline' } });
  const hello = answer.value;
  time.measure(hello.serverTime, requestedAt);
  const before = outbox.counts().owed;
  const met = meetEpoch(context, hello);
  if (!met.ok) return err({ kind: 'outbox', failure: met.error });
  if (identity !== null && hello.lastN > identity.lastN) {
    // The store has more of this chain than this file wrote: an older copy of it came back, or a twin is at work.
    deps.log.write('warn', 'outboxBehindStore', { mine: identity.lastN, theirs: hello.lastN });
    newIncarnation(context);
  }
  // Rights changed since the session was read: the local rules need the new ones before the first rebase.
  const changed = keeper.session()?.scopeVersion !== hello.scopeVersion;
  if (changed) await keeper.renew();
  tellScope(context);
  if (met.value.owed !== before) overlays.rebuildAll();
  return ok(hello);
}

/**
 * Told once for each change of the rights; the first ones known are no news. Nor is another version of the same ones: a team has another
 * name, the desk other settings, a newer store names rights in another way.
 */
function tellScope({ outbox, keeper, deps, hub }: SyncContext): void {
  const session = keeper.session();
  if (session === null) return;
  const told = readSetting(outbox, 'toldScope');
  if (told?.version === session.scopeVersion) return;
  const now: Setting<'toldScope'> = {
    version: session.scopeVersion,
    role: session.role,
    teams: session.teams.map(({ id, name }) => ({ id, name })),
    grant: session.grant,
  };
  if (told !== null && isAnotherRight(told, now)) {
    const kept = addNotice({ outbox, deps, hub }, { kind: 'scopeChanged', params: scopeParams(told, now) });
    if (!kept.ok) return;
  }
  writeSetting(outbox, 'toldScope', now);
}

function isAnotherRight(before: Setting<'toldScope'>, now: Setting<'toldScope'>): boolean {
  const named = ({ role, teams, grant }: Setting<'toldScope'>) => ({
    role,
    teams: teams.map(({ id }) => id).sort(),
    grant: before.grant === undefined ? null : grant,
  });
  return !sameJson(named(before), named(now));
}

/** Names of teams gained and lost, and the role where it is another; absent where nothing of the kind changed. */
function scopeParams(before: Setting<'toldScope'>, now: Setting<'toldScope'>): Record<string, string> {
  const missing = (from: Setting<'toldScope'>, of: Setting<'toldScope'>) =>
    of.teams.filter(({ id }) => !from.teams.some((team) => team.id === id)).map(({ name }) => name);
  const gained = missing(before, now).join(', ');
  const lost = missing(now, before).join(', ');
  return {
    ...(gained === '' ? {} : { teamsGained: gained }),
    ...(lost === '' ? {} : { teamsLost: lost }),
    ...(before.role === now.role ? {} : { roleBefore: before.role, role: now.role }),
  };
}
