import { Download } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat } from '../../lib/use-format.ts';
import { FileFace, thumbnailUrl } from './file-icon.tsx';
import { FileName } from './file-name.tsx';
import { useWhereWords, WhereBar, WhereWords } from './file-where.tsx';
import type { FileEntry, TicketFile } from './ticket-files.ts';
import { useTicketFiles } from './ticket-files-context.ts';

/** The files of one act: its pictures as pictures, then everything else in lines. */
export function FileGrid({ entries }: { readonly entries: readonly FileEntry[] }) {
  const { t } = useTranslation();
  const { fileById } = useTicketFiles();
  if (entries.length === 0) return null;
  const files = entries.flatMap(({ event }) => fileById.get(event.attachmentId) ?? []);
  const pictures = files.filter(({ picture }) => picture);
  const others = files.filter(({ picture }) => !picture);
  return (
    <ul aria-label={t('attachments.title')} className="mt-2 mb-0.5 flex flex-col gap-2">
      {pictures.length > 0 && (
        <li className="contents">
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-2">
            {pictures.map((file) => (
              <PictureTile key={file.entry.event.attachmentId} file={file} />
            ))}
            {/* Keeps one picture from filling the whole row. */}
            {pictures.length === 1 && <li aria-hidden="true" />}
          </ul>
        </li>
      )}
      {others.map((file) => (
        <FileLine key={file.entry.event.attachmentId} file={file} />
      ))}
    </ul>
  );
}

interface FileProps {
  readonly file: TicketFile;
}
const attributes = ({ entry, where }: TicketFile) => ({
  'data-attachment-id': entry.event.attachmentId,
  'data-entry-id': entry.id,
  'data-file-state': where.kind,
});
const frame = ({ where, entry }: TicketFile) =>
  entry.pending !== null || where.kind === 'waiting' || where.kind === 'held'
    ? 'border-line-strong border-dashed'
    : 'border-line';

function PictureTile({ file }: FileProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useTicketFiles();
  const where = useWhereWords();
  const { attachmentId, name, size, thumbnail } = file.entry.event;
  return (
    <li {...attributes(file)} className={cx('group relative overflow-hidden rounded-md border bg-panel', frame(file))}>
      <button
        type="button"
        aria-label={`${t('attachments.open', { name })}, ${format.bytes(size)}, ${where(file)}`}
        onClick={() => open(attachmentId)}
        className="block w-full cursor-zoom-in text-left focus-visible:-outline-offset-2"
      >
        {thumbnail !== null && (
          <img
            alt=""
            src={thumbnailUrl(thumbnail)}
            className={cx('h-[108px] w-full bg-side object-cover', file.where.kind === 'withAuthor' && 'opacity-60')}
          />
        )}
        <span className="block px-2 pt-1 pb-1.5 text-xs leading-4">
          <FileName name={name} className="font-medium text-text-1" />
          <span className="block truncate text-text-3">
            {format.bytes(size)} · <WhereWords file={file} short />
          </span>
        </span>
      </button>
      <SaveButton
        file={file}
        className="absolute top-1 right-1 bg-panel/90 opacity-0 shadow-low focus-visible:opacity-100 group-hover:opacity-100"
      />
      <WhereBar where={file.where} />
    </li>
  );
}

function FileLine({ file }: FileProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { save } = useTicketFiles();
  const where = useWhereWords();
  const { attachmentId, name, size, thumbnail } = file.entry.event;
  const away = !file.here && (file.where.kind === 'withAuthor' || file.where.kind === 'waiting');
  return (
    <li
      {...attributes(file)}
      className={cx('relative flex items-center overflow-hidden rounded-md border bg-panel pr-1', frame(file))}
    >
      <button
        type="button"
        disabled={away}
        aria-label={`${t(file.here ? 'attachments.save' : 'attachments.download', { name })}, ${format.bytes(size)}, ${where(file)}`}
        onClick={() => save(attachmentId)}
        className="flex min-w-0 flex-1 items-center gap-2.5 p-1.5 text-left enabled:hover:bg-hover focus-visible:-outline-offset-2"
      >
        <FileFace name={name} thumbnail={thumbnail} className="size-9" />
        <span className="min-w-0 flex-1 text-xs leading-4">
          <FileName name={name} className="font-medium text-text-1" />
          <span className="block truncate text-text-3">
            {format.bytes(size)} · <WhereWords file={file} />
          </span>
        </span>
        {!away && <Download aria-hidden="true" className="mr-1.5 size-4 shrink-0 text-text-3" />}
      </button>
      <WhereBar where={file.where} />
    </li>
  );
}

function SaveButton({ file, className }: FileProps & { readonly className: string }) {
  const { t } = useTranslation();
  const { save } = useTicketFiles();
  const { attachmentId, name } = file.entry.event;
  if (!file.here && (file.where.kind === 'withAuthor' || file.where.kind === 'waiting')) return null;
  return (
    <IconButton
      label={t(file.here ? 'attachments.save' : 'attachments.download', { name })}
      className={cx('touch-target', className)}
      onClick={() => save(attachmentId)}
    >
      <Download />
    </IconButton>
  );
}
