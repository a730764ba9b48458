import { columnVisibilityFeature, createColumnHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table';
import { Paperclip } from 'lucide-react';
import type { QueueRow, queueSorts } from '../../../protocol/console/rows.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { TicketCode } from '../../components/ticket-code.tsx';
import { TierStrokes } from '../../components/tier-strokes.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { MarkCell } from './mark-cell.tsx';

export const queueFeatures = tableFeatures({ rowSortingFeature, columnVisibilityFeature });
const helper = createColumnHelper<typeof queueFeatures, QueueRow>();

/** The sort that a column's header asks for. */
export const sortOfColumn: Readonly<Record<string, (typeof queueSorts)[number]>> = {
  priority: 'priority',
  number: 'number',
  subject: 'subject',
  status: 'status',
  tier: 'tier',
  assignee: 'assignee',
  age: 'registered',
};

export const queueColumns = helper.columns([
  helper.display({ id: 'priority', enableSorting: true, cell: ({ row }) => <MarkCell row={row.original} /> }),
  helper.accessor('number', { id: 'number', cell: ({ row }) => <NumberCell row={row.original} /> }),
  helper.accessor('subject', { id: 'subject', cell: ({ row }) => <SubjectCell row={row.original} /> }),
  helper.accessor('status', { id: 'status', cell: ({ row }) => <StatusWords row={row.original} /> }),
  helper.accessor('tier', { id: 'tier', cell: ({ row }) => <TierStrokes tier={row.original.tier} /> }),
  helper.accessor('assigneeName', {
    id: 'assignee',
    cell: ({ row }) => <AssigneeCell name={row.original.assigneeName} />,
  }),
  helper.accessor('registeredAt', { id: 'age', cell: ({ row }) => <AgeCell row={row.original} /> }),
]);

const NumberCell = ({ row }: { readonly row: QueueRow }) => (
  <TicketCode number={row.number} provisionalCode={row.provisionalCode} short />
);

/** Subject first; under it the person, the office, and the reason of a raised priority beside the person. */
function SubjectCell({ row }: { readonly row: QueueRow }) {
  const { t } = useTranslation();
  const place = row.orgUnitName ?? row.siteName;
  const senior = row.priority.reasons.some((reason) => reason.kind === 'seniorManagement');
  const citizen = row.priority.reasons.some((reason) => reason.kind === 'citizenService');
  return (
    <div className="queue-subject min-w-0">
      <p className={cx('truncate text-sm text-text-1', row.unread ? 'font-bold' : 'font-semibold')}>
        {row.unread && <span className="sr-only">{t('queue.unread')}: </span>}
        {row.subject}
      </p>
      <p className="flex min-w-0 items-center gap-1.5 text-text-2 text-xs">
        {row.refusedActs > 0 && <Badge tone="red">{t('queue.refusedActs')}</Badge>}
        {row.pendingActs > 0 && (
          <Badge tone="amber" dashed>
            {t('queue.pendingActs')}
          </Badge>
        )}
        {senior && <Badge tone="amber">{t('queue.senior')}</Badge>}
        {citizen && <Badge tone="violet">{t('queue.citizen')}</Badge>}
        <span className="truncate">
          {row.requesterName} <span className="text-text-3">· {place}</span>
        </span>
        {row.attachments > 0 && (
          <span
            role="img"
            aria-label={t('attachments.queue')}
            title={t('attachments.queue')}
            className="flex shrink-0 text-text-3"
          >
            <Paperclip aria-hidden="true" className="size-3" />
          </span>
        )}
        <span className="queue-narrow-status -ml-[3px] shrink-0 text-text-3">
          · <StatusWords row={row} />
        </span>
      </p>
    </div>
  );
}

function StatusWords({ row }: { readonly row: QueueRow }) {
  const { t } = useTranslation();
  if (row.awaitsAcceptance && row.status !== 'resolved' && row.status !== 'closed') {
    return <span className="truncate font-medium text-amber text-xs">{t('queue.awaiting')}</span>;
  }
  const text =
    row.status === 'pending' && row.pendingReason !== null
      ? t('queue.pendingOn', { reason: t(`pendingReason.${row.pendingReason}`) })
      : t(`status.${row.status}`);
  return <span className={cx('truncate text-xs', row.status === 'new' ? 'text-text-3' : 'text-text-2')}>{text}</span>;
}

function AssigneeCell({ name }: { readonly name: string | null }) {
  const { t } = useTranslation();
  return <Avatar name={name} label={name ?? t('common.nobody')} />;
}

function AgeCell({ row }: { readonly row: QueueRow }) {
  const format = useFormat();
  const now = useNow();
  return (
    <time
      dateTime={new Date(row.registeredAt).toISOString()}
      title={format.full(row.registeredAt)}
      className="whitespace-nowrap text-text-2 text-xs"
    >
      {format.age(row.registeredAt, now)}
    </time>
  );
}
