import { ArrowDownWideNarrow, ListFilter, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { ticketKinds } from '../../../domain/vocabulary.ts';
import { queueSorts } from '../../../protocol/console/rows.ts';
import { useDirectory } from '../../client/use-directory.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Combobox } from '../../components/combobox.tsx';
import { Menu, MenuChoice } from '../../components/menu.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat } from '../../lib/use-format.ts';
import { noFilters, type QueueFilters, useView, viewActs } from '../../state/view-store.ts';

const statusFilters = ['open', 'pending', 'resolved', 'closed', 'any'] as const;
const ANY = 'any';

interface FilterBarProps {
  readonly total: number | undefined;
  /** There are more than `total`. */
  readonly more: boolean;
  readonly searching: boolean;
}

/** Title of the view, its filters, how many and in what order. */
export function FilterBar({ total, more, searching }: FilterBarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useView((state) => state.view);
  const text = useView((state) => state.text);
  const filters = useView((state) => state.filters);
  const changed = JSON.stringify(filters) !== JSON.stringify(noFilters);
  return (
    <div className="@container flex h-10 shrink-0 items-center gap-1.5 border-line border-b px-4">
      <h1 className="mr-1.5 truncate font-bold text-md">
        {searching ? t('queue.searchResults', { text }) : t(`shell.views.${view}`)}
      </h1>
      {!searching && (
        <>
          <Filters filters={filters} />
          {changed && (
            <IconButton label={t('queue.clearFilters')} className="size-6" onClick={() => viewActs.filter(noFilters)}>
              <X />
            </IconButton>
          )}
        </>
      )}
      <div className="flex-1" />
      <span className="shrink-0 whitespace-nowrap text-text-3 text-xs @max-[600px]:hidden" role="status">
        {total === undefined
          ? ''
          : more
            ? t('queue.countMore', { total: format.number(total) })
            : t('queue.count', { count: total }).replace(String(total), format.number(total))}
      </span>
      <SortMenu />
    </div>
  );
}

function Filters({ filters }: { readonly filters: QueueFilters }) {
  const { t } = useTranslation();
  const { sites } = useDirectory();
  return (
    <>
      <Menu
        trigger={
          <Chip label={t('queue.filter.status')} active={filters.status !== 'open'} icon={<ListFilter />}>
            {t(`queue.statusFilter.${filters.status}`)}
          </Chip>
        }
      >
        <MenuChoice
          value={filters.status}
          onChange={(status) => viewActs.filter({ status })}
          options={statusFilters.map((value) => ({ value, label: t(`queue.statusFilter.${value}`) }))}
        />
      </Menu>
      <Combobox
        label={t('queue.filter.site')}
        value={filters.siteId ?? ANY}
        onChange={(value) => viewActs.filter({ siteId: value === ANY ? null : value })}
        options={[
          { value: ANY, label: t('queue.filter.addSite') },
          ...sites
            .filter((site) => site.active)
            .map((site) => ({ value: site.id, label: site.name, detail: site.code })),
        ]}
        trigger={
          <Chip label={t('queue.filter.site')} active={filters.siteId !== null} named>
            {sites.find((site) => site.id === filters.siteId)?.name ?? t('queue.filter.anySite')}
          </Chip>
        }
      />
      <Menu
        trigger={
          <Chip label={t('queue.filter.tier')} active={filters.tier !== null} named>
            {filters.tier ?? t('queue.filter.anyTier')}
          </Chip>
        }
      >
        <MenuChoice
          value={filters.tier === null ? ANY : (String(filters.tier) as '1' | '2' | '3')}
          onChange={(value) =>
            viewActs.filter({ tier: value === '1' ? 1 : value === '2' ? 2 : value === '3' ? 3 : null })
          }
          options={[
            { value: ANY, label: t('queue.filter.addTier') },
            { value: '1', label: t('common.tier', { tier: 1 }) },
            { value: '2', label: t('common.tier', { tier: 2 }) },
            { value: '3', label: t('common.tier', { tier: 3 }) },
          ]}
        />
      </Menu>
      <Menu
        trigger={
          <Chip label={t('queue.filter.kind')} active={filters.kind !== null} named>
            {filters.kind === null ? t('queue.filter.anyKind') : t(`kind.${filters.kind}`)}
          </Chip>
        }
      >
        <MenuChoice
          value={filters.kind ?? ANY}
          onChange={(value) => viewActs.filter({ kind: value === ANY ? null : value })}
          options={[
            { value: ANY, label: t('queue.filter.addKind') },
            ...ticketKinds.map((value) => ({ value, label: t(`kind.${value}`) })),
          ]}
        />
      </Menu>
    </>
  );
}

interface ChipProps extends React.ComponentProps<'button'> {
  readonly label: string;
  readonly active: boolean;
  readonly icon?: ReactNode;
  /** Shows the label before the value. */
  readonly named?: boolean;
}

function Chip({ label, active, icon, named = false, children, ...rest }: ChipProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={`${label}: ${typeof children === 'string' || typeof children === 'number' ? children : ''}`}
      className={cx(
        'flex h-6 shrink-0 items-center gap-1 whitespace-nowrap rounded-md border px-2 text-xs hover:bg-hover data-[state=open]:bg-hover [&_svg]:size-3.5 [&_svg]:text-text-3',
        active ? 'border-accent/40 bg-accent-wash text-accent' : 'border-line bg-panel text-text-2',
      )}
    >
      {icon}
      {named && <span>{label}</span>}
      <span className="max-w-28 truncate font-semibold">{children}</span>
    </button>
  );
}

function SortMenu() {
  const { t } = useTranslation();
  const sort = useView((state) => state.sort);
  return (
    <Menu
      align="end"
      trigger={
        <Button
          tone="ghost"
          size="sm"
          icon={<ArrowDownWideNarrow />}
          aria-label={t('queue.sortedBy', { column: t(`queue.sortNames.${sort.by}`) })}
        >
          <span className="max-w-24 truncate font-normal @max-[600px]:hidden">
            {t(`queue.sortNames.${sort.by}`).split(',')[0]}
          </span>
        </Button>
      }
    >
      <MenuChoice
        value={sort.by}
        onChange={(by) =>
          viewActs.sortBy({ by, dir: by === 'priority' || by === 'updated' || by === 'tier' ? 'desc' : 'asc' })
        }
        options={queueSorts.map((value) => ({ value, label: t(`queue.sortNames.${value}`) }))}
      />
    </Menu>
  );
}
