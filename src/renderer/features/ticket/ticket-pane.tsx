import { FileQuestion, Globe, TriangleAlert } from 'lucide-react';
import { memo, useDeferredValue, useEffect, useRef } from 'react';
import type { TicketView } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useTicketView } from '../../client/use-ticket-view.ts';
import { Button } from '../../components/button.tsx';
import { Banner, Empty, Skeleton } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketUi, useTicketUi } from '../../state/ticket-ui.ts';
import { DropTarget, TicketFilesProvider, useStaging } from '../attachments/index.ts';
import { TicketDialogs } from '../dialogs/index.ts';
import { DraftList, ticketDraftKey } from '../drafts/index.ts';
import { OriginBanner, RelativeLists } from '../relatives/index.ts';
import { RemoteStrip } from '../remote/index.ts';
import { MovedBanner, NoticeBanner, PriorityBanner, ProvisionalBanner } from './banners.tsx';
import { Composer } from './composer/composer.tsx';
import { Details } from './details/details.tsx';
import { Header } from './header.tsx';
import { ParkedClaims } from './settle/parked-claims.tsx';
import { SettledHere } from './settle/settled-here.tsx';
import { TicketWordsProvider, useTicketWords } from './ticket-context.tsx';
import { Timeline } from './timeline/timeline.tsx';

/** Stands for a ticket that has not been drawn yet. */
const LATER = 'later';
const isOf = (drawn: TicketView | null | typeof LATER, ticketId: string): drawn is TicketView =>
  drawn !== LATER && drawn?.ticket.id === ticketId;

/** The open ticket: header, acts, what must be known, the conversation, and where to write. */
export function TicketPane({ ticketId }: { readonly ticketId: string }) {
  const { t } = useTranslation();
  const { view, online, error, loading, refresh } = useTicketView(ticketId);
  const drawn = useDeferredValue<TicketView | null | typeof LATER>(view ?? null, LATER);
  // A ticket is drawn in small steps that clicks and keys come in between; never one ticket under the header of another.
  const data = view === undefined || view === null ? view : isOf(drawn, ticketId) ? drawn : undefined;
  if (data === undefined) {
    if (view === undefined && error !== null && !loading) {
      return (
        <Frame ticketId={ticketId}>
          <Empty
            icon={<TriangleAlert />}
            title={t('ticket.failed.title')}
            body={t(`errors.${error.code}`)}
            action={<Button onClick={refresh}>{t('ticket.failed.retry')}</Button>}
          />
        </Frame>
      );
    }
    return (
      <Frame ticketId={ticketId}>
        <PaneSkeleton label={t('ticket.loading')} />
      </Frame>
    );
  }
  if (data === null) {
    return (
      <Frame ticketId={ticketId}>
        <Empty
          icon={<FileQuestion />}
          title={t('ticket.gone.title')}
          body={error?.code === 'offline' ? `${t('ticket.gone.body')} ${t('online.gone')}` : t('ticket.gone.body')}
          action={
            <>
              {error !== null && <Button onClick={refresh}>{t('ticket.failed.retry')}</Button>}
              <DraftList ticketId={ticketId} />
            </>
          }
        />
      </Frame>
    );
  }
  return (
    <Frame ticketId={ticketId}>
      {/* A ticket is a place of its own: nothing typed, scrolled or opened on one may appear on the next. */}
      <OpenTicket key={ticketId} view={data} online={online} />
    </Frame>
  );
}

function Frame({ ticketId, children }: { readonly ticketId: string; readonly children: React.ReactNode }) {
  return (
    <section data-ticket-id={ticketId} className="@container flex h-full min-h-0 min-w-0 flex-col bg-panel">
      {children}
    </section>
  );
}

/** Not drawn again by what only the frame looks at. */
const OpenTicket = memo(function OpenTicket({ view, online }: { readonly view: TicketView; readonly online: boolean }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const { id, version } = view.ticket;
  // What was new when the ticket was opened stays marked for as long as it is open.
  const seenAtOpening = useRef(online ? 0 : view.seenVersion).current;
  const detailsOpen = useTicketUi((state) => state.detailsOpen);
  // What this console does not hold, it cannot remember as seen.
  const unseen = !online && version > view.seenVersion;
  useEffect(() => {
    if (!unseen) return;
    const mark = () => {
      if (document.visibilityState === 'visible') void client.call('ticket.markSeen', { ticketId: id, version });
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [client, id, version, unseen]);
  return (
    <TicketWordsProvider view={view}>
      <TicketFilesProvider>
        <Header />
        {/* However much must be known, the conversation keeps its half. */}
        <div className="max-h-[48%] shrink-0 overflow-y-auto">
          {online && (
            <Banner tone="accent" icon={<Globe />}>
              {t('online.banner')}
            </Banner>
          )}
          <OriginBanner />
          <NoticeBanner />
          <MovedBanner seenVersion={seenAtOpening} />
          <SettledHere />
          <ParkedClaims />
          <RemoteStrip />
          <PriorityBanner />
          <ProvisionalBanner />
          <RelativeLists />
        </div>
        <TicketDrop className="flex min-h-0 flex-1 flex-col">
          {detailsOpen && (
            <aside className="max-h-[52%] shrink-0 overflow-y-auto border-line border-b bg-side px-5 py-3">
              <Details />
            </aside>
          )}
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <Timeline seenVersion={seenAtOpening} />
            <Composer />
          </div>
        </TicketDrop>
        <TicketDialogs />
      </TicketFilesProvider>
    </TicketWordsProvider>
  );
});

/** Files dropped anywhere on the conversation join the note that is being written. */
function TicketDrop({ className, children }: { readonly className: string; readonly children: React.ReactNode }) {
  const { view } = useTicketWords();
  const staging = useStaging();
  const kind = useTicketUi((state) => state.noteKind);
  const { id } = view.ticket;
  const may = view.allowed.includes('addAttachment') && view.allowed.includes('addNote');
  return (
    <DropTarget
      className={className}
      onFiles={
        may
          ? ({ files, folders }) => {
              staging.add(ticketDraftKey(kind, id), id, files, folders);
              ticketUi.write(kind);
            }
          : null
      }
    >
      {children}
    </DropTarget>
  );
}

function PaneSkeleton({ label }: { readonly label: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={label} className="flex flex-col gap-3 px-5 py-4">
      <Skeleton className="h-3 w-48" />
      <Skeleton className="h-5 w-4/5" />
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-[30px] w-72" />
      <Skeleton className="mt-6 h-3 w-3/5" />
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-16 w-full" />
    </div>
  );
}
