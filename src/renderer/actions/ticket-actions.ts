import i18next from 'i18next';
import {
  ArrowUp,
  Building2,
  Check,
  CircleCheck,
  CircleDot,
  CornerUpLeft,
  FilePen,
  GitFork,
  GitMerge,
  Hand,
  Link2,
  type LucideIcon,
  MessageSquare,
  MessageSquareText,
  Monitor,
  MonitorUp,
  MonitorX,
  Play,
  RotateCcw,
  Shapes,
  Tag,
  Truck,
  Undo2,
  UserCheck,
  UserPlus,
  Waypoints,
  X,
} from 'lucide-react';
import type { CommandPayloads, CommandType } from '../../domain/commands.ts';
import { isMerged } from '../../domain/ticket.ts';
import type { TicketView } from '../../protocol/console/rows.ts';
import { toast } from '../components/toast.tsx';
import { type TicketDialogKind, ticketUi } from '../state/ticket-ui.ts';
import type { Action, ActionContext } from './action.ts';

type Look = Pick<Action, 'label'> & { readonly icon: LucideIcon; readonly keys?: readonly string[] };
type Fits = (view: TicketView, context: ActionContext) => boolean;

const may = (view: TicketView | null, type: CommandType): view is TicketView => view?.allowed.includes(type) === true;
const codeOf = ({ ticket }: TicketView): string => ticket.number ?? ticket.provisionalCode;

/** An act that asks for something first. */
function withDialog(
  name: string,
  type: CommandType,
  dialog: TicketDialogKind,
  look: Look,
  fits: Fits = () => true,
): Action {
  return {
    name: `ticket.${name}`,
    group: 'ticket',
    ...look,
    enabled: (context) => may(context.ticket, type) && fits(context.ticket, context),
    perform: ({ ticket }) => {
      if (ticket !== null) ticketUi.openDialog(dialog, ticket.ticket.id);
    },
  };
}

/** An act that is whole by itself. A refusal is said on the ticket. */
function atOnce<T extends CommandType>(
  name: string,
  type: T,
  payload: (view: TicketView) => CommandPayloads[T],
  done: `dialogs.act.${'claimed' | 'accepted' | 'resumed'}`,
  look: Look,
  fits: Fits = () => true,
): Action {
  return {
    name: `ticket.${name}`,
    group: 'ticket',
    ...look,
    enabled: (context) => may(context.ticket, type) && fits(context.ticket, context),
    async perform({ client, ticket: view }) {
      if (view === null) return;
      const ticketId = view.ticket.id;
      ticketUi.notify(null);
      const answer = await client.call('acts.submit', {
        requestId: crypto.randomUUID(),
        atomic: true,
        acts: [{ ticketId, type, payload: payload(view) }],
        clearDraft: null,
      });
      const result = answer.ok ? answer.value.results[0] : undefined;
      if (!answer.ok) ticketUi.notify({ ticketId, error: answer.error.code });
      else if (result?.ok === false) ticketUi.notify({ ticketId, refusal: result.refusal });
      else toast('good', i18next.t(done, { code: codeOf(view) }));
    },
  };
}

const write = (name: string, kind: 'internal' | 'public', look: Look): Action => ({
  name: `ticket.${name}`,
  group: 'ticket',
  ...look,
  enabled: ({ ticket }) => may(ticket, 'addNote'),
  perform: () => ticketUi.write(kind),
});

const hasSession: Fits = (view) => view.ticket.remoteSessions.length > 0;

