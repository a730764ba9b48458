import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketUi } from '../../state/ticket-ui.ts';
import { AttachButtons, DropTarget, type StagedFiles, StagedList } from '../attachments/index.ts';
import { type DraftSigns, DraftStatus } from '../drafts/index.ts';
import type { Submission } from './use-submit.ts';

interface ActDialogProps {
  readonly title: string;
  readonly subtitle?: string;
  readonly submitLabel: string;
  readonly submission: Submission;
  readonly onSubmit: () => void;
  /** What the form keeps when it is closed; absent for a form that only chooses. */
  readonly draft?: DraftSigns;
  /** Files that go out with it; absent for a form that takes none. */
  readonly files?: StagedFiles;
  readonly footnote?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly width?: 'sm' | 'md' | 'lg';
  readonly children?: ReactNode;
}

/** The frame of every act that asks for something: says no in words inside it, and loses nothing when it is closed. */
export function ActDialog(props: ActDialogProps) {
  const {
    title,
    subtitle,
    submitLabel,
    submission,
    onSubmit,
    draft,
    files,
    footnote,
    danger = false,
    disabled = false,
    width = 'md',
    children,
  } = props;
  const { t } = useTranslation();
  const note = draft?.restored === true && draft.state === 'saved' ? t('dialogs.restored') : null;
  return (
    <Dialog
      open
      onClose={ticketUi.closeDialog}
      title={title}
      {...(subtitle === undefined ? {} : { description: subtitle })}
      width={width}
      footnote={
        <span className="flex items-center gap-2">
          <Kbd keys="escape" />
          {t('dialogs.cancel')}
          {draft !== undefined && draft.state !== 'clean' && (
            <>
              <span aria-hidden="true">·</span>
              {note ?? <DraftStatus draft={draft} />}
            </>
          )}
        </span>
      }
      actions={
        <Button
          tone={danger ? 'danger' : 'primary'}
          shortcut="mod+enter"
          busy={submission.busy}
          disabled={disabled}
          onClick={onSubmit}
        >
          {submission.busy && files !== undefined && files.reading > 0
            ? t('attachments.reading', { count: files.reading })
            : submitLabel}
        </Button>
      }
    >
      <DropTarget onFiles={files?.add ?? null} className="-mx-5 -my-4 px-5 py-4">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter sends from any field inside */}
        <div
          className="flex flex-col gap-3.5"
          onPaste={(event) => files?.paste(event.clipboardData) === true && event.preventDefault()}
          onBlur={draft?.flush}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !disabled) {
              event.preventDefault();
              onSubmit();
            }
          }}
        >
          {submission.error !== null && (
            <p role="alert" className="flex items-start gap-2 rounded-md bg-red-wash px-3 py-2 text-sm text-text-1">
              <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-red" />
              {submission.error}
            </p>
          )}
          {children}
          {files !== undefined && (
            <div className="flex flex-col gap-2">
              <AttachButtons files={files} look="words" />
              <StagedList files={files} />
            </div>
          )}
          {footnote !== undefined && footnote !== '' && <p className="text-text-3 text-xs">{footnote}</p>}
        </div>
      </DropTarget>
    </Dialog>
  );
}
