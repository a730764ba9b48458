import { cx } from '../lib/cx.ts';
import { keyLabels } from '../lib/keys.ts';

interface KbdProps {
  /** `mod+k`, `g m` (one after the other), `escape`. */
  readonly keys: string;
  /** On a coloured button. */
  readonly quiet?: boolean;
}

export function Kbd({ keys, quiet = false }: KbdProps) {
  return (
    <span aria-hidden="true" className="inline-flex items-center gap-0.5 font-sans">
      {keyLabels(keys).map((label) => (
        <span
          key={label}
          className={cx(
            'inline-flex h-[17px] min-w-[17px] items-center justify-center rounded-sm border px-1 text-2xs font-medium leading-none',
            quiet ? 'border-current/35 text-current/85' : 'border-line bg-panel text-text-3',
          )}
        >
          {label}
        </span>
      ))}
    </span>
  );
}
