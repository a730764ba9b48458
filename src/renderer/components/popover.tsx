import { Popover as Radix } from 'radix-ui';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { cx } from '../lib/cx.ts';

interface PopoverProps {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string;
  readonly label?: string;
}

/** Back to what opened it, unless something else has the focus by now: what was opened in the moment of closing keeps it. */
function giveBack(event: Event): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) event.preventDefault();
}

export function Popover({ trigger, children, open, onOpenChange, align = 'start', className, label }: PopoverProps) {
  const button = useRef<HTMLButtonElement>(null);
  const content = useRef<HTMLDivElement>(null);
  // Radix gives the focus back a task later: a key pressed meanwhile would go to nobody.
  useLayoutEffect(() => {
    if (open === false && content.current?.contains(document.activeElement)) button.current?.focus();
  }, [open]);
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <Radix.Trigger asChild ref={button}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          ref={content}
          align={align}
          sideOffset={6}
          collisionPadding={10}
          aria-label={label}
          onCloseAutoFocus={giveBack}
          className={cx('pop-in z-50 rounded-lg bg-raised shadow-pop outline-none', className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
