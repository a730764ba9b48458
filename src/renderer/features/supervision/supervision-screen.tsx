import { CircleCheck, TriangleAlert, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Empty, Skeleton } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { defaultSort, noFilters, type QueueSort } from '../../state/view-store.ts';
import { TicketTable } from '../queue/index.ts';
import { MarkedBar } from '../queue/marked-bar.tsx';
import type { ListQuery } from '../queue/use-queue-rows.ts';
import { LoadTable } from './load-table.tsx';

/** Whose tickets stand below: a person's, or nobody's. */
export type Chosen = { readonly kind: 'person'; readonly personId: string } | { readonly kind: 'unassigned' };

/** Load of each technician above; below, the tickets of the one chosen, to mark and pass on. */
export function SupervisionScreen() {
  const { t } = useTranslation();
  const words = useWords();
  const { data, error, refresh } = useQuery('supervision.load', {}, ['queue', 'directory', 'session']);
  const [chosen, setChosen] = useState<Chosen>({ kind: 'unassigned' });
  const [sort, setSort] = useState<QueueSort>(defaultSort);
  const query = useMemo<ListQuery>(
    () =>
      chosen.kind === 'person'
        ? { ...noFilters, view: 'all', assigneeId: chosen.personId, text: '', sort }
        : { ...noFilters, view: 'unassigned', text: '', sort },
    [chosen, sort],
  );
  const person = chosen.kind === 'person' ? data?.rows.find((row) => row.personId === chosen.personId) : undefined;
  const title =
    person === undefined ? t('supervision.ticketsUnassigned') : t('supervision.ticketsOf', { name: person.name });

  return (
    <section aria-label={t('supervision.title')} className="relative flex h-full flex-col">
      <header className="flex h-10 shrink-0 items-center gap-3 border-line border-b px-4">
        <h1 className="font-bold text-md">{t('supervision.title')}</h1>
        {data !== undefined && (
          <span className="text-text-3 text-xs">{t('supervision.people', { count: data.rows.length })}</span>
        )}
      </header>
      <div className="max-h-[46%] shrink-0 overflow-y-auto border-line border-b">
        {data === undefined && error === null && <LoadSkeleton />}
        {data === undefined && error !== null && (
          <Empty
            icon={<TriangleAlert />}
            title={t('supervision.failed')}
            body={words.error(error)}
            action={<Button onClick={refresh}>{t('common.retry')}</Button>}
          />
        )}
        {data?.rows.length === 0 && (
          <Empty icon={<Users />} title={t('supervision.empty.title')} body={t('supervision.empty.body')} />
        )}
        {data !== undefined && data.rows.length > 0 && (
          <LoadTable rows={data.rows} unassigned={data.unassigned} chosen={chosen} onChoose={setChosen} />
        )}
      </div>
      <h2 className="flex h-9 shrink-0 items-center px-4 font-semibold text-sm">{title}</h2>
      <div className="min-h-0 flex-1 border-line-soft border-t">
        <TicketTable
          query={query}
          onSort={setSort}
          label={title}
          whenEmpty={
            <Empty
              icon={<CircleCheck />}
              title={t('supervision.emptyTickets.title')}
              body={t('supervision.emptyTickets.body')}
            />
          }
          whenFailed={(retry) => (
            <Empty
              icon={<TriangleAlert />}
              title={t('queue.failed.title')}
              action={<Button onClick={retry}>{t('queue.failed.retry')}</Button>}
            />
          )}
        />
      </div>
      <MarkedBar />
    </section>
  );
}

const LoadSkeleton = () => (
  <div className="flex flex-col gap-4 px-4 py-4" aria-hidden="true">
    {['a', 'b', 'c', 'd'].map((key) => (
      <Skeleton key={key} className="h-3 w-full" />
    ))}
  </div>
);
