import type { ComponentProps, ReactNode } from 'react';
import { cx } from '../lib/cx.ts';
import { Kbd } from './kbd.tsx';

export type ButtonTone = 'primary' | 'default' | 'ghost' | 'danger';

interface ButtonProps extends ComponentProps<'button'> {
  readonly tone?: ButtonTone;
  readonly size?: 'sm' | 'md';
  readonly icon?: ReactNode;
  /** Key shown beside the label, as the actions name it: `mod+enter`. */
  readonly shortcut?: string | undefined;
  readonly busy?: boolean;
}

const tones: Record<ButtonTone, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover border-transparent shadow-low',
  default: 'bg-panel text-text-1 border-line hover:bg-hover shadow-low',
  ghost: 'border-transparent text-text-2 hover:bg-hover hover:text-text-1',
  danger: 'bg-panel text-red border-line hover:bg-red-wash shadow-low',
};

export function Button({ tone = 'default', size = 'md', icon, shortcut, busy = false, ...rest }: ButtonProps) {
  const { className, children, disabled, ...button } = rest;
  return (
    <button
      type="button"
      {...button}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-semibold',
        'disabled:pointer-events-none disabled:opacity-50 [&_svg]:shrink-0',
        size === 'sm' ? 'h-6 px-2 text-xs [&_svg]:size-3.5' : 'h-[30px] px-2.5 text-sm [&_svg]:size-[15px]',
        tones[tone],
        className,
      )}
    >
      {icon}
      {children}
      {shortcut !== undefined && <Kbd keys={shortcut} quiet={tone === 'primary'} />}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  readonly label: string;
  readonly pressed?: boolean;
}

/** A button that is only an icon: its name is its label, shown on hover by the browser. */
export function IconButton({ label, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      {...rest}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-text-3 hover:bg-hover hover:text-text-1',
        'disabled:pointer-events-none disabled:opacity-50 aria-pressed:bg-accent-wash aria-pressed:text-accent [&_svg]:size-4',
        className,
      )}
    >
      {children}
    </button>
  );
}
