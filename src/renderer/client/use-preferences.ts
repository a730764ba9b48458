import { useCallback, useEffect } from 'react';
import type { ConsoleParams } from '../../protocol/console/methods.ts';
import { changeLanguage } from '../i18n/setup.ts';
import { useConsole } from './console-provider.tsx';
import { useQuery } from './use-query.ts';

/** The person's preferences, and the writing of some of them. */
export function usePreferences() {
  const { client } = useConsole();
  const { data, refresh } = useQuery('preferences.get', {}, ['preferences', 'session']);
  const save = useCallback(
    async (changes: ConsoleParams<'preferences.set'>) => {
      const answer = await client.call('preferences.set', changes);
      if (answer.ok) refresh();
    },
    [client, refresh],
  );
  return { preferences: data, save };
}

/** Puts language, theme and density on the page. */
export function useApplyPreferences(): void {
  const { preferences } = usePreferences();
  const theme = preferences?.theme ?? 'system';
  const density = preferences?.density ?? 'comfortable';
  const language = preferences?.language ?? 'es';
  useEffect(() => changeLanguage(language), [language]);
  useEffect(() => {
    document.documentElement.dataset['density'] = density;
  }, [density]);
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
}
