/**
 * What a person typed, as an FTS5 query: each word quoted, so that `AND`, `ORA-12541`, `"` and `*` are words and nothing
 * else; the last one a prefix from two characters on, as it may still
 * be being typed. Null: nothing to look for.
 */
export function matchQuery(text: string, everyWordPrefix = false): string | null {
  const words = wordsIn(text);
  if (words.length === 0) return null;
  return words
    .map((word, at) => {
      const prefix = word.length > 1 && (everyWordPrefix || at === words.length - 1);
      return `"${word.replaceAll('"', '""')}"${prefix ? '*' : ''}`;
    })
    .join(' ');
}

/** Runs of anything that the tokenizer would index. A run without a letter or digit has no token and would match nothing. */
export const wordsIn = (text: string): string[] =>
  text
    .replaceAll('\u0000', '')
    .toWellFormed()
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}\p{Co}]/u.test(word));
