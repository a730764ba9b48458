import { useTranslation } from 'react-i18next';
import type { ConsoleClient } from '../protocol/console/client.ts';
import { ActionProvider } from './actions/action-provider.tsx';
import { ConsoleProvider } from './client/console-provider.tsx';
import { useApplyPreferences } from './client/use-preferences.ts';
import { useQuery } from './client/use-query.ts';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { Toaster } from './components/toast.tsx';
import { TooltipProvider } from './components/tooltip.tsx';
import { Shell } from './features/shell/index.ts';
import { SignIn } from './features/sign-in/index.ts';

/** The console over whichever host's client. */
export function App({ client }: { readonly client: ConsoleClient }) {
  return (
    <ErrorBoundary>
      <ConsoleProvider client={client}>
        <TooltipProvider>
          <Door />
          <Toaster />
        </TooltipProvider>
      </ConsoleProvider>
    </ErrorBoundary>
  );
}

/** Sign-in or shell. A session whose token expired stays inside: reading and writing go on. */
function Door() {
  const { t } = useTranslation();
  useApplyPreferences();
  const { data } = useQuery('session.get', {}, ['session']);
  if (data === undefined) return <p className="sr-only">{t('shell.host.starting')}</p>;
  if (data.session === null || data.needsPassword) return <SignIn status={data} />;
  return (
    <ActionProvider key={data.session.accountId}>
      <Shell />
    </ActionProvider>
  );
}
