import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { FileFace } from './file-icon.tsx';
import { FileName } from './file-name.tsx';
import { useWhereWords, WhereBar, WhereWords } from './file-where.tsx';
import type { TicketFile } from './ticket-files.ts';
import { useTicketFiles } from './ticket-files-context.ts';

/** Every file of the ticket, newest first; nothing while it has none. */
export function FileList() {
  const { t } = useTranslation();
  const { files } = useTicketFiles();
  if (files.length === 0) return null;
  return (
    <section aria-label={t('attachments.title')} className="flex flex-col gap-1">
      <h3 className="text-text-3 text-xs">{t('attachments.titleCount', { n: files.length })}</h3>
      <ul className="-mx-1.5 flex max-h-64 flex-col overflow-y-auto">
        {files.toReversed().map((file) => (
          <FileItem key={file.entry.event.attachmentId} file={file} />
        ))}
      </ul>
    </section>
  );
}

function FileItem({ file }: { readonly file: TicketFile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { open, save } = useTicketFiles();
  const where = useWhereWords();
  const { attachmentId, name, size, thumbnail } = file.entry.event;
  const label = file.picture ? 'attachments.open' : file.here ? 'attachments.save' : 'attachments.download';
  return (
    <li className="relative">
      <button
        type="button"
        aria-label={`${t(label, { name })}, ${format.bytes(size)}, ${where(file)}`}
        onClick={() => (file.picture ? open(attachmentId) : save(attachmentId))}
        className="flex w-full items-center gap-2 rounded-md px-1.5 py-1 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <FileFace name={name} thumbnail={thumbnail} className="size-8" />
        <span className="min-w-0 flex-1 text-xs leading-4">
          <FileName name={name} className="text-text-1" />
          <span className="block truncate text-text-3">
            {format.bytes(size)} · <WhereWords file={file} />
          </span>
        </span>
      </button>
      <WhereBar where={file.where} />
    </li>
  );
}
