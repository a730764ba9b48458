import { ChevronDown } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Combobox, type Option } from '../../../components/combobox.tsx';
import { cx } from '../../../lib/cx.ts';

interface PropertyProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Property({ label, children }: PropertyProps) {
  return (
    <div className="grid grid-cols-[92px_1fr] items-start gap-x-2">
      <dt className="py-1 text-text-3 text-xs">{label}</dt>
      <dd className="min-w-0 text-sm">{children}</dd>
    </div>
  );
}

/** A value that opens its own editor. Looks like text until it is pointed at or focused. */
export function ValueButton({ className, children, ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(
        'group -ml-1.5 flex min-h-[26px] w-full max-w-full items-center gap-1 rounded-sm px-1.5 text-left',
        'enabled:hover:bg-hover disabled:cursor-text disabled:select-text',
        className,
      )}
    >
      <span className="min-w-0 flex-1 break-words">{children}</span>
      <ChevronDown
        aria-hidden="true"
        className="size-3 shrink-0 text-text-3 opacity-0 group-enabled:group-hover:opacity-100 group-enabled:group-focus-visible:opacity-100"
      />
    </button>
  );
}

/** Stands for an empty value in a list of choices. */
const NONE = '';

interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V | null;
  readonly shown: ReactNode;
  readonly options: readonly Option<V>[];
  /** Words of the choice that empties the field; absent where it may not be empty. */
  readonly none?: string;
  readonly disabled: boolean;
  readonly onChange: (value: V | null) => void;
}

/** A property chosen from a list, changed where it stands. */
export function ChoiceProperty<V extends string>({
  label,
  value,
  shown,
  options,
  none,
  disabled,
  onChange,
}: ChoiceProps<V>) {
  if (disabled) {
    return (
      <Property label={label}>
        <p className="py-[3px]">{shown}</p>
      </Property>
    );
  }
  const all: readonly Option[] = none === undefined ? options : [{ value: NONE, label: none }, ...options];
  return (
    <Property label={label}>
      <Combobox
        label={label}
        value={value ?? NONE}
        options={all}
        onChange={(chosen) => {
          const option = options.find((each) => each.value === chosen);
          const next = option?.value ?? null;
          if (next !== value) onChange(next);
        }}
        trigger={<ValueButton aria-label={label}>{shown}</ValueButton>}
      />
    </Property>
  );
}
