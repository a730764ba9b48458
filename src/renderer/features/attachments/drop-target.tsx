import { Paperclip } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { droppedFiles, type GivenFiles, hasFiles } from './given-files.ts';

interface DropTargetProps {
  /** Null: nothing is taken here. */
  readonly onFiles: ((given: GivenFiles) => void) | null;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Takes files that are dropped on it, and says so while they are held over it. What is dragged otherwise goes its own way. */
export function DropTarget({ onFiles, className, children }: DropTargetProps) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const leaves = (to: EventTarget | null) => !(to instanceof Node && box.current?.contains(to) === true);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what the pointer drops, the button beside the text takes by keyboard
    <div
      ref={box}
      className={cx('relative', className)}
      onDragEnter={(event) => onFiles !== null && hasFiles(event.dataTransfer) && setOver(true)}
      onDragOver={(event) => {
        if (onFiles === null || !hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDragLeave={(event) => leaves(event.relatedTarget) && setOver(false)}
      onDrop={(event) => {
        if (onFiles === null || !hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        onFiles(droppedFiles(event.dataTransfer));
      }}
    >
      {children}
      {over && (
        <div className="fade-in pointer-events-none absolute inset-1.5 z-20 flex flex-col items-center justify-center gap-1.5 rounded-lg border-2 border-accent border-dashed bg-accent-wash/90 text-center">
          <Paperclip aria-hidden="true" className="size-6 text-accent" />
          <p className="font-semibold text-accent text-md">{t('attachments.dropHere')}</p>
          <p className="text-sm text-text-2">{t('attachments.dropHint')}</p>
        </div>
      )}
    </div>
  );
}
