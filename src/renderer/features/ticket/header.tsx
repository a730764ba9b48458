import { Check, ChevronDown, Copy, Mail, MessageCircle, Monitor, Phone, Radar, UserRound, X } from 'lucide-react';
import { useState } from 'react';
import type { Channel, Mode } from '../../../domain/vocabulary.ts';
import { Avatar } from '../../components/avatar.tsx';
import { IconButton } from '../../components/button.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { TierStrokes } from '../../components/tier-strokes.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { ticketUi, useTicketUi } from '../../state/ticket-ui.ts';
import { viewActs } from '../../state/view-store.ts';
import { ActionRow } from './action-row.tsx';
import { StatusBadge } from './status-badge.tsx';
import { SubjectField } from './subject-field.tsx';
import { useTicketWords } from './ticket-context.tsx';

const channelIcons: Record<Channel, typeof Phone> = {
  phone: Phone,
  email: Mail,
  portal: MessageCircle,
  inPerson: UserRound,
  chat: MessageCircle,
  monitoring: Radar,
  other: MessageCircle,
};
const modeIcons: Record<Mode, typeof Phone> = { phone: Phone, onsite: UserRound, remote: Monitor };

const Dot = () => (
  <span aria-hidden="true" className="text-text-4">
    ·
  </span>
);

/** Which ticket, where it stands, and what can be done with it. */
export function Header() {
  const { t } = useTranslation();
  const { view, code, name } = useTicketWords();
  const { ticket } = view;
  const detailsOpen = useTicketUi((state) => state.detailsOpen);
  const ChannelIcon = channelIcons[ticket.channel];
  const ModeIcon = ticket.mode === null ? null : modeIcons[ticket.mode];
  return (
    <header className="border-line border-b px-5 pt-3.5 pb-3">
      <div className="flex items-center gap-1.5 text-text-2 text-xs">
        <CopyCode code={code} provisional={ticket.number === null} />
        <Dot />
        <span>{t(`kind.${ticket.kind}`)}</span>
        <Dot />
        <span className="min-w-0 truncate">
          {ticket.serviceId === null ? t('ticket.header.noService') : name(ticket.serviceId)}
        </span>
        <span className="flex-1" />
        <IconButton
          label={detailsOpen ? t('ticket.details.hide') : t('ticket.details.show')}
          aria-expanded={detailsOpen}
          className="-my-1"
          onClick={ticketUi.toggleDetails}
        >
          <ChevronDown className={cx('transition-transform', detailsOpen && 'rotate-180')} />
        </IconButton>
        <IconButton label={t('ticket.header.close')} className="-my-1 -mr-2" onClick={() => viewActs.openTicket(null)}>
          <X />
        </IconButton>
      </div>
      <SubjectField />
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-text-2 text-xs [&_svg]:shrink-0">
        <StatusBadge ticket={ticket} />
        <span
          className="inline-flex items-center gap-1"
          title={t('ticket.header.priority', { level: t(`priority.${ticket.priority.level}`).toLowerCase() })}
        >
          <PriorityBars level={ticket.priority.level} silent />
          {t(`priority.${ticket.priority.level}`)}
        </span>
        <span className="inline-flex items-center gap-1.5">
          <TierStrokes tier={ticket.tier} silent />
          {t('ticket.header.tier', { tier: ticket.tier })} · {name(ticket.teamId)}
        </span>
        <span className="inline-flex items-center gap-1.5">
          <Avatar name={ticket.assigneeId === null ? null : name(ticket.assigneeId)} size={18} />
          {ticket.assigneeId === null ? t('ticket.header.unassigned') : name(ticket.assigneeId)}
        </span>
        <span className="inline-flex items-center gap-1">
          <ChannelIcon className="size-3.5 text-text-3" />
          {t(`channel.${ticket.channel}`)}
        </span>
        {ModeIcon !== null && ticket.mode !== null && (
          <span className="inline-flex items-center gap-1">
            <ModeIcon className="size-3.5 text-text-3" />
            {t(`mode.${ticket.mode}`)}
          </span>
        )}
      </div>
      <div className="mt-3">
        <ActionRow />
      </div>
    </header>
  );
}

function CopyCode({ code, provisional }: { readonly code: string; readonly provisional: boolean }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_200);
    toast('info', t('ticket.header.copied', { code }));
  };
  return (
    <button
      type="button"
      onClick={() => void copy()}
      title={t('ticket.header.copyCode', { code })}
      aria-label={t('ticket.header.copyCode', { code })}
      className={cx(
        'group -mx-1 inline-flex items-center gap-1 whitespace-nowrap rounded-sm px-1 font-mono hover:bg-hover',
        provisional ? 'font-semibold text-amber' : 'text-text-3',
      )}
    >
      {code}
      {copied ? <Check className="size-3" /> : <Copy className="hidden size-3 group-hover:inline" />}
    </button>
  );
}
