import { useMemo } from 'react';
import { isRefusalCode, refusalTexts } from '../../domain/refusals.ts';
import type { ConsoleError } from '../../protocol/console/client.ts';
import { useDirectory } from '../client/use-directory.ts';
import { en } from './en/index.ts';
import { es } from './es/index.ts';
import { useTranslation } from './use-translation.tsx';

type Names = Readonly<Record<string, string>>;
interface PlainRefusal {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}
export interface Words {
  error(error: ConsoleError): string;
  /** `names` by id add to those of the directory. An id that nobody can name is never shown. */
  refusal(refusal: PlainRefusal, names?: Names): string;
  field(name: string): string;
  command(type: string): string;
  /** A plain value of a field for the eye: ids become names, words of the vocabulary their translation. */
  value(value: string, names?: Names): string;
}

const own = (table: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;
const looksLikeId = (value: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value);
/** A sub-kind, level or reason is one bare word; anything longer was written by a person. */
const looksLikeWord = (value: string): boolean => /^[a-z]+([A-Z][a-z]+)*$/.test(value);

/** Words for what the core answers with: codes, ids and names of fields become sentences. */
export function useWords(): Words {
  const { t, language } = useTranslation();
  const { nameOf } = useDirectory();
  const english = language === 'en';
  return useMemo(() => {
    const catalogue = english ? en : es;
    const vocabulary = [
      catalogue.status,
      catalogue.kind,
      catalogue.subKind,
      catalogue.channel,
      catalogue.mode,
      catalogue.level,
      catalogue.pendingReason,
      catalogue.tool,
      catalogue.outcome,
    ];
    const field = (name: string): string => own(catalogue.field, name) ?? name;
    const value = (text: string, names: Names = {}): string => {
      const name = names[text] ?? nameOf(text);
      if (name !== null) return name;
      if (looksLikeId(text)) return t('common.unknownPerson');
      if (!looksLikeWord(text)) return text;
      for (const words of vocabulary) {
        const word = own(words, text);
        if (word !== null) return word;
      }
      return text;
    };
    const param = (name: string, given: string | number | undefined, names: Names): string => {
      if (typeof given === 'number') return String(given);
      if (given === undefined) return name === 'assignee' || name === 'person' ? t('common.unknownPerson') : '';
      if (name === 'field') return field(given.split('.').at(-1) ?? given);
      return name === 'status' || name === 'kind' ? value(given).toLowerCase() : value(given, names);
    };
    return {
      error: (error) => t(`errors.${error.code}`),
      field,
      command: (type) => own(catalogue.command, type) ?? type,
      value,
      refusal({ code, params }, names = {}) {
        if (!isRefusalCode(code)) return t('errors.internal');
        const text = refusalTexts[code][english ? 'en' : 'es'];
        return text.replace(/\{(\w+)\}/g, (_, name: string) => param(name, params[name], names));
      },
    };
  }, [t, english, nameOf]);
}
