/** A text as a column of PostgreSQL can hold it: without NUL, and without halves of a surrogate pair. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();
