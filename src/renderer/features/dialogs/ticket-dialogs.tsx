import type { ComponentType } from 'react';
import { type TicketDialogKind, useTicketUi } from '../../state/ticket-ui.ts';
import { MergeDialog, SplitDialog, UndoSplitDialog, UnmergeDialog } from '../relatives/index.ts';
import { EndRemoteDialog, RemoteDialog } from '../remote/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { AssignDialog } from './assign-dialog.tsx';
import { EscalateDialog } from './escalate-dialog.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import { AssetDialog, LinkRequesterDialog, ProblemDialog } from './search-dialogs.tsx';
import {
  CancelDialog,
  CloseDialog,
  ModeDialog,
  ReclassifyDialog,
  ReopenDialog,
  ResolveDialog,
  VendorCaseDialog,
} from './simple-dialogs.tsx';
import { StatusDialog } from './status-dialog.tsx';
import { TransferDialog } from './transfer-dialog.tsx';
import { VisitDialog } from './visit-dialog.tsx';

const dialogs: Record<TicketDialogKind, ComponentType> = {
  escalate: EscalateDialog,
  return: ReturnDialog,
  assign: AssignDialog,
  transfer: TransferDialog,
  status: StatusDialog,
  resolve: ResolveDialog,
  reopen: ReopenDialog,
  close: CloseDialog,
  cancel: CancelDialog,
  reclassify: ReclassifyDialog,
  vendorCase: VendorCaseDialog,
  problem: ProblemDialog,
  linkRequester: LinkRequesterDialog,
  visit: VisitDialog,
  mode: ModeDialog,
  asset: AssetDialog,
  remote: RemoteDialog,
  endRemote: EndRemoteDialog,
  merge: MergeDialog,
  unmerge: UnmergeDialog,
  split: SplitDialog,
  undoSplit: UndoSplitDialog,
};

/** The dialog that is open over this ticket, if it is this ticket's. */
export function TicketDialogs() {
  const { view } = useTicketWords();
  const dialog = useTicketUi((state) => state.dialog);
  if (dialog === null || dialog.ticketId !== view.ticket.id) return null;
  const Shown = dialogs[dialog.kind];
  return <Shown key={`${dialog.kind} ${dialog.ticketId}`} />;
}
