import type { Notice } from '../protocol/console/rows.ts';
import { ok, type Result } from '../shared/result.ts';
import type { CoreDeps } from './deps.ts';
import type { NewsHub } from './news-hub.ts';
import type { OutboxPort } from './ports/outbox.ts';
import type { StorageFailure } from './ports/storage-failure.ts';
import { readSetting, writeSetting } from './settings.ts';

/** More than so many undismissed ones say nothing any more: the oldest goes. */
export const NOTICES_MAX = 20;

/** What a notice is written with. The sync context and the parts of an engine both have it. */
export interface NoticeParts {
  readonly deps: Pick<CoreDeps, 'clock' | 'random'>;
  readonly outbox: OutboxPort;
  readonly hub: NewsHub;
}
type Params = Notice['params'];

/** What two notices of one kind come to while the first stands undismissed: `apart`, both stay. Total over the kinds. */
const joined: Record<Notice['kind'], 'apart' | ((before: Params, after: Params) => Params)> = {
  scopeChanged: (_before, after) => after,
  storeRestored: 'apart',
  cacheRebuilt: (_before, after) => after,
  cacheRepaired: (before, after) => ({ ...after, rows: count(before['rows']) + count(after['rows']) }),
  outboxSalvaged: 'apart',
  actTooLarge: 'apart',
  attachmentHeld: 'apart',
  attachmentDamaged: 'apart',
};
const count = (value: string | number | undefined): number => (typeof value === 'number' ? value : 0);

/** Of a file that is held: what is told of it goes once it is on its way again. */
export const fileNoticeId = (attachmentId: string): string => `file-${attachmentId}`;

/** Newest first. */
export const readNotices = (outbox: OutboxPort): Notice[] => readSetting(outbox, 'notices') ?? [];

/**
 * Tells the person something that happened to this console, durably, until it is dismissed. `id`: names what it is about; one that
 * is there already gets the new params and keeps its place. A failure left nothing behind.
 */
export function addNotice(
  parts: NoticeParts,
  notice: { readonly kind: Notice['kind']; readonly params: Params; readonly id?: string },
): Result<null, StorageFailure> {
  const before = readNotices(parts.outbox);
  const join = joined[notice.kind];
  const same = before.find((held) =>
    notice.id === undefined ? join !== 'apart' && held.kind === notice.kind : held.id === notice.id,
  );
  const fresh: Notice = {
    id: notice.id ?? same?.id ?? parts.deps.random.id(),
    kind: notice.kind,
    at: parts.deps.clock.now(),
    params: same === undefined || join === 'apart' ? notice.params : join(same.params, notice.params),
  };
  const next =
    notice.id !== undefined && same !== undefined
      ? before.map((held) => (held === same ? { ...fresh, at: held.at } : held))
      : [fresh, ...before.filter((held) => held !== same)];
  return keep(parts, next.slice(0, NOTICES_MAX));
}

/** New params for a notice that still stands; one that was dismissed does not come back. */
export function updateNotice(parts: NoticeParts, id: string, params: Params): Result<null, StorageFailure> {
  const held = readNotices(parts.outbox).find((notice) => notice.id === id);
  return held === undefined ? ok(null) : addNotice(parts, { id, kind: held.kind, params });
}

/** Takes it off; one that is gone already is no failure. */
export function dismissNotice(parts: Pick<NoticeParts, 'outbox' | 'hub'>, id: string): Result<null, StorageFailure> {
  return keep(
    parts,
    readNotices(parts.outbox).filter((notice) => notice.id !== id),
  );
}

function keep({ outbox, hub }: Pick<NoticeParts, 'outbox' | 'hub'>, next: Notice[]): Result<null, StorageFailure> {
  const kept = writeSetting(outbox, 'notices', next.length === 0 ? null : next);
  if (kept.ok) hub.emit('connection');
  return kept;
}
