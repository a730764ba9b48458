import { awaitsAcceptance, isMerged, type Ticket } from '../../../domain/ticket.ts';
import { isOpen, type Status } from '../../../domain/vocabulary.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';

const tones: Record<Status, Tone> = {
  new: 'accent',
  assigned: 'accent',
  inProgress: 'accent',
  pending: 'amber',
  resolved: 'green',
  closed: 'neutral',
  cancelled: 'neutral',
};

/** The status in words; «Escalado · por aceptar» derives from the handover. */
export function StatusBadge({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation();
  if (isOpen(ticket.status) && awaitsAcceptance(ticket)) {
    return (
      <Badge round tone="amber">
        {t('ticket.header.awaiting')}
      </Badge>
    );
  }
  if (isMerged(ticket)) return <Badge round>{t('ticket.header.merged')}</Badge>;
  const reason = ticket.status === 'pending' ? ticket.pendingReason : null;
  return (
    <Badge round tone={tones[ticket.status]}>
      {reason === null
        ? t(`status.${ticket.status}`)
        : t('ticket.header.pendingOn', { reason: t(`pendingReason.${reason}`) })}
    </Badge>
  );
}
