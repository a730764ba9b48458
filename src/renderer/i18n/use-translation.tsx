import type { TFunction } from 'i18next';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation as useLibrary } from 'react-i18next';
import { assert } from '../../shared/assert.ts';

interface Translation {
  readonly t: TFunction;
  readonly language: string;
}

const Context = createContext<Translation | null>(null);

/** More than all plain words there are; what is said with values of its own is said anew now and then. */
const KEPT = 3_000;

/** A translator that remembers what it said: finding words in the catalogues takes longer than drawing them. */
function remembering(t: TFunction): TFunction {
  const said = new Map<string, string>();
  const say = (...args: Parameters<TFunction>) => {
    const key = JSON.stringify(args);
    const known = said.get(key);
    if (known !== undefined) return known;
    const words = t(...args);
    if (said.size >= KEPT) said.clear();
    said.set(key, words);
    return words;
  };
  // The brand of the library's type exists for its compiler only.
  return say as TFunction;
}

/**
 * Words for everything below, asked of the library once: its hook keeps two listeners and makes a proxy and a translator for each part
 * of the screen that says a word, and a list of forty rows has hundreds of those.
 */
export function TranslationProvider({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useLibrary();
  const { language } = i18n;
  const value = useMemo(() => ({ t: remembering(t), language }), [t, language]);
  return <Context value={value}>{children}</Context>;
}

/** The translator, the same for the whole page until the language changes. */
export function useTranslation(): Translation {
  const value = useContext(Context);
  assert(value !== null, 'words are asked for outside TranslationProvider');
  return value;
}
