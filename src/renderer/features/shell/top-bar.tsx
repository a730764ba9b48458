import { Phone, Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useAction } from '../../actions/action-provider.tsx';
import { registerCall } from '../../actions/app-actions.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { currentList } from '../../state/list-handle.ts';
import { useView, viewActs } from '../../state/view-store.ts';
import { ConnectionPill } from './connection-pill.tsx';

/** Typing rests this long before the queue is asked. */
const SEARCH_AFTER_MS = 90;

export function TopBar() {
  return (
    <header className="@container flex h-[52px] shrink-0 items-center gap-2.5 border-line border-b px-4">
      <SearchBox />
      <ConnectionPill />
      <RegisterButton />
    </header>
  );
}

function RegisterButton() {
  const { t } = useTranslation();
  const register = useAction(registerCall);
  return (
    <Button
      tone="primary"
      icon={<Phone />}
      disabled={!register.enabled}
      onClick={register.run}
      aria-keyshortcuts={registerCall.keys?.[0]}
    >
      <span className="@max-[600px]:sr-only">{t(registerCall.label)}</span>
    </Button>
  );
}

/** Search as you type over the whole scope. Escape clears, then leaves; arrow down goes into the list. */
function SearchBox() {
  const { t } = useTranslation();
  const asked = useView((state) => state.text);
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => viewActs.search(text), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, asked]);

  return (
    <div className="relative min-w-[132px] flex-1">
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-text-3" />
      <input
        type="search"
        aria-label={t('common.search')}
        placeholder={t('shell.searchPlaceholder')}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (text === '') event.currentTarget.blur();
            else viewActs.search('');
            setText('');
            event.preventDefault();
          } else if (event.key === 'ArrowDown' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)) {
            event.preventDefault();
            event.currentTarget.blur();
            if (event.key === 'ArrowDown') currentList()?.move(1);
            else {
              // Of what is written now, not of the rows that the pause before the search still shows.
              viewActs.search(text);
              currentList()?.openFirst();
            }
          }
        }}
        className="h-8 w-full rounded-lg border border-line bg-field pr-[70px] pl-[34px] text-ellipsis text-sm hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent/25 focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="absolute top-[7px] right-2 flex">
        {text === '' ? (
          <span className="@max-[600px]:hidden">
            <Kbd keys="mod+k" />
          </span>
        ) : (
          <IconButton label={t('shell.clearSearch')} className="-mt-[3px] size-6" onClick={() => viewActs.search('')}>
            <X />
          </IconButton>
        )}
      </span>
    </div>
  );
}
