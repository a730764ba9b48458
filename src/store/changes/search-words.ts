const WORD_LENGTH = 60;
/** Neither a letter nor a digit of ASCII, nor beyond it, save marks and blanks. `search_words` of the database has the same. */
const SEPARATORS = /[^a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2070-\u2fff\u3040-\u{10ffff}]+/u;
const COMBINING = /[\u0300-\u036f]/gu;

/** Words of a text, folded (no case, no accents, ñ as n), each once: what the search for closed tickets compares. */
export const searchWords = (text: string): string[] => [
  ...new Set(
    text
      .toWellFormed()
      .normalize('NFD')
      .replace(COMBINING, '')
      .toLowerCase()
      .split(SEPARATORS)
      .filter((word) => word !== '')
      .map((word) => [...word].slice(0, WORD_LENGTH).join('')),
  ),
];

/** A word that is looked for; `prefix`: it may only begin one. */
export interface SearchTerm {
  readonly word: string;
  readonly prefix: boolean;
}

/** What a person typed, as the console's own search takes it: the last word may still be being typed, from two characters on. */
export function searchTerms(text: string): SearchTerm[] {
  const words = searchWords(text);
  return words.map((word, at) => ({ word, prefix: at === words.length - 1 && word.length > 1 }));
}
