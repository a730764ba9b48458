/**
 * Unread: the last event of somebody else is younger than what the person saw. `lastByOthers` is the last entry of another author
 * that the store has recorded; null when there is none.
 */
export function isUnread(
  lastByOthers: { readonly seq: number; readonly recordedAt: number } | null,
  seenVersion: number | null,
  seenBaseline: number | null,
): boolean {
  if (lastByOthers === null || seenBaseline === null) return false;
  return lastByOthers.recordedAt > seenBaseline && lastByOthers.seq > (seenVersion ?? 0);
}
