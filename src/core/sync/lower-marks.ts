import type { HelloResponse } from '../../protocol/sync/messages.ts';
import { readSetting, writeSetting } from '../settings.ts';
import type { SyncContext } from './sync-context.ts';

type Parts = Pick<SyncContext, 'outbox' | 'cache' | 'hub'> & { readonly deps: Pick<SyncContext['deps'], 'log'> };

/**
 * Once in each epoch, when its base is whole: marks of what was seen go down to what the restored store had of the ticket, or what
 * others write there from now on would have the numbers of what was seen before. Numbers that were given since the restore are
 * new too, whoever came first. Order: the marks, then the epoch; dying between the two lowers again, and tells rather than misses.
 */
export function lowerMarks({ outbox, cache, hub, deps }: Parts, hello: HelloResponse): void {
  const { epoch, fill } = cache.meta();
  if (epoch !== hello.epoch || fill !== null) return;
  const marked = readSetting(outbox, 'seenEpoch');
  if (marked === epoch) return;
  const since = marked === null ? null : hello.restoredAt;
  const lower = outbox.seenMarks().flatMap(({ ticketId, version }) => {
    const held = cache.base(ticketId)?.version ?? null;
    const first = since === null ? null : cache.firstSeqSince(ticketId, since);
    const known = held === null || first === null ? held : Math.min(held, first - 1);
    return known !== null && known >= version ? [] : [{ ticketId, version: known }];
  });
  const lowered = outbox.lowerSeen(lower);
  const kept = lowered.ok ? writeSetting(outbox, 'seenEpoch', epoch) : lowered;
  // The next contact finds it undone.
  if (!kept.ok) deps.log.write('error', 'marksNotLowered', { code: kept.error.code });
  if (!lowered.ok || lower.length === 0) return;
  hub.emit('queue');
  hub.emit('away');
}
