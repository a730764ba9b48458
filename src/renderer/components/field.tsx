import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from '../lib/cx.ts';

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly className?: string;
  /** Gets the id that the label points at, and the id of hint or error. */
  readonly children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}

export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const noteId = useId();
  const note = error ?? hint;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="font-semibold text-text-1 text-xs">
        {label}
      </label>
      {children({ id, describedBy: note === undefined || note === null ? undefined : noteId })}
      {note !== undefined && note !== null && (
        <p id={noteId} role={error ? 'alert' : undefined} className={cx('text-xs', error ? 'text-red' : 'text-text-3')}>
          {note}
        </p>
      )}
    </div>
  );
}

const box =
  'w-full rounded-md border border-line bg-field px-2.5 text-sm text-text-1 hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent/25 focus-visible:outline-offset-0 aria-invalid:border-red disabled:opacity-50';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input autoComplete="off" spellCheck={false} {...rest} className={cx(box, 'h-8', className)} />;
}

/** Grows with its text up to twelve lines. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={3}
      {...rest}
      className={cx(box, 'field-sizing-content max-h-60 min-h-8 resize-none py-1.5', className)}
    />
  );
}
