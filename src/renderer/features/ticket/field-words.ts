import type { TFunction } from 'i18next';
import { channels, levels, modes, statuses, subKindSchema, ticketKinds } from '../../../domain/vocabulary.ts';
import type { TicketView } from '../../../protocol/console/rows.ts';

const sentenceFields = [
  'subject',
  'description',
  'impact',
  'urgency',
  'serviceId',
  'siteId',
  'orgUnitId',
  'channel',
  'kind',
  'subKind',
  'mode',
  'assetId',
  'vendorCase',
  'problemId',
  'status',
  'assigneeId',
  'teamId',
] as const;
type SentenceField = (typeof sentenceFields)[number];

/** A field inside a sentence: «el asunto». One that this console does not know is still said to have changed. */
export function fieldInSentence(t: TFunction, field: string): string {
  const known: SentenceField | undefined = sentenceFields.find((name) => name === field);
  return known === undefined ? t('ticket.field.other') : t(`ticket.field.${known}`);
}

const oneOf = <V extends string>(values: readonly V[], value: unknown): V | null =>
  values.find((known) => known === value) ?? null;

/**
 * The value of a field in words: ids by the names that came with the ticket, vocabulary by the catalogue, text as it is.
 * Null for a value that is empty.
 */
export function fieldValue(
  t: TFunction,
  view: Pick<TicketView, 'names' | 'asset'>,
  field: string,
  value: unknown,
): string | null {
  if (value === null || value === undefined || value === '') return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (field) {
    case 'urgency': {
      const level = oneOf(levels, value);
      return level === null ? text : t(`ticket.urgency.${level}`);
    }
    case 'impact': {
      const level = oneOf(levels, value);
      return level === null ? text : t(`level.${level}`).toLocaleLowerCase();
    }
    case 'channel': {
      const channel = oneOf(channels, value);
      return channel === null ? text : t(`channel.${channel}`).toLocaleLowerCase();
    }
    case 'mode': {
      const mode = oneOf(modes, value);
      return mode === null ? text : t(`mode.${mode}`).toLocaleLowerCase();
    }
    case 'kind': {
      const kind = oneOf(ticketKinds, value);
      return kind === null ? text : t(`kind.${kind}`).toLocaleLowerCase();
    }
    case 'subKind': {
      const subKind = oneOf(subKindSchema.options, value);
      return subKind === null ? text : t(`subKind.${subKind}`).toLocaleLowerCase();
    }
    case 'status': {
      const status = oneOf(statuses, value);
      return status === null ? text : t(`status.${status}`).toLocaleLowerCase();
    }
    case 'assetId':
      if (view.asset?.id === text) return view.asset.hostName ?? view.asset.tag;
      return view.names[text] ?? t('ticket.details.another');
    case 'serviceId':
    case 'siteId':
    case 'orgUnitId':
    case 'problemId':
    case 'assigneeId':
    case 'teamId':
      return view.names[text] ?? t('ticket.details.another');
    default:
      return text;
  }
}
