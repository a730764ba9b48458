import { Command } from 'cmdk';
import { Check, ChevronDown } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from '../i18n/use-translation.tsx';
import { cx } from '../lib/cx.ts';
import { fold } from '../lib/fold.ts';
import { Popover } from './popover.tsx';

export interface Option<V extends string = string> {
  readonly value: V;
  readonly label: string;
  /** Second line or right-hand words. */
  readonly detail?: string | undefined;
  readonly icon?: ReactNode;
}

interface ComboboxProps<V extends string> {
  readonly value: V | null;
  readonly onChange: (value: V) => void;
  readonly options: readonly Option<V>[];
  readonly label: string;
  readonly placeholder?: string;
  readonly id?: string | undefined;
  readonly disabled?: boolean;
  readonly invalid?: boolean;
  readonly className?: string;
  /** Replaces the box of a form field: a chip of a filter bar. */
  readonly trigger?: ReactNode;
}

/** Every word that was typed begins somewhere in the label, accents aside. */
const matches = (value: string, search: string, keywords?: string[]): number =>
  fold(search)
    .split(/\s+/)
    .every((word) => fold([value, ...(keywords ?? [])].join(' ')).includes(word))
    ? 1
    : 0;

/** Choose one: a list that is also searched by typing once it is longer than eight. */
export function Combobox<V extends string>(props: ComboboxProps<V>) {
  const {
    value,
    onChange,
    options,
    label,
    placeholder = '',
    id,
    disabled = false,
    invalid = false,
    className,
    trigger,
  } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const listId = useId();
  const current = options.find((option) => option.value === value);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-[max(var(--radix-popover-trigger-width),220px)] overflow-hidden"
      label={label}
      trigger={
        trigger ?? (
          <button
            type="button"
            id={id}
            role="combobox"
            aria-label={label}
            aria-expanded={open}
            aria-controls={listId}
            aria-invalid={invalid || undefined}
            disabled={disabled}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown' && !open) {
                event.preventDefault();
                setOpen(true);
              }
            }}
            className={cx(
              'flex h-8 w-full items-center gap-2 rounded-md border border-line bg-field px-2.5 text-left text-sm',
              'hover:border-line-strong focus-visible:border-accent aria-invalid:border-red disabled:opacity-50',
              className,
            )}
          >
            {current?.icon}
            <span className={cx('min-w-0 flex-1 truncate', current === undefined && 'text-text-3')}>
              {current?.label ?? placeholder}
            </span>
            <ChevronDown className="size-3.5 shrink-0 text-text-3" />
          </button>
        )
      }
    >
      <Command label={label} filter={matches} defaultValue={current?.label ?? ''} loop>
        <Command.Input
          placeholder={t('common.search')}
          aria-label={label}
          className={cx(
            'h-9 w-full border-line border-b bg-transparent px-3 text-sm outline-none',
            options.length <= 8 && 'sr-only h-px border-0',
          )}
        />
        <Command.List id={listId} className="max-h-72 overflow-y-auto p-1">
          <Command.Empty className="px-2 py-3 text-center text-sm text-text-3">{t('common.noResults')}</Command.Empty>
          {options.map((option) => (
            <Command.Item
              key={option.value}
              value={`${option.label} ${option.value}`}
              keywords={option.detail === undefined ? [] : [option.detail]}
              onSelect={() => {
                onChange(option.value);
                setOpen(false);
              }}
              className="flex min-h-[30px] cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm data-[selected=true]:bg-hover"
            >
              {option.icon}
              <span className="min-w-0 flex-1 truncate">{option.label}</span>
              {option.detail !== undefined && <span className="shrink-0 text-text-3 text-xs">{option.detail}</span>}
              {option.value === value && <Check className="size-3.5 shrink-0 text-accent" />}
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Popover>
  );
}
