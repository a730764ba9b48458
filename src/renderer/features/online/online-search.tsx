import { CloudOff, Globe, LoaderCircle, SearchX } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConsoleError } from '../../../protocol/console/client.ts';
import type { ConsoleResult } from '../../../protocol/console/methods.ts';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useLinkState } from '../../client/use-session.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { TicketCode } from '../../components/ticket-code.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { holdOnlineSearch } from '../../state/online-handle.ts';
import { useView, viewActs } from '../../state/view-store.ts';

type Found = ConsoleResult<'search.store'>;

interface OnlineSearchProps {
  readonly text: string;
  /** How many this console has found itself; undefined while it looks. */
  readonly foundHere: number | undefined;
}

/** This few found here, and the offer says why there may be more elsewhere. */
const FEW = 5;

/** The end of the results of a search: closed tickets that this console no longer holds are asked for at the desk, on demand. */
export function OnlineSearch({ text, foundHere }: OnlineSearchProps) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const offline = useLinkState() === 'offline';
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Found | null>(null);
  const [failure, setFailure] = useState<ConsoleError | null>(null);
  const asking = useRef(false);

  const ask = useCallback(async () => {
    if (asking.current) return;
    asking.current = true;
    setBusy(true);
    setFailure(null);
    const answer = await client.call('search.store', { text });
    asking.current = false;
    setBusy(false);
    if (answer.ok) setFound(answer.value);
    else setFailure(answer.error);
  }, [client, text]);
  useEffect(() => holdOnlineSearch(() => void ask()), [ask]);

  if (found !== null) return <OnlineResults found={found} text={text} />;
  const why = failure !== null ? (failure.code === 'offline' ? t('online.offline') : words.error(failure)) : null;
  return (
    <div className="flex items-start gap-3 px-5 py-3 text-sm" data-online-search="">
      {why === null && !offline ? (
        <Globe aria-hidden="true" className="mt-1 size-4 shrink-0 text-text-3" />
      ) : (
        <CloudOff aria-hidden="true" className="mt-1 size-4 shrink-0 text-amber" />
      )}
      <div className="min-w-0 flex-1">
        <p className="text-text-1">{t('online.offer')}</p>
        <p
          role={why === null ? undefined : 'alert'}
          className={cx('text-xs', why === null ? 'text-text-3' : 'text-amber')}
        >
          {why ??
            (offline
              ? t('online.offlineNow')
              : foundHere !== undefined && foundHere <= FEW
                ? t('online.why')
                : t('online.whyShort'))}
        </p>
      </div>
      <Button
        busy={busy}
        icon={busy ? <LoaderCircle className="animate-spin" /> : undefined}
        shortcut="mod+enter"
        disabled={offline}
        onClick={() => void ask()}
      >
        {t('online.ask')}
      </Button>
    </div>
  );
}

function OnlineResults({ found, text }: { readonly found: Found; readonly text: string }) {
  const { t } = useTranslation();
  const { rows, more, closedWindowDays } = found;
  return (
    <section aria-label={t('online.results', { text })}>
      <h2
        className="flex items-center gap-2 border-line border-y bg-side px-5 py-1.5 text-text-2 text-xs"
        role="status"
      >
        {rows.length === 0 ? <SearchX className="size-3.5" /> : <Globe className="size-3.5 text-accent" />}
        {rows.length === 0
          ? t('online.none', { text })
          : t('online.found', { count: rows.length, days: closedWindowDays ?? 0 })}
      </h2>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <OnlineRow row={row} />
          </li>
        ))}
      </ul>
      {more && <p className="px-5 py-2.5 text-text-3 text-xs">{t('online.more')}</p>}
    </section>
  );
}

function OnlineRow({ row }: { readonly row: QueueRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const selected = useView((state) => state.selectedTicketId === row.id);
  return (
    <button
      type="button"
      onClick={() => viewActs.openTicket(row.id)}
      className={cx(
        'flex w-full items-center gap-3 border-line-soft border-b px-4 py-1.5 text-left focus-visible:-outline-offset-2',
        selected ? 'bg-accent-wash shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
      )}
    >
      <span className="flex w-5 shrink-0 justify-center">
        <PriorityBars level={row.priority.level} silent />
      </span>
      <span className="w-[58px] shrink-0">
        <TicketCode number={row.number} provisionalCode={row.provisionalCode} short />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold text-sm">{row.subject}</span>
        <span className="flex min-w-0 items-center gap-1.5 text-text-2 text-xs">
          <Badge tone="accent" dashed>
            {t('online.mark')}
          </Badge>
          <span className="truncate">
            {row.requesterName}{' '}
            <span className="text-text-3">
              · {row.orgUnitName ?? row.siteName} · {t(`status.${row.status}`)}
            </span>
          </span>
        </span>
      </span>
      <time className="shrink-0 whitespace-nowrap text-text-2 text-xs" title={format.full(row.updatedAt)}>
        {format.moment(row.updatedAt, now)}
      </time>
    </button>
  );
}
