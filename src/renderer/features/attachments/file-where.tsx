import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import type { FileWhere, TicketFile } from './ticket-files.ts';
import { useTicketFiles } from './ticket-files-context.ts';

const tones: Readonly<Record<FileWhere['kind'], string>> = {
  waiting: 'font-semibold text-amber',
  sending: 'font-semibold text-accent',
  held: 'font-semibold text-red',
  sent: 'text-text-3',
  here: 'text-text-3',
  withAuthor: 'text-text-3',
  download: 'text-accent',
  downloadWaiting: 'text-accent',
  fetching: 'font-semibold text-accent',
  failed: 'font-semibold text-red',
};

/** Codes that have words of their own beside a file; the rest shares some. */
const spoken = ['offline', 'notFound', 'diskFull'] as const;

/** Where a file is, in words. */
export function useWhereWords(): (file: TicketFile) => string {
  const { t } = useTranslation();
  const { failures } = useTicketFiles();
  return ({ entry, where }) => {
    const failure = failures.get(entry.event.attachmentId);
    if (failure !== undefined && (where.kind === 'download' || where.kind === 'failed'))
      return t(`attachments.failed.${spoken.find((code) => code === failure) ?? 'other'}`);
    return 'percent' in where
      ? t(`attachments.where.${where.kind}`, { percent: where.percent })
      : t(`attachments.where.${where.kind}`);
  };
}

/** `short`: where there is room for a word or two. */
export function WhereWords({ file, short = false }: { readonly file: TicketFile; readonly short?: boolean }) {
  const { t } = useTranslation();
  const words = useWhereWords()(file);
  const { failures } = useTicketFiles();
  const failed = failures.has(file.entry.event.attachmentId) && !file.here;
  return (
    <span
      data-where={file.where.kind}
      title={file.where.kind === 'withAuthor' ? t('attachments.withAuthorHint') : short ? words : undefined}
      className={cx(failed ? 'font-semibold text-amber' : tones[file.where.kind])}
    >
      {short && file.where.kind === 'waiting' ? t('attachments.where.waitingShort') : words}
    </span>
  );
}

/** How far it is, in a hairline at the foot of what it stands in. */
export function WhereBar({ where }: { readonly where: FileWhere }) {
  if (!('percent' in where)) return null;
  return (
    <progress
      aria-hidden="true"
      className="fill-bar absolute inset-x-0 bottom-0 w-full"
      max={100}
      value={where.percent}
    />
  );
}
