import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import type { TicketView } from '../../../protocol/console/rows.ts';
import { useQuery } from '../../client/use-query.ts';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { SearchPicker } from '../../components/search-picker.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useDebounced } from '../../lib/use-debounced.ts';
import { useNow } from '../../lib/use-format.ts';
import { noFilters } from '../../state/view-store.ts';
import { ActDialog } from '../dialogs/act-dialog.tsx';
import { useEditedPayload } from '../dialogs/use-edited-payload.ts';
import { useSubmit } from '../dialogs/use-submit.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';

/** This ticket is a duplicate: choose the one that stays, read both, and only then merge. */
export function MergeDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const before = useEditedPayload('merge');
  const [text, setText] = useState('');
  const [pickedId, setPickedId] = useState<string | null>(before?.intoTicketId ?? null);
  const wanted = useDebounced(text.trim(), 90);
  const { data, loading } = useQuery(
    'queue.window',
    {
      ...noFilters,
      view: 'all',
      status: wanted === '' ? 'open' : 'any',
      kind: ticket.kind === 'problem' ? 'problem' : null,
      siteId: wanted === '' ? ticket.siteId : null,
      text: wanted,
      sort: { by: 'updated', dir: 'desc' },
      offset: 0,
      limit: 12,
    },
    ['queue'],
    { keep: true },
  );
  const rows = (data?.rows ?? []).filter(
    (row) =>
      row.id !== ticket.id &&
      row.status !== 'closed' &&
      row.status !== 'cancelled' &&
      (row.kind === 'problem') === (ticket.kind === 'problem'),
  );
  const target = useQuery('ticket.get', pickedId === null ? null : { ticketId: pickedId }, ['ticket']).data ?? null;
  const submit = () => {
    if (pickedId === null) return submission.fail(t('relatives.merge.choose'));
    const into = target === null ? '' : (target.ticket.number ?? target.ticket.provisionalCode);
    void submission.send(
      { ticketId: ticket.id, type: 'merge', payload: { intoTicketId: pickedId } },
      t('relatives.merge.done', { code: into }),
    );
  };
  return (
    <ActDialog
      width="lg"
      title={t('relatives.merge.title', { code })}
      subtitle={t('relatives.merge.subtitle')}
      submitLabel={t('relatives.merge.submit')}
      submission={submission}
      disabled={pickedId === null}
      onSubmit={submit}
    >
      <SearchPicker
        autoFocus
        className="min-h-44"
        label={t('relatives.merge.label')}
        placeholder={t('relatives.merge.placeholder')}
        text={text}
        onText={setText}
        hits={rows.map((row) => ({
          id: row.id,
          icon: <PriorityBars level={row.priority.level} silent />,
          title: row.subject,
          detail: `${row.number ?? row.provisionalCode} · ${row.requesterName} · ${t(`status.${row.status}`)} · ${row.siteName}`,
        }))}
        pickedId={pickedId}
        onPick={(id) => {
          setPickedId(id);
          submission.fail(null);
        }}
        {...(loading ? {} : { empty: t('relatives.merge.empty') })}
      />
      {target !== null && (
        <div className="grid grid-cols-[1fr_20px_1fr] items-center gap-2" data-merge-preview="">
          <Side label={t('relatives.merge.this')} view={view} />
          <ArrowRight aria-hidden="true" className="mx-auto size-4 text-text-3" />
          <Side label={t('relatives.merge.target')} view={target} stays />
        </div>
      )}
    </ActDialog>
  );
}

function Side({
  label,
  view,
  stays = false,
}: {
  readonly label: string;
  readonly view: TicketView;
  readonly stays?: boolean;
}) {
  const { t } = useTranslation();
  const { format } = useTicketWords();
  const now = useNow();
  const { ticket, requester, names } = view;
  const who =
    'unlisted' in ticket.requester
      ? ticket.requester.unlisted.name
      : (requester?.name ?? names[ticket.requester.personId] ?? t('common.unknownPerson'));
  const assignee =
    ticket.assigneeId === null ? t('common.nobody') : (names[ticket.assigneeId] ?? t('common.unknownPerson'));
  return (
    <section
      aria-label={label}
      className={cx(
        'flex h-full min-w-0 flex-col rounded-lg border px-3 py-2.5',
        stays ? 'border-accent bg-panel' : 'border-line border-dashed bg-field',
      )}
    >
      <p className={cx('text-2xs', stays ? 'font-semibold text-accent' : 'text-text-3')}>{label}</p>
      <p className="mt-0.5 font-semibold text-sm">{ticket.subject}</p>
      <p className="text-text-2 text-xs">
        <span className="font-mono">{ticket.number ?? ticket.provisionalCode}</span> · {who}
      </p>
      <p className="text-text-3 text-xs">
        {t(`status.${ticket.status}`)} · {assignee} · {format.moment(ticket.clocks.registeredAt, now)}
      </p>
      {ticket.description !== '' && (
        <p className="mt-1.5 line-clamp-3 break-words text-text-2 text-xs">{ticket.description}</p>
      )}
    </section>
  );
}
