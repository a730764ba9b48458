import {
  ArrowDown,
  ArrowUp,
  CheckCheck,
  CheckSquare,
  CornerDownLeft,
  FilterX,
  Globe,
  Square,
  SquareX,
  UserRoundPen,
  X,
} from 'lucide-react';
import { currentList } from '../state/list-handle.ts';
import { currentOnlineSearch } from '../state/online-handle.ts';
import { noFilters, viewActs } from '../state/view-store.ts';
import type { Action } from './action.ts';
import { maySupervise } from './go-actions.ts';

const hasList = () => currentList() !== null;

export const moveDown: Action = {
  name: 'list.next',
  group: 'list',
  label: 'shell.actions.next',
  icon: ArrowDown,
  keys: ['j', 'arrowdown'],
  enabled: hasList,
  perform: () => currentList()?.move(1),
};
export const moveUp: Action = {
  name: 'list.previous',
  group: 'list',
  label: 'shell.actions.previous',
  icon: ArrowUp,
  keys: ['k', 'arrowup'],
  enabled: hasList,
  perform: () => currentList()?.move(-1),
};
export const openCurrent: Action = {
  name: 'list.open',
  group: 'list',
  label: 'shell.actions.open',
  icon: CornerDownLeft,
  keys: ['enter'],
  // A button or a row that has the focus answers Enter itself.
  enabled: () => hasList() && !(document.activeElement instanceof HTMLButtonElement),
  perform: () => currentList()?.open(),
};
export const markCurrent: Action = {
  name: 'list.mark',
  group: 'list',
  label: 'shell.actions.mark',
  icon: Square,
  keys: ['x'],
  enabled: hasList,
  perform: () => currentList()?.mark(),
};
export const markEvery: Action = {
  name: 'list.markAll',
  group: 'list',
  label: 'supervision.markAll',
  icon: CheckSquare,
  keys: ['mod+a'],
  enabled: ({ view }) => hasList() && view.screen !== 'away',
  perform: () => currentList()?.markAll(),
};
export const reassignMarked: Action = {
  name: 'list.reassign',
  group: 'list',
  label: 'shell.actions.reassignMarked',
  icon: UserRoundPen,
  keys: ['shift+s'],
  enabled: (context) => maySupervise(context) && context.view.markedIds.size > 0,
  perform: () => viewActs.open('reassign'),
};
export const clearMarks: Action = {
  name: 'list.clearMarks',
  group: 'list',
  label: 'shell.actions.clearMarks',
  icon: SquareX,
  keys: ['escape'],
  enabled: ({ view }) => view.markedIds.size > 0 && view.overlay === null,
  perform: () => viewActs.mark([]),
};
export const closeTicket: Action = {
  name: 'list.closeTicket',
  group: 'list',
  label: 'shell.actions.closeTicket',
  icon: X,
  keys: ['escape'],
  enabled: ({ view }) => view.selectedTicketId !== null && view.overlay === null && !view.outboxOpen,
  perform: () => viewActs.openTicket(null),
};
export const markAllSeen: Action = {
  name: 'list.markAllSeen',
  group: 'list',
  label: 'shell.actions.markAllSeen',
  icon: CheckCheck,
  enabled: () => true,
  perform: async ({ client }) => void (await client.call('ticket.markAllSeen', {})),
};
export const clearFilters: Action = {
  name: 'list.clearFilters',
  group: 'list',
  label: 'shell.actions.clearFilters',
  icon: FilterX,
  enabled: ({ view }) => JSON.stringify(view.filters) !== JSON.stringify(noFilters),
  perform: () => viewActs.filter(noFilters),
};

export const searchOnline: Action = {
  name: 'list.searchOnline',
  group: 'list',
  label: 'online.offer',
  icon: Globe,
  keys: ['mod+enter'],
  whileTyping: true,
  enabled: ({ view, connection }) =>
    view.overlay === null &&
    connection?.state !== 'offline' &&
    currentOnlineSearch() !== null &&
    (document.activeElement === document.body || document.activeElement?.matches('input[type=search]') === true),
  perform: () => currentOnlineSearch()?.(),
};

export const listActions: readonly Action[] = [
  moveDown,
  moveUp,
  openCurrent,
  markCurrent,
  markEvery,
  reassignMarked,
  clearMarks,
  closeTicket,
  markAllSeen,
  clearFilters,
  searchOnline,
];
