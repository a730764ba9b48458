import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';

export interface Segment<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  /** Quieter words under the label. */
  readonly detail?: ReactNode;
}

interface SegmentedProps<V extends string> {
  /** Of the radio group; unique on the screen. */
  readonly name: string;
  readonly label: string;
  readonly value: V | null;
  readonly options: readonly Segment<V>[];
  readonly onChange: (value: V) => void;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly className?: string;
}

/** One of a few, all of them in sight: real radio buttons, so the arrows and the screen reader already know them. */
export function Segmented<V extends string>({
  name,
  label,
  value,
  options,
  onChange,
  disabled,
  autoFocus,
  className,
}: SegmentedProps<V>) {
  return (
    <fieldset
      disabled={disabled}
      className={cx('flex min-w-0 gap-0.5 rounded-md border border-line bg-field p-0.5', className)}
    >
      <legend className="sr-only">{label}</legend>
      {options.map((option, index) => (
        <label
          key={option.value}
          className={cx(
            'relative flex min-h-[26px] min-w-0 flex-1 cursor-default select-none flex-col items-center justify-center rounded-sm px-2 text-center font-medium text-xs',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent',
            option.value === value ? 'bg-accent-wash text-accent' : 'text-text-2 hover:bg-hover hover:text-text-1',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            // biome-ignore lint/a11y/noAutofocus: the first field of a dialog that the person has just opened
            autoFocus={autoFocus === true && (value === null ? index === 0 : option.value === value)}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 appearance-none opacity-0"
          />
          <span className="max-w-full truncate">{option.label}</span>
          {option.detail !== undefined && (
            <span className="max-w-full truncate font-normal text-2xs opacity-80">{option.detail}</span>
          )}
        </label>
      ))}
    </fieldset>
  );
}
