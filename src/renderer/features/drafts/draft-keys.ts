/** One draft per ticket and kind of text. The engine adds the author: drafts live in the profile of one account. */
export const draftKinds = [
  'internal',
  'public',
  'escalate',
  'return',
  'assign',
  'transfer',
  'status',
  'resolve',
  'reopen',
  'cancel',
  'vendorCase',
  'visit',
  'remoteEnd',
  'split',
  'undoSplit',
] as const;
export type DraftKind = (typeof draftKinds)[number];

export const ticketDraftKey = (kind: DraftKind, ticketId: string): string => `ticket:${kind}:${ticketId}`;
export const ENTRY_DRAFT_KEY = 'entry:call';

/** Null: written by a version of the console that knew other kinds; shown all the same, as plain text. */
export function draftKindOf(key: string): DraftKind | 'entry' | null {
  if (key === ENTRY_DRAFT_KEY) return 'entry';
  const kind = key.split(':')[1];
  return draftKinds.find((known) => known === kind) ?? null;
}
