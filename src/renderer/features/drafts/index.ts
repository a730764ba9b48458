export { type DraftKind, ENTRY_DRAFT_KEY, ticketDraftKey } from './draft-keys.ts';
export { DraftList } from './draft-list.tsx';
export { DraftStatus } from './draft-status.tsx';
export { DraftsDialog } from './drafts-dialog.tsx';
export { type Draft, type DraftHold, type DraftSigns, useDraft } from './use-draft.ts';
