import type { FileOnItsWay } from '../../../protocol/console/attachment-methods.ts';
import type { Connection } from '../../../protocol/console/rows.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat } from '../../lib/use-format.ts';
import { viewActs } from '../../state/view-store.ts';
import { FileFace, FileName } from '../attachments/index.ts';

interface RowsProps {
  readonly files: readonly FileOnItsWay[];
  readonly connection: Connection;
}

/** Files that follow an act which the desk has answered: name, how far, and whether it is being tried again. */
export function FilesOnTheirWay({ files, connection }: RowsProps) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className="px-4 pt-3 pb-1 text-2xs text-text-3">{t('attachments.outbox.section')}</h3>
      <ul aria-label={t('attachments.outbox.section')}>
        {files.map((file) => (
          <FileRow key={file.attachmentId} file={file} connection={connection} />
        ))}
      </ul>
    </>
  );
}

function FileRow({ file, connection }: { readonly file: FileOnItsWay; readonly connection: Connection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name, size, sent, state, failures, deskFull, thumbnail, ticketId, ticketCode, ticketSubject } = file;
  const percent = Math.min(99, Math.floor((sent * 100) / Math.max(1, size)));
  const words =
    state === 'sending'
      ? t('attachments.where.sending', { percent })
      : deskFull
        ? t('attachments.outbox.deskFull')
        : failures > 0
          ? t('attachments.outbox.retrying', { count: failures })
          : t(connection.state === 'online' ? 'attachments.state.waitingTurn' : 'outbox.state.waiting');
  return (
    <li data-file-on-its-way={state} className="relative border-line-soft border-b last:border-0">
      <button
        type="button"
        onClick={() => {
          viewActs.openTicket(ticketId);
          viewActs.showOutbox(false);
        }}
        className="flex w-full items-start gap-2.5 px-4 py-2 text-left hover:bg-text-1/3 focus-visible:-outline-offset-2"
      >
        <FileFace name={name} thumbnail={thumbnail} className="-mx-1.5 mt-0.5 size-7" />
        <span className="min-w-0 flex-1">
          <span className="flex gap-2 text-sm">
            <span className="flex min-w-0 flex-1">
              <FileName name={name} className="font-medium" />
              <span className="shrink-0 whitespace-pre text-text-3"> · {format.bytes(size)}</span>
            </span>
            <span className={cx('shrink-0 font-semibold text-xs', state === 'sending' ? 'text-accent' : 'text-amber')}>
              {words}
            </span>
          </span>
          <span className="block truncate text-text-3 text-xs">
            <span className="font-mono">{ticketCode}</span> · {ticketSubject}
          </span>
        </span>
      </button>
      {state === 'sending' && (
        <progress
          aria-label={t('attachments.where.sending', { percent })}
          className="fill-bar absolute inset-x-0 bottom-0 w-full"
          max={size}
          value={sent}
        />
      )}
    </li>
  );
}
