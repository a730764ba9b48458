/** First letter up: a word of a sentence that stands alone. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
