import type { Notice } from '../../protocol/console/rows.ts';
import type { HelloResponse } from '../../protocol/sync/messages.ts';
import { ok, type Result } from '../../shared/result.ts';
import { addNotice, updateNotice } from '../notices.ts';
import type { StorageFailure } from '../ports/storage-failure.ts';
import { readSetting, writeSetting } from '../settings.ts';
import type { SyncContext } from './sync-context.ts';

type Parts = Pick<SyncContext, 'outbox' | 'deps' | 'hub'>;
const noticeId = (epoch: string) => `restored-${epoch}`;
const paramsOf = ({ outbox }: Parts, epoch: string) => {
  const { owed, replayed, changed, renumbered } = outbox.replays(epoch);
  return { owed: owed + replayed, replayed, changed, renumbered };
};

/**
 * Before anything is pushed in an epoch: whatever was answered in another one is owed to it (SY14), and the person is told once
 * that the store went back. Order: what is owed, the notice, the epoch as told; dying between any two repeats, and doubles nothing.
 * `owed`: how many are owed now. After a failure nothing may be pushed.
 */
export function meetEpoch(
  parts: Parts,
  { epoch, restoredAt }: Pick<HelloResponse, 'epoch' | 'restoredAt'>,
): Result<{ readonly owed: number }, StorageFailure> {
  const { outbox } = parts;
  const told = readSetting(outbox, 'toldEpoch');
  const owed = outbox.oweReplay(epoch);
  if (!owed.ok || told === epoch) return owed;
  if (told !== null || owed.value.owed > 0) {
    const at: Notice['params'] = restoredAt === null ? {} : { restoredAt };
    const kept = addNotice(parts, {
      id: noticeId(epoch),
      kind: 'storeRestored',
      params: { ...paramsOf(parts, epoch), ...at },
    });
    if (!kept.ok) return kept;
  }
  const kept = writeSetting(outbox, 'toldEpoch', epoch);
  return kept.ok ? ok(owed.value) : kept;
}

/** The notice follows the replay, batch by batch. A write that fails is made up for by the next one. */
export function tellReplayed(parts: Parts, epoch: string): void {
  const id = noticeId(epoch);
  const before = readSetting(parts.outbox, 'notices')?.find((notice) => notice.id === id);
  if (before !== undefined) updateNotice(parts, id, { ...before.params, ...paramsOf(parts, epoch) });
}
