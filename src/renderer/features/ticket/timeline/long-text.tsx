import { useState } from 'react';
import { useTranslation } from '../../../i18n/use-translation.tsx';

/** A pasted log must not bury the conversation: the rest is one press away. */
const FOLD_CHARS = 1_400;
const FOLD_LINES = 18;

function cutAt(text: string): number {
  let end = -1;
  for (let line = 0; line < FOLD_LINES; line += 1) {
    end = text.indexOf('\n', end + 1);
    if (end === -1) return FOLD_CHARS;
  }
  return Math.min(end, FOLD_CHARS);
}

/** Text as it was written: its line breaks kept, long words broken, never read as markup. */
export function LongText({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const cut = cutAt(text);
  const folded = !open && text.length > cut * 1.15;
  return (
    <p className="whitespace-pre-wrap break-words text-sm text-text-1">
      {folded ? `${text.slice(0, cut).trimEnd()}…` : text}
      {text.length > cut * 1.15 && (
        <button
          type="button"
          onClick={() => setOpen(!open)}
          className="ml-1.5 rounded-sm font-semibold text-accent text-xs hover:underline"
        >
          {open ? t('ticket.timeline.showLess') : t('ticket.timeline.showMore')}
        </button>
      )}
    </p>
  );
}
