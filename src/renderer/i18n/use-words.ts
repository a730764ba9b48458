import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isRefusalCode, refusalTexts } from '../../domain/refusals.ts';
import type { ConsoleError } from '../../protocol/console/client.ts';
import { useDirectory } from '../client/use-directory.ts';
import type { es } from './es/index.ts';

type Params = Readonly<Record<string, string | number>>;
interface PlainRefusal {
  readonly code: string;
  readonly params: Params;
}
export interface Words {
  error(error: ConsoleError): string;
  /** `names` by id add to those of the directory. An id that nobody can name is never shown. */
  refusal(refusal: PlainRefusal, names?: Readonly<Record<string, string>>): string;
  field(name: string): string;
  command(type: string): string;
}

const has = <T extends object>(table: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(table, key);
const looksLikeId = (value: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value);

/** Words for what the core answers with: codes, ids and names of fields become sentences. */
export function useWords(): Words {
  const { t, i18n } = useTranslation();
  const { nameOf } = useDirectory();
  return useMemo(() => {
    const resources = (section: 'field' | 'command' | 'status' | 'kind') =>
      i18n.getResource('es', 'translation', section) as Record<string, string>;
    const lookUp = (section: 'field' | 'command' | 'status' | 'kind', key: string): string => {
      if (!has(resources(section), key)) return key;
      // Present in the Spanish catalogue, and the English one is typed to hold the same keys.
      return t(`${section}.${key}` as `field.${keyof (typeof es)['field']}`);
    };
    const fill = (name: string, value: string | number, names: Readonly<Record<string, string>>): string => {
      if (typeof value === 'number') return String(value);
      if (name === 'field') return lookUp('field', value.split('.').at(-1) ?? value);
      if (name === 'status' || name === 'kind') return lookUp(name, value).toLowerCase();
      return names[value] ?? nameOf(value) ?? (looksLikeId(value) ? t('common.unknownPerson') : value);
    };
    return {
      error: (error) => t(`errors.${error.code}`),
      field: (name) => lookUp('field', name),
      command: (type) => lookUp('command', type),
      refusal({ code, params }, names = {}) {
        if (!isRefusalCode(code)) return t('errors.internal');
        const text = refusalTexts[code][i18n.language === 'en' ? 'en' : 'es'];
        return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
          const value = params[name];
          return value === undefined
            ? name === 'assignee' || name === 'person'
              ? t('common.unknownPerson')
              : whole
            : fill(name, value, names);
        });
      },
    };
  }, [t, i18n, i18n.language, nameOf]);
}
