import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/use-translation.tsx';
import { cx } from '../lib/cx.ts';
import { IconButton } from './button.tsx';
import { useEscape } from './use-escape.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons at the right of the foot. */
  readonly actions?: ReactNode;
  /** Quiet words at the left of the foot. */
  readonly footnote?: ReactNode;
  readonly width?: 'sm' | 'md' | 'lg';
  readonly children?: ReactNode;
}

const widths = { sm: 'w-[420px]', md: 'w-[600px]', lg: 'w-[760px]' } as const;

/** Into the form, not onto the button that closes it; where there is none, onto the act. */
function focusBody(event: Event): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  const field = target.querySelector<HTMLElement>(
    '[data-dialog-body] :is(textarea, select, [role=combobox], input:not([type=radio]), input:checked):enabled',
  );
  const first = field ?? target.querySelector<HTMLElement>('footer button:enabled');
  if (first === null) return;
  event.preventDefault();
  first.focus();
}

/**
 * A modal dialog. The scrim is ours: Radix's own Overlay would inject a style tag, which the page's policy forbids.
 */
export function Dialog({ open, onClose, title, description, actions, footnote, width = 'md', children }: DialogProps) {
  const { t } = useTranslation();
  const escapes = useEscape(onClose);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="fade-in fixed inset-0 z-40 bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-start justify-center px-4 pt-[9vh] pb-4">
          <Radix.Content
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            onOpenAutoFocus={focusBody}
            {...escapes}
            className={cx(
              'pop-in pointer-events-auto flex max-h-[82vh] max-w-full flex-col rounded-xl bg-raised shadow-pop outline-none',
              widths[width],
            )}
          >
            <header className="flex items-start gap-4 border-line border-b px-5 pt-4 pb-3">
              <div className="min-w-0 flex-1">
                <Radix.Title className="font-bold text-md text-text-1">{title}</Radix.Title>
                {description !== undefined && (
                  <Radix.Description className="mt-0.5 text-sm text-text-2">{description}</Radix.Description>
                )}
              </div>
              <Radix.Close asChild>
                <IconButton label={t('common.close')} className="-mt-0.5 -mr-1.5">
                  <X />
                </IconButton>
              </Radix.Close>
            </header>
            <div data-dialog-body="" className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
              {children}
            </div>
            {(actions !== undefined || footnote !== undefined) && (
              <footer className="flex items-center gap-3 border-line border-t px-5 py-3">
                <div className="min-w-0 flex-1 text-text-3 text-xs">{footnote}</div>
                <div className="flex shrink-0 gap-2">{actions}</div>
              </footer>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