/** In the order of the ticket's row of buttons; `ticketRow` picks the ones that come first for its state. */
export const ticketActionsByName = {
  accept: atOnce('accept', 'accept', () => ({}), 'dialogs.act.accepted', {
    label: 'dialogs.act.accept',
    icon: Check,
    keys: ['a'],
  }),
  claim: atOnce('claim', 'claim', () => ({}), 'dialogs.act.claimed', {
    label: 'dialogs.act.claim',
    icon: Hand,
    keys: ['t'],
  }),
  resume: atOnce(
    'resume',
    'changeStatus',
    () => ({ from: 'pending', to: 'inProgress', pendingReason: null }),
    'dialogs.act.resumed',
    { label: 'dialogs.act.resume', icon: Play, keys: ['p'] },
    (view) => view.ticket.status === 'pending' && view.ticket.assigneeId !== null,
  ),
  escalate: withDialog('escalate', 'escalate', 'escalate', {
    label: 'dialogs.act.escalate',
    icon: ArrowUp,
    keys: ['e'],
  }),
  return: withDialog('return', 'return', 'return', { label: 'dialogs.act.return', icon: CornerUpLeft, keys: ['d'] }),
  endRemote: withDialog(
    'endRemote',
    'endRemoteSession',
    'endRemote',
    { label: 'dialogs.act.endRemote', icon: MonitorX, keys: ['shift+o'] },
    hasSession,
  ),
  remote: withDialog('remote', 'startRemoteSession', 'remote', {
    label: 'dialogs.act.remote',
    icon: MonitorUp,
    keys: ['o'],
  }),
  resolve: withDialog('resolve', 'resolve', 'resolve', {
    label: 'dialogs.act.resolve',
    icon: CircleCheck,
    keys: ['r'],
  }),
  close: withDialog('close', 'close', 'close', { label: 'dialogs.act.close', icon: Check }),
  reopen: withDialog('reopen', 'reopen', 'reopen', { label: 'dialogs.act.reopen', icon: RotateCcw, keys: ['shift+r'] }),
  assign: withDialog('assign', 'assign', 'assign', { label: 'dialogs.act.assign', icon: UserPlus, keys: ['s'] }),
  reassign: withDialog('reassign', 'reassign', 'assign', {
    label: 'dialogs.act.reassign',
    icon: UserCheck,
    keys: ['s'],
  }),
  transfer: withDialog('transfer', 'transfer', 'transfer', {
    label: 'dialogs.act.transfer',
    icon: Waypoints,
    keys: ['shift+t'],
  }),
  status: withDialog('status', 'changeStatus', 'status', {
    label: 'dialogs.act.status',
    icon: CircleDot,
    keys: ['shift+p'],
  }),
  note: write('note', 'internal', { label: 'dialogs.act.note', icon: MessageSquare, keys: ['c'] }),
  publicNote: write('publicNote', 'public', {
    label: 'dialogs.act.publicNote',
    icon: MessageSquareText,
    keys: ['shift+c'],
  }),
  visit: withDialog('visit', 'recordVisit', 'visit', { label: 'dialogs.act.visit', icon: Building2, keys: ['v'] }),
  mode: withDialog('mode', 'changeMode', 'mode', { label: 'dialogs.act.mode', icon: Shapes }),
  asset: withDialog('asset', 'setAsset', 'asset', { label: 'dialogs.act.asset', icon: Monitor }),
  reclassify: withDialog('reclassify', 'reclassify', 'reclassify', { label: 'dialogs.act.reclassify', icon: Tag }),
  problem: withDialog('problem', 'linkProblem', 'problem', { label: 'dialogs.act.problem', icon: Link2 }),
  vendorCase: withDialog('vendorCase', 'setVendorCase', 'vendorCase', { label: 'dialogs.act.vendorCase', icon: Truck }),
  linkRequester: withDialog('linkRequester', 'linkRequester', 'linkRequester', {
    label: 'dialogs.act.linkRequester',
    icon: UserPlus,
  }),
  merge: withDialog('merge', 'merge', 'merge', { label: 'relatives.merge.act', icon: GitMerge, keys: ['shift+u'] }),
  unmerge: withDialog('unmerge', 'unmerge', 'unmerge', { label: 'relatives.unmerge', icon: Undo2 }),
  split: withDialog('split', 'split', 'split', { label: 'relatives.split.act', icon: GitFork, keys: ['shift+d'] }),
  undoSplit: withDialog('undoSplit', 'undoSplit', 'undoSplit', { label: 'relatives.undoSplit', icon: Undo2 }),
  cancel: withDialog('cancel', 'cancel', 'cancel', { label: 'dialogs.act.cancel', icon: X }),
} as const satisfies Record<string, Action>;
export type TicketActionName = keyof typeof ticketActionsByName;

export const openDrafts: Action = {
  name: 'app.drafts',
  group: 'app',
  label: 'dialogs.act.drafts',
  icon: FilePen,
  keys: ['g b'],
  enabled: () => true,
  perform: () => ticketUi.showDrafts(true),
};

export const ticketActions: readonly Action[] = [...Object.values(ticketActionsByName), openDrafts];

/** The acts that a ticket in this state most likely needs, first the one to press. */
export function ticketRow(view: TicketView, me: string): readonly TicketActionName[] {
  const { ticket } = view;
  const mine = ticket.assigneeId === me;
  if (isMerged(ticket)) return ['note'];
  if (ticket.status === 'resolved') return ['close', 'reopen', 'note'];
  if (ticket.status === 'closed' || ticket.status === 'cancelled') return ['reopen', 'note'];
  if (may(view, 'accept')) return ['accept', 'return', 'assign', 'remote', 'escalate', 'resolve'];
  if (may(view, 'claim')) return ['claim', 'escalate', 'assign', 'return', 'remote', 'resolve'];
  if (ticket.status === 'pending') return ['resume', 'resolve', 'escalate', 'remote', 'return', 'reassign'];
  if (mine && ticket.tier === 1) return ['escalate', 'remote', 'resolve', 'status', 'reassign'];
  if (mine) return ['resolve', 'remote', 'return', 'escalate', 'status', 'reassign'];
  return ['reassign', 'assign', 'escalate', 'return', 'resolve', 'note', 'remote'];
}
