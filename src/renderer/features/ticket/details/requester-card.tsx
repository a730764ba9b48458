import { Crown, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '../../../client/use-query.ts';
import { Avatar } from '../../../components/avatar.tsx';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { PriorityBars } from '../../../components/priority-bars.tsx';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { ticketUi } from '../../../state/ticket-ui.ts';
import { viewActs } from '../../../state/view-store.ts';
import { useTicketWords } from '../ticket-context.tsx';

/** Who asks: where they sit, how to call them, and what else of theirs is open. */
export function RequesterCard() {
  const { t } = useTranslation();
  const { view, name, requesterName } = useTicketWords();
  const { ticket, requester: person } = view;
  const unlisted = 'unlisted' in ticket.requester ? ticket.requester.unlisted : null;
  const unit = ticket.orgUnitId === null ? unlisted?.unit : name(ticket.orgUnitId);
  const extension = unlisted?.extension ?? person?.extension ?? '';
  const place = [unit, name(ticket.siteId), extension === '' ? '' : t('ticket.details.extension', { extension })];
  return (
    <section className="flex gap-2.5 rounded-lg border border-line bg-panel p-2.5">
      <Avatar name={requesterName} size={30} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 font-semibold text-sm">
          <span className="break-words">{requesterName}</span>
          {person?.seniorManagement === true && (
            <Badge tone="amber" icon={<Crown />}>
              {t('entry.caller.senior')}
            </Badge>
          )}
          {unlisted !== null && <Badge dashed>{t('ticket.details.unlisted')}</Badge>}
        </p>
        {person !== null && person.jobTitle !== null && person.jobTitle !== '' && (
          <p className="text-text-2 text-xs">{person.jobTitle}</p>
        )}
        <p className="text-text-3 text-xs">{place.filter((part) => part !== undefined && part !== '').join(' · ')}</p>
        {view.allowed.includes('linkRequester') && (
          <Button
            size="sm"
            icon={<UserPlus />}
            className="mt-1.5"
            onClick={() => ticketUi.openDialog('linkRequester', ticket.id)}
          >
            {t('ticket.details.link')}
          </Button>
        )}
        {'personId' in ticket.requester && <OtherTickets personId={ticket.requester.personId} ticketId={ticket.id} />}
      </div>
    </section>
  );
}

function OtherTickets({ personId, ticketId }: { readonly personId: string; readonly ticketId: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data } = useQuery('people.caller', { personId }, ['queue', 'directory']);
  if (data === undefined || data === null) return <p className="mt-1 h-[17px]" />;
  const others = data.openTickets.filter((row) => row.id !== ticketId);
  if (others.length === 0) return <p className="mt-1 text-text-3 text-xs">{t('ticket.details.noOther')}</p>;
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="mt-1 rounded-sm font-semibold text-accent text-xs hover:underline"
      >
        {t('ticket.details.otherOpen', { count: others.length })}
      </button>
      {open && (
        <ul className="mt-1 flex flex-col">
          {others.slice(0, 8).map((row) => (
            <li key={row.id}>
              <button
                type="button"
                onClick={() => viewActs.openTicket(row.id)}
                className="-mx-1.5 flex w-[calc(100%+12px)] items-center gap-1.5 rounded-sm px-1.5 py-0.5 text-left text-xs hover:bg-hover"
              >
                <PriorityBars level={row.priority.level} silent />
                <span className="shrink-0 font-mono text-text-3">{row.number ?? row.provisionalCode}</span>
                <span className="min-w-0 flex-1 truncate">{row.subject}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
