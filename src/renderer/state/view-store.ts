import { create } from 'zustand';
import type { QueueQuery, QueueView } from '../../protocol/console/rows.ts';
import { NARROW } from '../lib/use-media.ts';

export const screens = ['queue', 'away', 'supervision'] as const;
export type Screen = (typeof screens)[number];
export type QueueSort = QueueQuery['sort'];
export type QueueFilters = Pick<QueueQuery, 'status' | 'siteId' | 'tier' | 'kind' | 'teamId' | 'assigneeId'>;

export const noFilters: QueueFilters = {
  status: 'open',
  siteId: null,
  tier: null,
  kind: null,
  teamId: null,
  assigneeId: null,
};
export const defaultSort: QueueSort = { by: 'priority', dir: 'desc' };

/** What lies over the screens; one at a time. */
export type Overlay =
  | 'palette'
  | 'keyboard'
  | 'preferences'
  | 'password'
  | 'quickEntry'
  | 'signOut'
  | 'reassign'
  | 'reauth';

/** View state only: nothing here is a fact about a ticket. Filters, sort and side bar are remembered in the preferences. */
export interface ViewState {
  readonly screen: Screen;
  readonly view: QueueView;
  readonly filters: QueueFilters;
  readonly sort: QueueSort;
  readonly text: string;
  readonly selectedTicketId: string | null;
  /** Tickets marked in a list for one act on all of them. */
  readonly markedIds: ReadonlySet<string>;
  /** Null: as the width of the window asks. */
  readonly sideCollapsed: boolean | null;
  readonly overlay: Overlay | null;
  readonly outboxOpen: boolean;
  /** How often the screen was emptied for another person: what changes with it is nobody's choice. */
  readonly resets: number;
}

export const useView = create<ViewState>(() => ({
  screen: 'queue',
  view: 'team',
  filters: noFilters,
  sort: defaultSort,
  text: '',
  selectedTicketId: null,
  markedIds: new Set<string>(),
  sideCollapsed: null,
  overlay: null,
  outboxOpen: false,
  resets: 0,
}));

const set = useView.setState;

/** Every change of the view, by name. */
export const viewActs = {
  openView: (view: QueueView) => set({ screen: 'queue', view, markedIds: new Set(), text: '' }),
  openScreen: (screen: Screen) => set({ screen, markedIds: new Set() }),
  filter: (filters: Partial<QueueFilters>) =>
    set((state) => ({ filters: { ...state.filters, ...filters }, markedIds: new Set() })),
  sortBy: (sort: QueueSort) => set({ sort }),
  search: (text: string) => set({ text, screen: 'queue', markedIds: new Set() }),
  openTicket: (ticketId: string | null) => set({ selectedTicketId: ticketId }),
  mark: (ids: Iterable<string>) => set({ markedIds: new Set(ids) }),
  toggleMark: (id: string) =>
    set(({ markedIds }) => {
      const next = new Set(markedIds);
      if (!next.delete(id)) next.add(id);
      return { markedIds: next };
    }),
  toggleSide: () =>
    set(({ sideCollapsed }) => ({ sideCollapsed: !(sideCollapsed ?? window.matchMedia(NARROW).matches) })),
  open: (overlay: Overlay) => set({ overlay, outboxOpen: false }),
  closeOverlay: () => set({ overlay: null }),
  showOutbox: (open: boolean) => set({ outboxOpen: open }),
  /** Another person signs in: nothing of the last one's screen stays. */
  reset: () => set(({ resets }) => ({ ...useView.getInitialState(), resets: resets + 1 })),
} as const;
