import { Search, UserRoundPlus, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Person } from '../../../domain/directory.ts';
import { useLinkState } from '../../client/use-session.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { type PersonHit, personHit, usePeople } from '../dialogs/index.ts';
import type { Caller } from './entry-form.ts';

interface CallerFieldProps {
  readonly text: string;
  readonly caller: Caller | null;
  readonly invalid: boolean;
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly onText: (text: string) => void;
  readonly onListed: (person: Person) => void;
  readonly onUnlisted: (name: string) => void;
  readonly onClear: () => void;
  /** The person under the cursor of the list, to show what is known of them already. */
  readonly onPoint: (personId: string | null) => void;
}

/** Who calls: name, extension or device; Enter takes the first. The last line takes the name as it was typed. */
export function CallerField(props: CallerFieldProps) {
  const { caller } = props;
  return caller === null ? <CallerSearch {...props} /> : <ChosenCaller caller={caller} onClear={props.onClear} />;
}

function ChosenCaller({ caller, onClear }: { readonly caller: Caller; readonly onClear: () => void }) {
  const { t } = useTranslation();
  const name = 'person' in caller ? caller.person.name : caller.unlisted.name;
  return (
    <div className="flex h-8 items-center gap-2 rounded-md border border-line bg-field pr-0.5 pl-2">
      <Avatar name={name} size={18} />
      <span className="min-w-0 flex-1 truncate font-semibold text-sm">{name}</span>
      {'unlisted' in caller && <Badge dashed>{t('entry.unlistedTitle')}</Badge>}
      <IconButton label={t('entry.change')} className="size-6" onClick={onClear}>
        <X />
      </IconButton>
    </div>
  );
}

function CallerSearch({ text, invalid, id, describedBy, onText, onListed, onUnlisted, onPoint }: CallerFieldProps) {
  const { t } = useTranslation();
  const { people, searching } = usePeople(text);
  // Until the first copy is whole, nobody can say that somebody is not in the directory.
  const filling = useLinkState() === 'filling';
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState(true);
  const [takeWhenFound, setTakeWhenFound] = useState(false);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const typed = text.trim();
  const shown: readonly (PersonHit | null)[] = typed === '' ? [] : [...people, null];
  const at = Math.min(active, shown.length - 1);
  const pointed = shown[at]?.id ?? null;
  useEffect(() => onPoint(pointed), [pointed, onPoint]);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const take = (hit: PersonHit | null | undefined) => {
    if (hit === undefined) return;
    if (hit === null) onUnlisted(typed);
    else onListed(hit);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the answers are there, with the answers of that moment
  useEffect(() => {
    if (takeWhenFound && !searching) take(shown[at]);
  }, [takeWhenFound, searching]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setActive((at + (event.key === 'ArrowDown' ? 1 : -1) + shown.length) % Math.max(1, shown.length));
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && typed !== '') {
      event.preventDefault();
      // Answers still on their way belong to other letters: Enter waits for them, and is not lost.
      if (searching) setTakeWhenFound(true);
      else take(shown[at]);
    } else if (event.key === 'Escape' && open && shown.length > 0) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  const showList = open && shown.length > 0;
  return (
    <div className="relative">
      <Search
        aria-hidden="true"
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-[15px] text-text-3"
      />
      <input
        id={id}
        role="combobox"
        aria-label={t('entry.requester')}
        aria-expanded={showList}
        aria-controls={listId}
        aria-activedescendant={showList ? `${listId}-${at}` : undefined}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: the call has begun, and the name comes first
        autoFocus
        value={text}
        placeholder={t('entry.requesterPlaceholder')}
        onChange={(event) => {
          setActive(0);
          setOpen(true);
          setTakeWhenFound(false);
          onText(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        className="h-8 w-full rounded-md border border-line bg-field pr-2.5 pl-8 text-sm hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent/25 focus-visible:outline-offset-0 aria-invalid:border-red"
      />
      {showList && (
        <ul
          ref={list}
          id={listId}
          role="listbox"
          aria-busy={searching}
          aria-label={t('entry.requester')}
          className="pop-in absolute inset-x-0 top-9 z-10 max-h-72 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop"
        >
          {shown.map((hit, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list are heard by its input
            <li
              key={hit?.id ?? 'unlisted'}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => index !== at && setActive(index)}
              onClick={() => take(hit)}
              className={cx(
                'flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 py-1',
                index === at && 'bg-hover',
              )}
            >
              {hit === null ? (
                <>
                  <UserRoundPlus aria-hidden="true" className="ml-1 size-[18px] shrink-0 text-text-3" />
                  <span className="min-w-0 flex-1 truncate text-sm text-text-2">
                    {searching && people.length === 0
                      ? t('entry.searching')
                      : t(filling ? 'entry.useWhileLoading' : 'entry.useUnlisted', { name: typed })}
                  </span>
                </>
              ) : (
                <HitLine hit={hit} />
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function HitLine({ hit }: { readonly hit: PersonHit }) {
  const { t } = useTranslation();
  const { icon, title, detail } = personHit(hit, (extension) => t('ticket.details.extension', { extension }));
  return (
    <>
      {icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm text-text-1">{title}</span>
        <span className="block truncate text-text-3 text-xs">{detail}</span>
      </span>
    </>
  );
}
