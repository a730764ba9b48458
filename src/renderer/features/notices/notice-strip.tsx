import {
  DatabaseBackup,
  FileExclamationPoint,
  FileX2,
  HardDriveDownload,
  LifeBuoy,
  type LucideIcon,
  MapPinned,
  Scaling,
  Wrench,
  X,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Notice } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useConnection } from '../../client/use-session.ts';
import type { Tone } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { viewActs } from '../../state/view-store.ts';
import { noticeWords } from './notice-words.ts';

const icons: Record<Notice['kind'], LucideIcon> = {
  scopeChanged: MapPinned,
  storeRestored: DatabaseBackup,
  cacheRebuilt: HardDriveDownload,
  cacheRepaired: Wrench,
  outboxSalvaged: LifeBuoy,
  actTooLarge: Scaling,
  attachmentHeld: FileX2,
  attachmentDamaged: FileExclamationPoint,
};
const tones: Record<Tone, string> = {
  neutral: 'text-text-3',
  accent: 'text-accent',
  red: 'text-red',
  amber: 'text-amber',
  green: 'text-green',
  violet: 'text-violet',
};

/**
 * What happened to this console and its person should know once: under the pill, newest first, until it is marked as read.
 * The region stands also when it is empty, or a reader would not hear the first notice.
 */
export function NoticeStrip() {
  const { t } = useTranslation();
  const connection = useConnection();
  const [all, setAll] = useState(false);
  // While the copy is being made anew the banner says so; the notice is for afterwards.
  const notices = (connection?.notices ?? []).filter(
    ({ kind }) => kind !== 'cacheRebuilt' || connection?.trouble !== 'cacheRebuilt',
  );
  const shown = all ? notices : notices.slice(0, 1);
  const hidden = notices.length - shown.length;
  return (
    <section aria-label={t('notice.label')} aria-live="polite" className="shrink-0">
      {shown.length > 0 && (
        <ul className="max-h-[42vh] overflow-y-auto border-line border-b bg-side">
          {shown.map((notice, index) => (
            <NoticeLine key={notice.id} notice={notice}>
              {index === 0 && notices.length > 1 && (
                <Button size="sm" tone="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
                  {hidden > 0 ? t('notice.more', { count: hidden }) : t('notice.fewer')}
                </Button>
              )}
            </NoticeLine>
          ))}
        </ul>
      )}
    </section>
  );
}

function NoticeLine({ notice, children }: { readonly notice: Notice; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const format = useFormat();
  const now = useNow();
  const { text, tone, seesOutbox } = noticeWords(notice, t, useWords());
  const Icon = icons[notice.kind];
  return (
    <li
      data-notice={notice.kind}
      className="flex items-start gap-2.5 border-line-soft border-b py-2 pr-3 pl-5 text-sm last:border-0"
    >
      <Icon aria-hidden="true" className={cx('mt-0.5 size-4 shrink-0', tones[tone])} />
      <p className={cx('min-w-0 flex-1 text-pretty', tone === 'neutral' ? 'text-text-2' : 'text-text-1')}>
        {text} <time className="whitespace-nowrap text-text-3 text-xs">{format.moment(notice.at, now)}</time>
      </p>
      {seesOutbox && (
        <Button size="sm" onClick={() => viewActs.showOutbox(true)}>
          {t('notice.seeOutbox')}
        </Button>
      )}
      {children}
      <IconButton
        label={t('notice.dismiss')}
        className="-my-0.5 size-6"
        onClick={() => void client.call('connection.dismissNotice', { id: notice.id })}
      >
        <X />
      </IconButton>
    </li>
  );
}
