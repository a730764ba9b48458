import { useRef } from 'react';
import type { Connection } from '../../../protocol/console/rows.ts';
import { useNow } from '../../lib/use-format.ts';

/** This long without any progress and the pill stops saying that it sends. */
const SILENT_AFTER_MS = 12_000;

/**
 * Since when acts go unanswered over a link that stands: a store that hangs is not offline, nor is it up to date. Every
 * change of the count is an answer or a new act, and begins the wait anew.
 */
export function useSilence(connection: Connection | undefined): number | null {
  const now = useNow(3_000);
  const wait = useRef<{ readonly count: number; readonly at: number } | null>(null);
  if (connection === undefined || connection.state !== 'online' || connection.pendingActs === 0) wait.current = null;
  else if (wait.current?.count !== connection.pendingActs)
    wait.current = { count: connection.pendingActs, at: Date.now() };
  if (wait.current === null) return null;
  const since = Math.max(wait.current.at, connection?.lastContactAt ?? 0);
  return now - since > SILENT_AFTER_MS ? since : null;
}
