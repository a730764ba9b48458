import { z } from 'zod';

const textsSchema = z.record(z.string(), z.unknown());

/** Fields of a form that hold choices, not words of the person. */
const isId = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(text);
const isChoice = (text: string): boolean => /^[a-z][a-zA-Z]{0,15}$/.test(text);

/** What a person typed into a form, of whatever version: every text that is not an id or a choice, in the form's order. */
export function wordsOfDraft(content: unknown): string {
  if (typeof content === 'string') return content.trim();
  const parsed = textsSchema.safeParse(content);
  if (!parsed.success) return '';
  const found = Object.entries(parsed.data).flatMap(([key, value]) => {
    if (typeof value !== 'string') return typeof value === 'object' && value !== null ? [wordsOfDraft(value)] : [];
    return value.trim() === '' || isId(value) || (key !== 'text' && isChoice(value)) ? [] : [value.trim()];
  });
  return found.filter((text) => text !== '').join('\n');
}
