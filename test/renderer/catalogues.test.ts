import { describe, expect, it } from 'vitest';
import { commandSchemas, commandTypes } from '../../src/domain/commands.ts';
import { consoleErrorCodes } from '../../src/protocol/console/client.ts';
import { en } from '../../src/renderer/i18n/en/index.ts';
import { es } from '../../src/renderer/i18n/es/index.ts';

function flatten(table: object, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) all.set(inner, text);
  }
  return all;
}
const parameters = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

/** Ids, and the box around the fields of an edit: the screens show neither. */
const neverShown = new Set(['commandId', 'sessionId', 'changes', 'attachmentId']);

describe('catalogues', () => {
  const spanish = flatten(es);
  const english = flatten(en);

  it('hold the same keys with the same parameters in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...spanish.keys()].sort());
    const differing = [...spanish].filter(
      ([key, text]) => parameters(text).join() !== parameters(english.get(key) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });
  it('leave no text empty', () => {
    for (const [key, text] of [...spanish, ...english]) expect(text.trim(), key).not.toBe('');
  });
  it('have words for every failed call and every command', () => {
    expect(Object.keys(es.errors).sort()).toEqual([...consoleErrorCodes].sort());
    expect(Object.keys(es.command).sort()).toEqual([...commandTypes].sort());
  });
  it('have words for every field that a command can carry', () => {
    const fields = commandTypes.flatMap((type) => Object.keys(commandSchemas[type].shape));
    const unnamed = new Set(fields.filter((field) => !Object.hasOwn(es.field, field) && !neverShown.has(field)));
    expect([...unnamed]).toEqual([]);
  });
});
