import { Crown, Monitor, Ticket } from 'lucide-react';
import type { Asset } from '../../../domain/directory.ts';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { useQuery } from '../../client/use-query.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { Skeleton } from '../../components/feedback.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';

interface CallerPanelProps {
  /** Chosen, or under the cursor of the search: known before the call goes on. */
  readonly personId: string | null;
  readonly assetId: string | null;
  readonly onAsset: (id: string | null) => void;
  readonly onOpenTicket: (id: string) => void;
}

/** What the desk already knows of the caller, while they are still saying their name. */
export function CallerPanel({ personId, assetId, onAsset, onOpenTicket }: CallerPanelProps) {
  const { t } = useTranslation();
  const { data, loading } = useQuery('people.caller', personId === null ? null : { personId }, ['queue', 'directory'], {
    keep: true,
  });
  if (personId === null || data === null) {
    return <p className="px-1 pt-2 text-sm text-text-3">{t('entry.caller.empty')}</p>;
  }
  if (data === undefined) {
    return loading ? (
      <div role="status" aria-busy="true" aria-label={t('entry.caller.loading')} className="flex flex-col gap-2 pt-1">
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-9 w-full" />
      </div>
    ) : null;
  }
  const { person, openTickets, devices } = data;
  return (
    <div className="flex flex-col gap-3.5">
      <div className="flex items-start gap-2.5">
        <Avatar name={person.name} size={30} />
        <div className="min-w-0">
          <p className="break-words font-semibold text-sm">{person.name}</p>
          {person.jobTitle !== null && <p className="text-text-2 text-xs">{person.jobTitle}</p>}
          {person.seniorManagement && (
            <span className="mt-1 block">
              <Badge tone="amber" icon={<Crown />}>
                {t('entry.caller.senior')}
              </Badge>
            </span>
          )}
        </div>
      </div>
      <OpenTickets rows={openTickets} onOpen={onOpenTicket} />
      <Devices devices={devices} assetId={assetId} onAsset={onAsset} />
    </div>
  );
}

const Heading = ({
  icon: Icon,
  text,
  count,
}: {
  readonly icon: typeof Ticket;
  readonly text: string;
  readonly count: number;
}) => (
  <h3 className="mb-1 flex items-center gap-1.5 font-semibold text-text-2 text-xs">
    <Icon aria-hidden="true" className="size-3.5 text-text-3" />
    {text}
    <span className="text-text-3">{count}</span>
  </h3>
);

function OpenTickets({ rows, onOpen }: { readonly rows: readonly QueueRow[]; readonly onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  return (
    <section>
      <Heading icon={Ticket} text={t('entry.caller.openTickets')} count={rows.length} />
      {rows.length === 0 && <p className="text-text-3 text-xs">{t('entry.caller.noTickets')}</p>}
      <ul className="-mx-1.5 flex flex-col">
        {rows.slice(0, 6).map((row) => (
          <li key={row.id}>
            <button
              type="button"
              title={t('entry.caller.reopenInstead')}
              onClick={() => onOpen(row.id)}
              className="flex w-full items-start gap-1.5 rounded-md px-1.5 py-1 text-left hover:bg-hover"
            >
              <PriorityBars level={row.priority.level} silent />
              <span className="min-w-0 flex-1">
                <span className="line-clamp-2 text-text-1 text-xs">{row.subject}</span>
                <span className="block truncate text-2xs text-text-3">
                  <span className="font-mono">{row.number ?? row.provisionalCode}</span> · {t(`status.${row.status}`)} ·{' '}
                  {format.age(row.registeredAt, now)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DevicesProps {
  readonly devices: readonly Asset[];
  readonly assetId: string | null;
  readonly onAsset: (id: string | null) => void;
}

function Devices({ devices, assetId, onAsset }: DevicesProps) {
  const { t } = useTranslation();
  return (
    <section>
      <Heading icon={Monitor} text={t('entry.caller.devices')} count={devices.length} />
      {devices.length === 0 && <p className="text-text-3 text-xs">{t('entry.caller.noDevices')}</p>}
      <ul className="flex flex-col gap-1">
        {devices.slice(0, 5).map((device) => {
          const chosen = device.id === assetId;
          return (
            <li key={device.id}>
              <button
                type="button"
                aria-pressed={chosen}
                onClick={() => onAsset(chosen ? null : device.id)}
                className={cx(
                  'flex w-full flex-col rounded-md border px-2 py-1 text-left',
                  chosen ? 'border-accent bg-accent-wash' : 'border-line hover:border-line-strong hover:bg-hover',
                )}
              >
                <span className="truncate font-mono text-text-1 text-xs">{device.hostName ?? device.tag}</span>
                <span className="truncate text-2xs text-text-3">
                  {[device.ip, device.model].filter((part) => part !== null && part !== '').join(' · ')}
                  {chosen && <span className="font-semibold text-accent"> · {t('entry.caller.chosen')}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
