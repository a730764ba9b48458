import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useFormat } from '../../lib/use-format.ts';
import { fileOf } from './outbox-file.tsx';

export interface ContentLine {
  /** Path in the payload: unique. */
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** A payload flattened to what a person wrote or chose; empty fields and bare ids stay out. */
export function useContentLines(item: OutboxItem): readonly ContentLine[] {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const lines: ContentLine[] = [];
  const add = (key: string, value: unknown): void => {
    if (value === null || value === '' || value === undefined) return;
    if (typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) add(key === '' ? name : `${key}.${name}`, inner);
      return;
    }
    const text = typeof value === 'boolean' ? t(value ? 'common.yes' : 'common.no') : words.value(String(value));
    const path = key
      .split('.')
      .filter((part) => part !== 'changes' && part !== 'sheet' && part !== 'requester' && part !== 'unlisted');
    if (text !== t('common.unknownPerson')) lines.push({ key, label: path.map(words.field).join(', '), value: text });
  };
  const file = fileOf(item);
  if (file === null) add('', item.payload);
  else {
    const { name, size, mediaType, visibility } = file;
    lines.push({ key: 'name', label: words.field('name'), value: name });
    lines.push({ key: 'size', label: words.field('size'), value: format.bytes(size) });
    for (const [key, value] of Object.entries({ mediaType, visibility })) add(key, value);
  }
  return lines;
}
