import { traceOf } from '../../protocol/sync/trace.ts';
import { addNotice, dismissNotice, readNotices } from '../notices.ts';
import type { OutboxCommand } from '../ports/outbox.ts';
import type { SyncContext } from './sync-context.ts';

const noticeId = (commandId: string) => `large-${commandId}`;

/**
 * Something on the way to the store lets no request of this size through, with this one command in it. It keeps its place, since what
 * was written after it may rest on it (SY3), and it is not given up, since the store has not seen it: the person is told.
 */
export function tellTooLarge(context: SyncContext, { wire, label }: OutboxCommand): void {
  context.deps.log.write('warn', 'commandTooLargeForNetwork', { trace: traceOf(wire.id), type: wire.type });
  const id = noticeId(wire.id);
  if (readNotices(context.outbox).some((notice) => notice.id === id)) return;
  addNotice(context, { id, kind: 'actTooLarge', params: { type: wire.type, ...label } });
}

/** They were answered after all: nothing to tell any more. */
export function letThrough(context: SyncContext, commandIds: readonly string[]): void {
  for (const { id, kind } of readNotices(context.outbox)) {
    if (kind === 'actTooLarge' && commandIds.some((commandId) => id === noticeId(commandId)))
      dismissNotice(context, id);
  }
}
