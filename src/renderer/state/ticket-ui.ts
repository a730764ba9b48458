import { create } from 'zustand';
import type { Refusal } from '../../domain/refusals.ts';
import type { ConsoleErrorCode } from '../../protocol/console/client.ts';

export const ticketDialogs = [
  'escalate',
  'return',
  'assign',
  'transfer',
  'status',
  'resolve',
  'reopen',
  'close',
  'cancel',
  'reclassify',
  'vendorCase',
  'problem',
  'linkRequester',
  'visit',
  'mode',
  'asset',
  'remote',
  'endRemote',
  'merge',
  'unmerge',
  'split',
  'undoSplit',
] as const;
export type TicketDialogKind = (typeof ticketDialogs)[number];
export type NoteKind = 'internal' | 'public';

/** What an act without a dialog was answered with, said on the ticket itself until it is read. */
export type ActNotice = { readonly ticketId: string } & (
  | { readonly refusal: Refusal }
  | { readonly error: ConsoleErrorCode }
);

/** A settled act whose content is being edited to do it again; it leaves the panel once that is saved. */
export interface EditedAct {
  readonly commandId: string;
  readonly ticketId: string;
  readonly type: string;
  readonly payload: unknown;
}

interface TicketUi {
  /** One at a time, and only over the ticket it belongs to. */
  readonly dialog: { readonly kind: TicketDialogKind; readonly ticketId: string } | null;
  readonly edited: EditedAct | null;
  /** A field asked to be edited where it stands, with the text to begin from. */
  readonly fieldEdit: {
    readonly ticketId: string;
    readonly field: 'subject' | 'description';
    readonly text: string;
  } | null;
  /** Grows each time that a stored draft was changed from outside its editor, which then begins anew from it. */
  readonly draftChanges: number;
  readonly notice: ActNotice | null;
  readonly noteKind: NoteKind;
  /** Grows each time that a key or the palette asks for the composer. */
  readonly composerCalls: number;
  readonly detailsOpen: boolean;
  /** The list of every half-written text of this person. */
  readonly draftsOpen: boolean;
}

export const useTicketUi = create<TicketUi>(() => ({
  dialog: null,
  edited: null,
  fieldEdit: null,
  draftChanges: 0,
  notice: null,
  noteKind: 'internal',
  composerCalls: 0,
  detailsOpen: false,
  draftsOpen: false,
}));

const set = useTicketUi.setState;
/** One form writes the one or the other, by whether the ticket is somebody's. */
const gives: ReadonlySet<string> = new Set(['assign', 'reassign']);
export const ticketUi = {
  openDialog: (kind: TicketDialogKind, ticketId: string) => set({ dialog: { kind, ticketId }, notice: null }),
  /** Closed, saved or not: it is the edit of nothing any more. */
  closeDialog: () => set({ dialog: null, edited: null }),
  edit: (edited: EditedAct) => set({ edited }),
  /** The id of the settled act that one of this type on this ticket takes the place of; asked once. */
  takeEdited(ticketId: string, type: string): string | null {
    const { edited } = useTicketUi.getState();
    const same = (a: string, b: string) => a === b || (gives.has(a) && gives.has(b));
    if (edited === null || edited.ticketId !== ticketId || !same(edited.type, type)) return null;
    set({ edited: null });
    return edited.commandId;
  },
  editField: (fieldEdit: TicketUi['fieldEdit']) => set({ fieldEdit }),
  draftChanged: () => set(({ draftChanges }) => ({ draftChanges: draftChanges + 1 })),
  showDetails: () => set({ detailsOpen: true }),
  notify: (notice: ActNotice | null) => set({ notice }),
  write: (noteKind: NoteKind) => set(({ composerCalls }) => ({ noteKind, composerCalls: composerCalls + 1 })),
  chooseNote: (noteKind: NoteKind) => set({ noteKind }),
  showDrafts: (draftsOpen: boolean) => set({ draftsOpen }),
  toggleDetails: () => set(({ detailsOpen }) => ({ detailsOpen: !detailsOpen })),
} as const;
