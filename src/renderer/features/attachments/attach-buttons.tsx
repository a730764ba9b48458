import { Camera, Paperclip } from 'lucide-react';
import { type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { CameraDialog } from './camera-dialog.tsx';
import type { StagedFiles } from './use-staged-files.ts';

const stop = (event: SyntheticEvent) => event.stopPropagation();

interface AttachButtonsProps {
  readonly files: StagedFiles;
  /** `icons` under a text that stands alone, `words` in a form. */
  readonly look: 'icons' | 'words';
}

/** The picker and the camera. Paste and drop belong to the text around them. */
export function AttachButtons({ files, look }: AttachButtonsProps) {
  const { t } = useTranslation();
  const [camera, setCamera] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const pick = () => picker.current?.click();
  // A dialog over a form gives the focus back to nobody: the keys belong to the form again.
  const cameraButton = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    const closed = wasOpen.current && !camera;
    wasOpen.current = camera;
    if (!closed) return;
    const timer = setTimeout(() => cameraButton.current?.focus(), 30);
    return () => clearTimeout(timer);
  }, [camera]);
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        data-testid="file-picker"
        className="hidden"
        onChange={(event) => {
          files.add({ files: [...(event.target.files ?? [])], folders: [] });
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
      {look === 'icons' ? (
        <>
          <IconButton label={t('attachments.addLabel')} className="touch-target" onClick={pick}>
            <Paperclip />
          </IconButton>
          <IconButton
            ref={cameraButton}
            label={t('attachments.photo')}
            className="touch-target"
            onClick={() => setCamera(true)}
          >
            <Camera />
          </IconButton>
        </>
      ) : (
        <div className="flex gap-1.5">
          <Button size="sm" icon={<Paperclip />} className="touch-target" onClick={pick}>
            {t('attachments.add')}
          </Button>
          <Button
            ref={cameraButton}
            size="sm"
            icon={<Camera />}
            className="touch-target"
            onClick={() => setCamera(true)}
          >
            {t('attachments.photo')}
          </Button>
        </div>
      )}
      {camera && (
        // The form around it hears none of its keys: Ctrl+Enter here saves no text.
        // biome-ignore lint/a11y/noStaticElementInteractions: only keeps events from what stands around it
        <div className="contents" onKeyDown={stop} onPaste={stop} onBlur={stop}>
          <CameraDialog
            onTaken={(photo) => files.add({ files: [photo], folders: [] })}
            onClose={() => setCamera(false)}
          />
        </div>
      )}
    </>
  );
}
