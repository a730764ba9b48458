import { Check, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { cx } from '../lib/cx.ts';

export interface Hit {
  readonly id: string;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly icon?: ReactNode;
}

interface SearchPickerProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly hits: readonly Hit[];
  readonly pickedId: string | null;
  readonly onPick: (id: string) => void;
  readonly placeholder?: string;
  /** Said in the list when nothing is found. */
  readonly empty?: ReactNode;
  readonly autoFocus?: boolean;
  readonly invalid?: boolean;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly onBlur?: () => void;
  readonly className?: string;
}

/** A search whose answers stand under it: type, arrows, Enter. The first answer is always ready to be taken. */
export function SearchPicker(props: SearchPickerProps) {
  const {
    label,
    text,
    onText,
    hits,
    pickedId,
    onPick,
    placeholder,
    empty,
    autoFocus,
    invalid,
    id,
    describedBy,
    onBlur,
    className,
  } = props;
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(active, Math.max(0, hits.length - 1));
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at + step + hits.length) % Math.max(1, hits.length));
    }
    const hit = hits[at];
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && hit !== undefined) {
      event.preventDefault();
      onPick(hit.id);
    }
  };
  return (
    <div className={cx('flex min-h-0 flex-col gap-1.5', className)}>
      <div className="relative">
        <Search
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-[15px] text-text-3"
        />
        <input
          id={id}
          role="combobox"
          aria-label={label}
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-activedescendant={hits[at] === undefined ? undefined : `${listId}-${at}`}
          aria-invalid={invalid || undefined}
          aria-describedby={describedBy}
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the first field of a dialog that the person has just opened
          autoFocus={autoFocus}
          value={text}
          placeholder={placeholder}
          onChange={(event) => {
            setActive(0);
            onText(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={onBlur}
          className="h-8 w-full rounded-md border border-line bg-field pr-2.5 pl-8 text-sm hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent/25 focus-visible:outline-offset-0 aria-invalid:border-red"
        />
      </div>
      {hits.length === 0 && empty !== undefined ? (
        <div className="px-2 py-1.5 text-sm text-text-3">{empty}</div>
      ) : (
        <ul ref={list} id={listId} role="listbox" aria-label={label} className="max-h-64 min-h-0 overflow-y-auto">
          {hits.map((hit, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list are heard by its input
            <li
              key={hit.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => index !== at && setActive(index)}
              onClick={() => onPick(hit.id)}
              className={cx(
                'flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 py-1',
                index === at && 'bg-hover',
              )}
            >
              {hit.icon}
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm text-text-1">{hit.title}</span>
                {hit.detail !== undefined && <span className="block truncate text-text-3 text-xs">{hit.detail}</span>}
              </span>
              {hit.id === pickedId && <Check aria-hidden="true" className="size-4 shrink-0 text-accent" />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
