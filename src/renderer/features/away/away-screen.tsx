import { CheckCheck, Sparkles, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useActionNow } from '../../actions/action-provider.tsx';
import { markAllSeen } from '../../actions/list-actions.ts';
import { useQuery } from '../../client/use-query.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Empty, Skeleton } from '../../components/feedback.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { TicketCode } from '../../components/ticket-code.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { holdList } from '../../state/list-handle.ts';
import { useView, viewActs } from '../../state/view-store.ts';
import { eventWords } from './event-words.ts';

/** Changes shown for one ticket before «y n más». */
const SHOWN = 4;

/** What others did to this person's tickets since they last looked, ticket by ticket. */
export function AwayScreen() {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const now = useNow();
  const actionNow = useActionNow();
  const { data, error, refresh } = useQuery('away.get', {}, ['away', 'queue', 'session']);
  const selectedId = useView((state) => state.selectedTicketId);
  const [cursor, setCursor] = useState<string | null>(null);
  const rows = data?.rows;
  const move = useCallback(
    (step: 1 | -1) => {
      if (rows === undefined || rows.length === 0) return;
      const at = rows.findIndex((row) => row.id === (cursor ?? selectedId));
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      setCursor(next?.id ?? null);
    },
    [rows, cursor, selectedId],
  );
  useEffect(
    () =>
      holdList({
        move,
        open: () => viewActs.openTicket(cursor),
        openFirst: () => {},
        mark: () => {},
        markAll: () => {},
      }),
    [move, cursor],
  );

  return (
    <section aria-label={t('away.title')} className="flex h-full flex-col">
      <header className="flex h-10 shrink-0 items-center gap-3 border-line border-b px-4">
        <h1 className="font-bold text-md">{t('away.title')}</h1>
        <span className="min-w-0 flex-1 truncate text-text-3 text-xs">
          {data !== undefined &&
            (data.since === null ? t('away.sinceNever') : t('away.since', { time: format.moment(data.since, now) }))}
        </span>
        {rows !== undefined && rows.length > 0 && (
          <Button size="sm" icon={<CheckCheck />} onClick={() => void markAllSeen.perform(actionNow())}>
            {t('away.markAll')}
          </Button>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {rows === undefined && error === null && <AwayLoading />}
        {rows === undefined && error !== null && (
          <Empty
            icon={<TriangleAlert />}
            title={words.error(error)}
            action={<Button onClick={refresh}>{t('common.retry')}</Button>}
          />
        )}
        {rows?.length === 0 && <Empty icon={<Sparkles />} title={t('away.emptyTitle')} body={t('away.empty')} />}
        <ul>
          {rows?.map((row) => (
            <li key={row.id}>
              <button
                type="button"
                aria-current={row.id === selectedId ? 'true' : undefined}
                onClick={() => viewActs.openTicket(row.id)}
                className={cx(
                  'flex w-full gap-3 border-line-soft border-b px-4 py-3 text-left focus-visible:-outline-offset-2',
                  row.id === selectedId ? 'bg-accent-wash shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
                  row.id === cursor && row.id !== selectedId && 'bg-hover',
                )}
              >
                <PriorityBars level={row.priority.level} />
                <span className="min-w-0 flex-1">
                  <span className="flex items-baseline gap-2.5">
                    <span className="min-w-0 truncate font-semibold text-sm">{row.subject}</span>
                    <TicketCode number={row.number} provisionalCode={row.provisionalCode} short />
                    <span className="flex-1" />
                    <span className="shrink-0 text-text-3 text-xs">
                      {t('away.changes', { count: row.changes.length })}
                    </span>
                  </span>
                  <span className="mt-1.5 flex flex-col gap-1">
                    {row.changes.slice(-SHOWN).map((entry) => (
                      <span key={entry.id} className="flex items-center gap-2 text-text-2 text-xs">
                        <Avatar name={row.names[entry.actorId] ?? null} size={18} />
                        <span className="min-w-0 flex-1 truncate">{eventWords(entry, row.names, words, t)}</span>
                        <span className="shrink-0 text-text-3">{format.moment(entry.occurredAt, now)}</span>
                      </span>
                    ))}
                    {row.changes.length > SHOWN && (
                      <span className="pl-[26px] text-text-3 text-xs">
                        {t('away.more', { n: row.changes.length - SHOWN })}
                      </span>
                    )}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

const AwayLoading = () => (
  <div className="flex flex-col gap-5 px-4 py-4" aria-hidden="true">
    {['a', 'b', 'c'].map((key) => (
      <div key={key} className="flex flex-col gap-2.5">
        <Skeleton className="h-3 w-3/5" />
        <Skeleton className="h-2.5 w-2/5" />
      </div>
    ))}
  </div>
);
