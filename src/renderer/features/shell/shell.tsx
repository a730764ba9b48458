import { Inbox } from 'lucide-react';
import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { Empty } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useView } from '../../state/view-store.ts';
import { AwayScreen } from '../away/index.ts';
import { DraftsDialog } from '../drafts/index.ts';
import { KeyboardHelp } from '../keyboard-help/index.ts';
import { NoticeStrip } from '../notices/index.ts';
import { CommandPalette } from '../palette/index.ts';
import { PasswordDialog, PreferencesDialog } from '../preferences/index.ts';
import { QueueScreen } from '../queue/index.ts';
import { QuickEntry } from '../quick-entry/index.ts';
import { ReauthDialog } from '../sign-in/index.ts';
import { ReassignDialog, SupervisionScreen } from '../supervision/index.ts';
import { TicketPane } from '../ticket/index.ts';
import { FillStrip } from './fill-strip.tsx';
import { HostTicket } from './host-ticket.tsx';
import { MustChangePassword } from './must-change-password.tsx';
import { SideBar } from './side-bar.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';
import { TopBar } from './top-bar.tsx';
import { TroubleBanners } from './trouble-banners.tsx';
import { useRememberedView } from './use-remembered-view.ts';

/** The frame: side bar, list, ticket. Each part falls alone. */
export function Shell() {
  useRememberedView();
  const screen = useView((state) => state.screen);
  const ticketId = useView((state) => state.selectedTicketId);
  return (
    <div className="grid h-full grid-cols-[auto_minmax(0,1fr)_clamp(400px,33vw,560px)] grid-rows-[minmax(0,1fr)] bg-panel">
      <SideBar />
      <main className="flex min-w-0 flex-col bg-panel">
        <TopBar />
        <NoticeStrip />
        <TroubleBanners />
        <div className="min-h-0 flex-1">
          <ErrorBoundary resetKey={screen}>
            {screen === 'queue' && <QueueScreen />}
            {screen === 'away' && <AwayScreen />}
            {screen === 'supervision' && <SupervisionScreen />}
          </ErrorBoundary>
        </div>
        <FillStrip />
      </main>
      <div className="min-w-0 border-line border-l bg-panel">
        <ErrorBoundary resetKey={ticketId}>
          {ticketId === null ? <NoTicket /> : <TicketPane ticketId={ticketId} />}
        </ErrorBoundary>
      </div>
      <HostTicket />
      <MustChangePassword />
      <CommandPalette />
      <KeyboardHelp />
      <PreferencesDialog />
      <PasswordDialog />
      <SignOutDialog />
      <ReauthDialog />
      <ReassignDialog />
      <QuickEntry />
      <DraftsDialog />
    </div>
  );
}

function NoTicket() {
  const { t } = useTranslation();
  return (
    <div className="flex h-full items-center justify-center">
      <Empty icon={<Inbox />} title={t('shell.noTicket.title')} body={t('shell.noTicket.body')} />
    </div>
  );
}
