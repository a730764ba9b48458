import { ArrowLeftRight, CircleAlert, CloudOff, Crown, Landmark, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PriorityReason } from '../../../domain/ticket.ts';
import { IconButton } from '../../components/button.tsx';
import { Banner } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { rich } from '../../lib/rich.tsx';
import { useNow } from '../../lib/use-format.ts';
import { ticketUi, useTicketUi } from '../../state/ticket-ui.ts';
import { movedAway } from './moved-away.ts';
import { useTicketWords } from './ticket-context.tsx';

/** R19: why the priority is what it is. The matrix alone needs no banner. */
export function PriorityBanner() {
  const { t } = useTranslation();
  const { view, name } = useTicketWords();
  const { level, reasons } = view.ticket.priority;
  const raised = reasons.filter((reason) => reason.kind !== 'matrix');
  if (raised.length === 0) return null;
  const words = (reason: PriorityReason): string => {
    switch (reason.kind) {
      case 'matrix':
        return t('ticket.banner.matrix', {
          impact: t(`level.${reason.impact}`).toLowerCase(),
          urgency: t(`ticket.urgency.${reason.urgency}`),
        });
      case 'seniorManagement': {
        const job = view.requester?.id === reason.personId ? view.requester.jobTitle : null;
        return job === null ? t('ticket.banner.senior') : t('ticket.banner.seniorOf', { job });
      }
      case 'citizenService':
        return t(reason.by === 'service' ? 'ticket.banner.citizenService' : 'ticket.banner.citizenSite', {
          name: name(reason.id),
        });
    }
  };
  const matrix = reasons.find((reason) => reason.kind === 'matrix');
  const matrixCounts = matrix !== undefined && (matrix.level === 'high' || matrix.level === 'critical');
  const all = matrixCounts ? [...raised, matrix] : raised;
  const senior = raised.some((reason) => reason.kind === 'seniorManagement');
  const list: ReactNode = all.map((reason, index) => (
    <span key={reason.kind + ('by' in reason ? reason.by : '')}>
      {index > 0 && (index === all.length - 1 ? t('ticket.banner.and') : ', ')}
      <b className="font-semibold">{words(reason)}</b>
    </span>
  ));
  return (
    <Banner tone={senior ? 'amber' : 'violet'} icon={senior ? <Crown /> : <Landmark />}>
      {rich((s) => t('ticket.banner.priority', s), { level: t(`priority.${level}`).toLowerCase(), reasons: list })}
    </Banner>
  );
}

export function ProvisionalBanner() {
  const { t } = useTranslation();
  const { ticket } = useTicketWords().view;
  if (ticket.number !== null) return null;
  return (
    <Banner tone="amber" icon={<CloudOff />}>
      {rich((s) => t('ticket.banner.provisional', s), {
        code: <b className="font-mono font-semibold">{ticket.provisionalCode}</b>,
      })}
    </Banner>
  );
}

/** The ticket left this person's hands while they were away or offline: who, to whom, and that their text is still theirs. */
export function MovedBanner({ seenVersion }: { readonly seenVersion: number }) {
  const { t } = useTranslation();
  const { view, me, name, format } = useTicketWords();
  const now = useNow();
  const moved = movedAway(view.entries, me, seenVersion);
  if (moved === null) return null;
  return (
    <Banner tone="amber" icon={<ArrowLeftRight />}>
      {rich((s) => t('ticket.banner.away', s), {
        actor: name(moved.by),
        to: <b className="font-semibold">{moved.to === '' ? t('common.nobody') : name(moved.to)}</b>,
        when: format.moment(moved.at, now),
      })}
    </Banner>
  );
}

/** The answer to an act that has no dialog to say it in. Stays until it is read. */
export function NoticeBanner() {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const words = useWords();
  const notice = useTicketUi((state) => state.notice);
  if (notice === null || notice.ticketId !== view.ticket.id) return null;
  return (
    <Banner
      tone="red"
      icon={<CircleAlert />}
      action={
        <IconButton label={t('common.close')} className="-my-1" onClick={() => ticketUi.notify(null)}>
          <X />
        </IconButton>
      }
    >
      {'refusal' in notice ? words.refusal(notice.refusal, view.names) : t(`errors.${notice.error}`)}
    </Banner>
  );
}
