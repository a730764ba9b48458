import { cx } from '../lib/cx.ts';

interface TicketCodeProps {
  readonly number: string | null;
  readonly provisionalCode: string;
  /** Last digits only, for lists. */
  readonly short?: boolean;
  readonly className?: string;
}

/** Official number, or in amber the provisional code that stands in for it. */
export function TicketCode({ number, provisionalCode, short = false, className }: TicketCodeProps) {
  const text = number === null ? provisionalCode : short ? (number.split('-').at(-1) ?? number) : number;
  return (
    <span
      title={number === null ? undefined : `${number} · ${provisionalCode}`}
      className={cx(
        'whitespace-nowrap font-mono text-xs',
        number === null ? 'font-semibold text-amber' : 'text-text-3',
        className,
      )}
    >
      {text}
    </span>
  );
}
