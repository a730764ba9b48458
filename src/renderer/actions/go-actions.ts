import { History, Inbox, Layers, LayoutDashboard, List, UserRoundCheck, UserRoundX, Users } from 'lucide-react';
import type { QueueView } from '../../protocol/console/rows.ts';
import { viewActs } from '../state/view-store.ts';
import type { Action, ActionContext } from './action.ts';

const toView = (view: QueueView, label: Action['label'], icon: NonNullable<Action['icon']>, key: string): Action => ({
  name: `go.${view}`,
  group: 'go',
  label,
  icon,
  keys: [key],
  enabled: () => true,
  perform: () => viewActs.openView(view),
});

export const maySupervise = ({ session }: Pick<ActionContext, 'session'>): boolean =>
  session.role === 'supervisor' || session.role === 'administrator';

export const goAway: Action = {
  name: 'go.away',
  group: 'go',
  label: 'shell.actions.goAway',
  icon: History,
  keys: ['g c'],
  enabled: () => true,
  perform: () => viewActs.openScreen('away'),
};
export const goSupervision: Action = {
  name: 'go.supervision',
  group: 'go',
  label: 'shell.actions.goSupervision',
  icon: LayoutDashboard,
  keys: ['g s'],
  enabled: maySupervise,
  perform: () => viewActs.openScreen('supervision'),
};

export const goActions: readonly Action[] = [
  toView('mine', 'shell.actions.goMine', Inbox, 'g m'),
  toView('team', 'shell.actions.goTeam', Users, 'g e'),
  toView('unassigned', 'shell.actions.goUnassigned', UserRoundX, 'g u'),
  toView('toAccept', 'shell.actions.goToAccept', UserRoundCheck, 'g a'),
  toView('all', 'shell.actions.goAll', List, 'g t'),
  toView('tier1', 'shell.actions.goTier1', Layers, 'g 1'),
  toView('tier2', 'shell.actions.goTier2', Layers, 'g 2'),
  toView('tier3', 'shell.actions.goTier3', Layers, 'g 3'),
  goAway,
  goSupervision,
];
