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
] as const;
export type TicketDialogKind = (typeof ticketDialogs)[number];
export type NoteKind = 'internal' | 'public';

/** What an act without a dialog was answered with, said on the ticket itself until it is read. */
export type ActNotice = { readonly ticketId: string } & (
  | { readonly refusal: Refusal }
  | { readonly error: ConsoleErrorCode }
);

interface TicketUi {
  /** One at a time, and only over the ticket it belongs to. */
  readonly dialog: { readonly kind: TicketDialogKind; readonly ticketId: string } | null;
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
  notice: null,
  noteKind: 'internal',
  composerCalls: 0,
  detailsOpen: false,
  draftsOpen: false,
}));

const set = useTicketUi.setState;
export const ticketUi = {
  openDialog: (kind: TicketDialogKind, ticketId: string) => set({ dialog: { kind, ticketId }, notice: null }),
  closeDialog: () => set({ dialog: null }),
  notify: (notice: ActNotice | null) => set({ notice }),
  write: (noteKind: NoteKind) => set(({ composerCalls }) => ({ noteKind, composerCalls: composerCalls + 1 })),
  chooseNote: (noteKind: NoteKind) => set({ noteKind }),
  showDrafts: (draftsOpen: boolean) => set({ draftsOpen }),
  toggleDetails: () => set(({ detailsOpen }) => ({ detailsOpen: !detailsOpen })),
} as const;
