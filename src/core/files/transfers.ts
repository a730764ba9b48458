import type { CoreDeps } from '../deps.ts';
import type { NewsHub } from '../news-hub.ts';
import type { CancelTimer } from '../ports/timers.ts';

/** Between two pieces of news about progress. */
const NEWS_EVERY_MS = 250;

/** How far files on their way are, in memory only, and the news of it: four times a second at most. */
export interface Transfers {
  /** The file that is being sent now. */
  sending(attachmentId: string): { readonly sent: number } | null;
  setSending(of: { readonly attachmentId: string; readonly ticketId: string; readonly sent: number } | null): void;
  /** Attempts to send this file in a row that brought nothing. */
  failures(attachmentId: string): number;
  /** `why`: the desk has no room for it. */
  failed(of: { readonly attachmentId: string; readonly ticketId: string }, why?: 'deskFull'): void;
  /** The last attempt to send this file, or (no id) any, found no room at the desk. */
  deskFull(attachmentId?: string): boolean;
  /** It is sent no more: the store has it, or will not. */
  settled(of: { readonly attachmentId: string; readonly ticketId: string }): void;
  /** Something about the files of this ticket changed; null: of any, or of a draft. */
  changed(ticketId: string | null): void;
  stop(): void;
}

export function createTransfers({ timers }: Pick<CoreDeps, 'timers'>, hub: NewsHub): Transfers {
  let current: { readonly attachmentId: string; readonly ticketId: string; readonly sent: number } | null = null;
  let waiting: CancelTimer | null = null;
  let stopped = false;
  /** By attachment: failures in a row, how far the best attempt got, and what the last one met. */
  const failing = new Map<string, { readonly failures: number; readonly sent: number; readonly deskFull: boolean }>();
  const changed = new Set<string | null>();

  /** The first at once, what follows together. */
  function note(ticketId: string | null): void {
    if (stopped) return;
    changed.add(ticketId);
    if (waiting === null) tell();
  }
  function tell(): void {
    waiting = null;
    if (changed.size === 0) return;
    const ticketIds = [...changed];
    changed.clear();
    waiting = timers.after(NEWS_EVERY_MS, tell);
    for (const ticketId of ticketIds) hub.emit('attachments', { ticketId });
  }
  return {
    sending: (attachmentId) => (current?.attachmentId === attachmentId ? { sent: current.sent } : null),
    setSending(of) {
      const before = current;
      current = of;
      if (before !== null && before.attachmentId !== of?.attachmentId) note(before.ticketId);
      if (of === null) return;
      // Further than any attempt before: it gets on.
      if (of.sent > (failing.get(of.attachmentId)?.sent ?? 0))
        failing.set(of.attachmentId, { failures: 0, sent: of.sent, deskFull: false });
      note(of.ticketId);
    },
    failures: (attachmentId) => failing.get(attachmentId)?.failures ?? 0,
    deskFull: (attachmentId) =>
      attachmentId === undefined
        ? [...failing.values()].some(({ deskFull }) => deskFull)
        : failing.get(attachmentId)?.deskFull === true,
    failed({ attachmentId, ticketId }, why) {
      const { failures, sent } = failing.get(attachmentId) ?? { failures: 0, sent: 0 };
      failing.set(attachmentId, { failures: failures + 1, sent, deskFull: why === 'deskFull' });
      note(ticketId);
    },
    settled({ attachmentId, ticketId }) {
      failing.delete(attachmentId);
      note(ticketId);
    },
    changed: note,
    stop() {
      stopped = true;
      waiting?.();
      waiting = null;
    },
  };
}
