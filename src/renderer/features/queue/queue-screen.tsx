import { Inbox, SearchX, TriangleAlert } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useLinkState } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { noFilters, useView, viewActs } from '../../state/view-store.ts';
import { OnlineSearch } from '../online/index.ts';
import { FilterBar } from './filter-bar.tsx';
import { MarkedBar } from './marked-bar.tsx';
import { TicketTable } from './ticket-table.tsx';
import type { ListQuery } from './use-queue-rows.ts';

/** The queue of one view, filtered, sorted and searched. A search looks through the whole scope, whatever the view. */
export function QueueScreen() {
  const { t } = useTranslation();
  const words = useWords();
  const view = useView((state) => state.view);
  const filters = useView((state) => state.filters);
  const sort = useView((state) => state.sort);
  const text = useView((state) => state.text);
  const filling = useLinkState() === 'filling';
  const [{ total, more }, setCount] = useState<{ total: number | undefined; more: boolean }>({
    total: undefined,
    more: false,
  });
  const onTotal = useCallback(
    (found: number | undefined, beyond: boolean) => setCount({ total: found, more: beyond }),
    [],
  );
  const searching = text.trim() !== '';
  const query = useMemo<ListQuery>(
    () =>
      searching
        ? { ...noFilters, view: 'all', status: 'any', text: text.trim(), sort }
        : { ...filters, view, text: '', sort },
    [searching, text, filters, view, sort],
  );
  const filtered = JSON.stringify(filters) !== JSON.stringify(noFilters);
  return (
    <section className="relative flex h-full flex-col" aria-label={t('queue.label')}>
      <FilterBar total={total} more={more} searching={searching} />
      <div className="min-h-0 flex-1">
        <TicketTable
          query={query}
          onSort={viewActs.sortBy}
          label={searching ? t('queue.searchResults', { text }) : t(`shell.views.${view}`)}
          onTotal={onTotal}
          after={searching ? <OnlineSearch key={text.trim()} text={text.trim()} foundHere={total} /> : undefined}
          whenEmpty={
            <Empty
              icon={searching || filtered ? <SearchX /> : <Inbox />}
              title={
                searching || filtered
                  ? t('queue.empty.filteredTitle')
                  : filling
                    ? t('shell.pill.catchingUp')
                    : t('queue.empty.title')
              }
              body={
                searching
                  ? t('queue.empty.search', { text })
                  : filling
                    ? t('queue.empty.filling')
                    : filtered
                      ? t('queue.empty.filtered')
                      : view === 'mine'
                        ? t('queue.empty.mine')
                        : t('queue.empty.other')
              }
              {...(filtered && !searching
                ? { action: <Button onClick={() => viewActs.filter(noFilters)}>{t('queue.clearFilters')}</Button> }
                : {})}
            />
          }
          whenFailed={(retry) => (
            <Empty
              icon={<TriangleAlert />}
              title={t('queue.failed.title')}
              body={words.error({ code: 'internal', params: {} })}
              action={<Button onClick={retry}>{t('queue.failed.retry')}</Button>}
            />
          )}
        />
      </div>
      <MarkedBar />
    </section>
  );
}
