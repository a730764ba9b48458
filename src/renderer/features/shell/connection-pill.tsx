import { useQuery } from '../../client/use-query.ts';
import type { Tone } from '../../components/badge.tsx';
import { Popover } from '../../components/popover.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useView, viewActs } from '../../state/view-store.ts';
import { OutboxPanel } from '../outbox/index.ts';
import { connectionWords } from './connection-words.ts';
import { useLink } from './use-link.ts';
import { useSilence } from './use-silence.ts';

const washes: Record<Tone, string> = {
  neutral: 'bg-hover text-text-2',
  accent: 'bg-accent-wash text-accent',
  red: 'bg-red-wash text-red',
  amber: 'bg-amber-wash text-amber',
  green: 'bg-green-wash text-green',
  violet: 'bg-violet-wash text-violet',
};

/** Says how the link stands; opens the outbox. Read out when it changes. */
export function ConnectionPill() {
  const { t } = useTranslation();
  const format = useFormat();
  const connection = useLink();
  const error = useQuery('connection.get', {}, ['connection', 'session', 'outbox']).error;
  const open = useView((state) => state.outboxOpen);
  const silentSince = useSilence(connection);
  if (connection === undefined) return null;
  const words =
    error?.code === 'hostGone'
      ? { tone: 'amber' as const, text: t('shell.pill.hostGone'), moving: true }
      : connectionWords(connection, t, format, silentSince);
  return (
    <Popover
      open={open}
      onOpenChange={viewActs.showOutbox}
      align="end"
      label={t('shell.actions.outbox')}
      className="w-[576px] max-w-[94vw] overflow-hidden"
      trigger={
        <button
          type="button"
          data-testid="connection-pill"
          className={cx(
            'flex h-[26px] min-w-0 items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 font-semibold text-xs hover:brightness-[0.98] dark:hover:brightness-110',
            washes[words.tone],
          )}
        >
          <span
            aria-hidden="true"
            className={cx('size-[7px] shrink-0 rounded-full bg-current', words.moving && 'breathe')}
          />
          <span
            className="truncate"
            role="status"
            aria-live="polite"
            aria-label={`${t('shell.pill.label')}: ${words.text}`}
          >
            {words.text}
          </span>
        </button>
      }
    >
      <OutboxPanel connection={connection} />
    </Popover>
  );
}
