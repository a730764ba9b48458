import { Clock, ShieldAlert } from 'lucide-react';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { useNow } from '../../../lib/use-format.ts';
import { useTicketWords } from '../ticket-context.tsx';

/** The store may hear of an act long after it: beyond this the receipt is said too. */
const LATE_MS = 10 * 60_000;

/** When it happened, and whatever must be known before believing it: not sent yet, a wrong clock, an author out of scope. */
export function EntryMarks({ entry, until }: { readonly entry: ShownEntry; readonly until?: number | null }) {
  const { t } = useTranslation();
  const { format, name } = useTicketWords();
  const now = useNow();
  const { occurredAt, recordedAt, deviceAt, timeQuality, pending, outOfScope, submitterId } = entry;
  // What a program brought in for somebody was never late: its receipt is the day of the import.
  const late = submitterId === null && recordedAt !== null && recordedAt - occurredAt > LATE_MS;
  const title = [
    format.full(occurredAt),
    recordedAt === null ? null : t('ticket.timeline.receivedAt', { time: format.moment(recordedAt, now) }),
    submitterId === null ? null : t('ticket.timeline.onBehalf', { name: name(submitterId) }),
  ]
    .filter((part) => part !== null)
    .join(' · ');
  return (
    <span className="text-text-3 text-xs">
      <time dateTime={new Date(occurredAt).toISOString()} title={title} className="whitespace-nowrap">
        {format.time(occurredAt)}
        {until !== undefined && until !== null && ` – ${format.time(until)}`}
      </time>
      {timeQuality !== 'good' && pending === null && (
        <span className="text-amber">
          {' · '}
          <Clock aria-hidden="true" className="-mt-0.5 inline size-3" />{' '}
          {timeQuality === 'skewed'
            ? t('ticket.timeline.deviceSaid', { time: format.moment(deviceAt, now) })
            : t('ticket.timeline.clockUnknown')}
        </span>
      )}
      {late && timeQuality === 'good' && (
        <span> · {t('ticket.timeline.receivedAt', { time: format.moment(recordedAt, now) })}</span>
      )}
      {outOfScope && (
        <span className="text-amber">
          {' · '}
          <ShieldAlert aria-hidden="true" className="-mt-0.5 inline size-3" /> {t('ticket.timeline.outOfScope')}
        </span>
      )}
      {pending !== null && (
        <span
          className="whitespace-nowrap font-semibold text-amber"
          title={
            pending === 'doubtful'
              ? t('ticket.timeline.doubtfulHint')
              : pending === 'held'
                ? t('ticket.timeline.heldHint')
                : undefined
          }
        >
          {' '}
          {t(`ticket.timeline.pending.${pending}`)}
        </span>
      )}
    </span>
  );
}
