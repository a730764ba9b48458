import type { ConsoleClient } from '../protocol/console/client.ts';
import { ActionProvider } from './actions/action-provider.tsx';
import { AskedBy, ConsoleProvider } from './client/console-provider.tsx';
import { useApplyPreferences } from './client/use-preferences.ts';
import { useQuery } from './client/use-query.ts';
import { useLinkState } from './client/use-session.ts';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { Toaster } from './components/toast.tsx';
import { TooltipProvider } from './components/tooltip.tsx';
import { StagingProvider } from './features/attachments/index.ts';
import { Shell } from './features/shell/index.ts';
import { SignIn } from './features/sign-in/index.ts';
import { SupportDialog } from './features/support/index.ts';
import { TranslationProvider, useTranslation } from './i18n/use-translation.tsx';

/** The console over whichever host's client. */
export function App({ client }: { readonly client: ConsoleClient }) {
  return (
    <TranslationProvider>
      <ErrorBoundary>
        <ConsoleProvider client={client}>
          <TooltipProvider>
            <Door />
            <Toaster />
            <SupportDialog />
          </TooltipProvider>
        </ConsoleProvider>
      </ErrorBoundary>
    </TranslationProvider>
  );
}

/**
 * Sign-in or shell. A session that expired stays inside, where reading and writing go on and a banner asks for the
 * password; only the end of the offline window locks the reading.
 */
function Door() {
  const { t } = useTranslation();
  useApplyPreferences();
  const { data } = useQuery('session.get', {}, ['session']);
  const link = useLinkState();
  if (data === undefined) return <p className="sr-only">{t('shell.host.starting')}</p>;
  if (data.session === null || link === 'reauthLocked') return <SignIn status={data} />;
  return (
    <AskedBy key={data.session.accountId} personId={data.session.personId}>
      <StagingProvider>
        <ActionProvider>
          <Shell />
        </ActionProvider>
      </StagingProvider>
    </AskedBy>
  );
}
