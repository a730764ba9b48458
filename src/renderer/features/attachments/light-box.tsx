import { ChevronLeft, ChevronRight, Download, FileWarning, Scan, X, ZoomIn } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { thumbnailUrl } from './file-icon.tsx';
import { FileName } from './file-name.tsx';
import { useWhereWords, WhereBar } from './file-where.tsx';
import type { TicketFile } from './ticket-files.ts';
import { useTicketFiles } from './ticket-files-context.ts';
import { usePicture } from './use-picture.ts';

interface LightBoxProps {
  readonly openedId: string;
  readonly onMove: (attachmentId: string) => void;
  readonly onClose: () => void;
}

/** The pictures of a ticket, one at a time over everything: arrows, zoom, save, Esc. */
export function LightBox({ openedId, onMove, onClose }: LightBoxProps) {
  const { t } = useTranslation();
  const { files, fileById, save } = useTicketFiles();
  const opened = fileById.get(openedId);
  const listed = files.filter(({ picture }) => picture);
  // One of a parked act is not the ticket's yet: it is looked at alone.
  const pictures = opened === undefined || listed.includes(opened) ? listed : [opened];
  const index = pictures.findIndex(({ entry }) => entry.event.attachmentId === openedId);
  const file = pictures[index];
  const [full, setFull] = useState(false);
  const before = useRef(document.activeElement);
  if (file === undefined) return null;
  const { attachmentId, name } = file.entry.event;
  const move = (by: -1 | 1) => {
    const next = pictures[index + by];
    if (next === undefined) return;
    setFull(false);
    onMove(next.entry.event.attachmentId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowRight' && !full) move(1);
    else if (event.key === 'ArrowLeft' && !full) move(-1);
    else if (event.key === '1') setFull(true);
    else if (event.key === '0') setFull(false);
    else if (event.key === 's') save(attachmentId);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Radix.Root open onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="fade-in fixed inset-0 z-40 bg-[var(--box)]" />
        <Radix.Content
          aria-describedby={undefined}
          data-theme="dark"
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.target instanceof HTMLElement) event.target.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          className="fixed inset-0 z-50 flex flex-col text-white outline-none"
        >
          <header className="flex h-13 shrink-0 items-center gap-2 px-4">
            <Radix.Title className="sr-only">{t('attachments.box.label')}</Radix.Title>
            <div className="min-w-0 flex-1">
              <FileName name={name} className="font-semibold text-sm" />
              <About file={file} />
            </div>
            {pictures.length > 1 && (
              <span className="shrink-0 px-2 text-white/70 text-xs" role="status">
                {t('attachments.box.of', { n: index + 1, total: pictures.length })}
              </span>
            )}
            <BoxButton label={t(full ? 'attachments.box.fit' : 'attachments.box.full')} onClick={() => setFull(!full)}>
              {full ? <Scan /> : <ZoomIn />}
            </BoxButton>
            <BoxButton label={t('attachments.save', { name })} onClick={() => save(attachmentId)}>
              <Download />
            </BoxButton>
            <Radix.Close asChild>
              <BoxButton label={t('common.close')}>
                <X />
              </BoxButton>
            </Radix.Close>
          </header>
          <div className="relative flex min-h-0 flex-1">
            <Shown key={attachmentId} file={file} full={full} onZoom={() => setFull(!full)} onOutside={onClose} />
            {index > 0 && (
              <BoxButton label={t('attachments.box.previous')} className="left-3" floats onClick={() => move(-1)}>
                <ChevronLeft />
              </BoxButton>
            )}
            {index < pictures.length - 1 && (
              <BoxButton label={t('attachments.box.next')} className="right-3" floats onClick={() => move(1)}>
                <ChevronRight />
              </BoxButton>
            )}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function About({ file }: { readonly file: TicketFile }) {
  const format = useFormat();
  const now = useNow();
  const { name } = useTicketWords();
  const { entry } = file;
  return (
    <p className="truncate text-white/65 text-xs">
      {name(entry.actorId)} · {format.moment(entry.occurredAt, now)} · {format.bytes(entry.event.size)}
    </p>
  );
}

interface ShownProps {
  readonly file: TicketFile;
  readonly full: boolean;
  readonly onZoom: () => void;
  readonly onOutside: () => void;
}

function Shown({ file, full, onZoom, onOutside }: ShownProps) {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { fetch, save, failures } = useTicketFiles();
  const words = useWhereWords();
  const picture = usePicture(view.ticket.id, file);
  const { attachmentId, name, thumbnail } = file.entry.event;
  const wanted = !file.here && (file.where.kind === 'download' || file.where.kind === 'failed');
  const failed = failures.has(attachmentId);
  // Opened is asked for: brought at once, and again only when the person says so.
  const asked = useRef(false);
  useEffect(() => {
    if (!wanted) asked.current = false;
    else if (!asked.current && !failed && file.where.kind !== 'failed') {
      asked.current = true;
      fetch(attachmentId);
    }
  }, [wanted, failed, file.where.kind, fetch, attachmentId]);

  if (picture.state === 'shown') {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes by keyboard, 1 and 0 zoom
      // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes by keyboard, 1 and 0 zoom
      <div
        tabIndex={full ? 0 : -1}
        onClick={(event) => event.target === event.currentTarget && onOutside()}
        className={
          full ? 'min-h-0 flex-1 overflow-auto p-4' : 'flex min-h-0 flex-1 items-center justify-center p-4 pt-1'
        }
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button above does the same */}
        <img
          alt={name}
          src={picture.url}
          draggable={false}
          onClick={onZoom}
          className={full ? 'm-auto max-w-none cursor-zoom-out' : 'max-h-full max-w-full cursor-zoom-in object-contain'}
        />
      </div>
    );
  }
  const refused = picture.state === 'notPicture' || picture.state === 'tooLarge';
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      {!refused && thumbnail !== null && (
        <div className="relative overflow-hidden rounded-md">
          <img alt="" src={thumbnailUrl(thumbnail)} className="max-h-[48vh] min-w-64 object-contain opacity-80" />
          <WhereBar where={file.where} />
        </div>
      )}
      {refused && <FileWarning aria-hidden="true" className="size-10 text-white/60" />}
      <p role="status" className="max-w-100 text-sm text-white/85">
        {refused
          ? t(`attachments.box.${picture.state}`)
          : picture.state === 'failed'
            ? t('attachments.failed.other')
            : file.here
              ? t('attachments.box.loading')
              : file.where.kind === 'withAuthor'
                ? t('attachments.withAuthorHint')
                : words(file)}
      </p>
      {refused && (
        <Button icon={<Download />} onClick={() => save(attachmentId)}>
          {t('attachments.box.save')}
        </Button>
      )}
      {wanted && (failed || file.where.kind === 'failed') && (
        <Button onClick={() => fetch(attachmentId)}>{t('common.retry')}</Button>
      )}
    </div>
  );
}

interface BoxButtonProps {
  readonly label: string;
  readonly onClick?: () => void;
  readonly floats?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

const BoxButton = ({ floats = false, className = '', ...rest }: BoxButtonProps) => (
  <IconButton
    {...rest}
    className={`min-h-10 min-w-10 text-white/80 hover:bg-white/15 hover:text-white ${floats ? '-translate-y-1/2 absolute top-1/2 rounded-full bg-[var(--box)]' : ''} ${className}`}
  />
);
