import {
  Keyboard,
  KeyRound,
  Languages,
  LifeBuoy,
  Moon,
  PanelLeft,
  Phone,
  RefreshCw,
  Search,
  Send,
  SlidersHorizontal,
  Sun,
} from 'lucide-react';
import { saveReport } from '../features/support/index.ts';
import { viewActs } from '../state/view-store.ts';
import type { Action } from './action.ts';

const always = () => true;
const isDark = () => document.documentElement.dataset['theme'] === 'dark';

export const registerCall: Action = {
  name: 'app.registerCall',
  group: 'create',
  label: 'shell.actions.registerCall',
  icon: Phone,
  keys: ['n', 'mod+shift+l'],
  enabled: ({ session }) => session.role !== 'auditor',
  perform: () => viewActs.open('quickEntry'),
};
export const openPalette: Action = {
  name: 'app.palette',
  group: 'app',
  label: 'shell.actions.palette',
  icon: Search,
  keys: ['mod+p', 'mod+shift+p'],
  whileTyping: true,
  enabled: always,
  perform: () => viewActs.open('palette'),
};
export const searchQueue: Action = {
  name: 'app.search',
  group: 'app',
  label: 'shell.actions.search',
  icon: Search,
  keys: ['mod+k', '/'],
  whileTyping: true,
  enabled: always,
  perform() {
    const field = document.querySelector<HTMLInputElement>('input[type=search]');
    field?.focus();
    field?.select();
  },
};
export const openKeyboardHelp: Action = {
  name: 'app.keyboard',
  group: 'app',
  label: 'shell.actions.keyboard',
  icon: Keyboard,
  keys: ['?'],
  enabled: always,
  perform: () => viewActs.open('keyboard'),
};
export const openPreferences: Action = {
  name: 'app.preferences',
  group: 'app',
  label: 'shell.actions.preferences',
  icon: SlidersHorizontal,
  keys: ['mod+,'],
  whileTyping: true,
  enabled: always,
  perform: () => viewActs.open('preferences'),
};
export const changePassword: Action = {
  name: 'app.password',
  group: 'app',
  label: 'shell.actions.password',
  icon: KeyRound,
  enabled: always,
  perform: () => viewActs.open('password'),
};
export const toggleSide: Action = {
  name: 'app.toggleSide',
  group: 'app',
  label: 'shell.actions.toggleSide',
  icon: PanelLeft,
  keys: ['mod+b', '['],
  enabled: always,
  perform: () => viewActs.toggleSide(),
};
export const lightTheme: Action = {
  name: 'app.themeLight',
  group: 'app',
  label: 'shell.actions.themeLight',
  icon: Sun,
  enabled: isDark,
  perform: async ({ client }) => void (await client.call('preferences.set', { theme: 'light' })),
};
export const darkTheme: Action = {
  name: 'app.themeDark',
  group: 'app',
  label: 'shell.actions.themeDark',
  icon: Moon,
  enabled: () => !isDark(),
  perform: async ({ client }) => void (await client.call('preferences.set', { theme: 'dark' })),
};
export const switchLanguage: Action = {
  name: 'app.language',
  group: 'app',
  label: 'shell.actions.language',
  icon: Languages,
  enabled: always,
  perform: async ({ client }) =>
    void (await client.call('preferences.set', { language: document.documentElement.lang === 'en' ? 'es' : 'en' })),
};
export const openOutbox: Action = {
  name: 'app.outbox',
  group: 'app',
  label: 'shell.actions.outbox',
  icon: Send,
  keys: ['g o'],
  enabled: always,
  perform: () => viewActs.showOutbox(true),
};
export const saveSupportReport: Action = {
  name: 'app.support',
  group: 'app',
  label: 'support.save',
  icon: LifeBuoy,
  enabled: always,
  perform: ({ client }) => saveReport(client),
};
export const retryNow: Action = {
  name: 'app.retryNow',
  group: 'app',
  label: 'shell.actions.retryNow',
  icon: RefreshCw,
  enabled: ({ connection }) => connection?.state === 'offline',
  perform: async ({ client }) => void (await client.call('connection.retryNow', {})),
};

export const appActions: readonly Action[] = [
  registerCall,
  openPalette,
  searchQueue,
  openOutbox,
  retryNow,
  toggleSide,
  openPreferences,
  lightTheme,
  darkTheme,
  switchLanguage,
  changePassword,
  openKeyboardHelp,
  saveSupportReport,
];
