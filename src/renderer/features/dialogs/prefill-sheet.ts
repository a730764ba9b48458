import type { HandoverSheet } from '../../../domain/ticket.ts';
import type { RemoteOutcome, RemoteTool } from '../../../domain/vocabulary.ts';
import type { ShownEntry, TicketView } from '../../../protocol/console/rows.ts';

export const prefillSources = ['notes', 'remote', 'asset'] as const;
export type PrefillSource = (typeof prefillSources)[number];

export interface SheetPrefill {
  readonly sheet: HandoverSheet;
  /** Where the words came from, to say so under the form. */
  readonly sources: readonly PrefillSource[];
}

/** Words for what has none of its own: one line for a remote session. */
export interface PrefillWords {
  readonly remoteLine: (tool: RemoteTool, target: string, outcome: RemoteOutcome | null) => string;
}

/** The receiver reads a sheet, not a transcript. */
const MAX_CHARS = 1_500;
const clip = (text: string): string => (text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1).trimEnd()}…`);
const lines = (texts: readonly string[]): string =>
  clip(
    texts
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .join('\n'),
  );

/** Acts of this tier: those after the last time that the ticket changed hands. */
function sinceLastHandover(entries: readonly ShownEntry[]): readonly ShownEntry[] {
  const from = entries.findLastIndex((entry) => entry.event.type === 'escalated' || entry.event.type === 'returned');
  return entries.slice(from + 1);
}

/**
 * What the desk already wrote, in the shape of a sheet: internal notes and remote sessions are what was tried; what a
 * session or a visit ended with is what was found; the device comes from the inventory. Nothing is invented.
 */
export function prefillSheet(
  view: Pick<TicketView, 'ticket' | 'entries' | 'asset'>,
  words: PrefillWords,
): SheetPrefill {
  const tried: string[] = [];
  const found: string[] = [];
  const sources = new Set<PrefillSource>();
  const entries = sinceLastHandover(view.entries);
  for (const { event } of entries) {
    if (event.type === 'noteAdded' && event.visibility === 'internal') {
      tried.push(event.text);
      sources.add('notes');
    } else if (event.type === 'remoteSessionStarted') {
      const end = entries.find(
        (other) => other.event.type === 'remoteSessionEnded' && other.event.sessionId === event.sessionId,
      )?.event;
      const outcome = end?.type === 'remoteSessionEnded' ? end.outcome : null;
      tried.push(words.remoteLine(event.tool, event.target, outcome));
      sources.add('remote');
    } else if (event.type === 'remoteSessionEnded') found.push(event.note);
    else if (event.type === 'visitRecorded') found.push(event.text);
  }
  const { asset } = view;
  const device =
    asset === null
      ? ''
      : [asset.hostName, asset.ip, asset.tag].filter((part) => part !== null && part !== '').join(' · ');
  if (device !== '') sources.add('asset');
  return {
    sheet: { tried: lines(tried), found: lines(found), pending: '', device },
    sources: prefillSources.filter((source) => sources.has(source)),
  };
}
