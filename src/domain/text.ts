import { z } from 'zod';

/** Length of a well-formed string in UTF-8 bytes. The pure layers have no TextEncoder. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return bytes;
}

/**
 * What both databases can hold without changing it: SQLite accepts U+0000 and PostgreSQL refuses it; lone surrogates
 * are replaced in silence on their way out. So both go before anything is shown as saved.
 */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed().normalize('NFC');
}

/** Free text of at most `maxBytes` UTF-8 bytes; line breaks and blanks kept. */
export const longText = (maxBytes: number) =>
  z
    .string()
    .overwrite(cleanText)
    .refine((text) => utf8Bytes(text) <= maxBytes, { error: 'tooLong', params: { maxBytes } });

/** One line: white space folded to single blanks, trimmed; at most `maxBytes` UTF-8 bytes. */
export const lineText = (maxBytes: number) =>
  z
    .string()
    .overwrite((text) => cleanText(text).replace(/\s+/gu, ' ').trim())
    .refine((text) => utf8Bytes(text) <= maxBytes, { error: 'tooLong', params: { maxBytes } });

const FOLD: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l' };

/**
 * Sort and search key: lower case, no accents; ñ stays apart and sorts right after n. SQLite's own collations put
 * Á and Ñ after Z.
 */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .replaceAll('ñ', 'n\u007f')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøđł]/gu, (letter) => FOLD[letter] ?? letter);
}
