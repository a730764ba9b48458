import {
  Eraser,
  FilePen,
  Keyboard,
  KeyRound,
  Languages,
  LifeBuoy,
  LogOut,
  Moon,
  SlidersHorizontal,
  Sun,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useActionContext, useActionNow } from '../../actions/action-provider.tsx';
import {
  changePassword,
  darkTheme,
  lightTheme,
  openKeyboardHelp,
  openPreferences,
  saveSupportReport,
  switchLanguage,
} from '../../actions/app-actions.ts';
import { openDrafts } from '../../actions/ticket-actions.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { viewActs } from '../../state/view-store.ts';

/** The person's own things: theme, language, password, leaving. */
export function UserMenu({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { client, cache } = useConsole();
  const words = useWords();
  const now = useActionNow();

  async function leave(): Promise<void> {
    const answer = await client.call('session.signOut', { erase: false });
    if (!answer.ok) return toast('bad', words.error(answer.error));
    viewActs.reset();
    cache.renew();
  }

  return (
    <Menu trigger={children} side="top">
      <ThemeItem />
      <MenuItem icon={<Languages />} onSelect={() => void switchLanguage.perform(now())}>
        {t(switchLanguage.label)}
      </MenuItem>
      <MenuItem
        icon={<SlidersHorizontal />}
        shortcut={openPreferences.keys?.[0]}
        onSelect={() => viewActs.open('preferences')}
      >
        {t(openPreferences.label)}
      </MenuItem>
      <MenuItem icon={<Keyboard />} shortcut={openKeyboardHelp.keys?.[0]} onSelect={() => viewActs.open('keyboard')}>
        {t(openKeyboardHelp.label)}
      </MenuItem>
      <MenuItem icon={<FilePen />} shortcut={openDrafts.keys?.[0]} onSelect={() => void openDrafts.perform(now())}>
        {t(openDrafts.label)}
      </MenuItem>
      <MenuItem icon={<LifeBuoy />} onSelect={() => void saveSupportReport.perform(now())}>
        {t(saveSupportReport.label)}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<KeyRound />} onSelect={() => viewActs.open('password')}>
        {t(changePassword.label)}
      </MenuItem>
      <MenuItem icon={<LogOut />} onSelect={() => void leave()}>
        {t('shell.signOut')}
      </MenuItem>
      <MenuItem icon={<Eraser />} danger onSelect={() => viewActs.open('signOut')}>
        {t('shell.signOutErase')}
      </MenuItem>
    </Menu>
  );
}

/** The other theme. A part of its own: it is drawn when the menu opens, so it knows the theme of that moment. */
function ThemeItem() {
  const { t } = useTranslation();
  const context = useActionContext();
  const theme = lightTheme.enabled(context) ? lightTheme : darkTheme;
  return (
    <MenuItem icon={theme === lightTheme ? <Sun /> : <Moon />} onSelect={() => void theme.perform(context)}>
      {t(theme.label)}
    </MenuItem>
  );
}
