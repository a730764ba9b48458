import type { MergeNote, Verdict } from '../../../domain/decision.ts';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { BothValues } from '../../components/both-values.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { capital } from '../../lib/capital.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';

type Names = Readonly<Record<string, string>>;

/** Refusals whose own words say that nothing was lost. */
const saysItIsKept: ReadonlySet<string> = new Set([
  'alreadyClaimed',
  'notAssignee',
  'ticketNotOpen',
  'deviceRevoked',
  'unprocessable',
]);

/** The sentence of a refusal, and that nothing was lost, once. */
export function useRefusalWords(): (verdict: Extract<Verdict, { kind: 'refused' }>, names?: Names) => string {
  const { t } = useTranslation();
  const words = useWords();
  return ({ refusal }, names) =>
    saysItIsKept.has(refusal.code)
      ? words.refusal(refusal, names)
      : `${words.refusal(refusal, names)} ${t('outbox.kept')}`;
}

/** Both values with author and time: the two that crossed, or what had changed under an act that was recorded all the same. */
export function VerdictValues({
  item,
  mine,
  names,
}: {
  readonly item: OutboxItem;
  /** The act's own content in a few words. */
  readonly mine: string;
  readonly names?: Names;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const now = useNow();
  const value = (json: unknown): string =>
    typeof json === 'string' && json !== '' ? words.value(json, names) : t('outbox.empty');
  const signed = (word: string, by: string | null, at: number | null): string =>
    [word, by === null ? null : words.value(by, names), at === null ? null : format.moment(at, now)]
      .filter((part) => part !== null)
      .join(' · ');
  const yours = t('outbox.yours', { when: format.moment(item.createdAt, now) });
  if (item.verdict?.kind === 'parked')
    return item.verdict.conflicts.map(({ field, mine: meant, theirs, theirsBy, theirsAt }) => (
      <div key={field}>
        <p className="mb-1 text-text-2 text-xs first-letter:uppercase">{words.field(field)}</p>
        <BothValues
          stands={{ label: signed(t('outbox.theirs'), theirsBy, theirsAt), value: value(theirs) }}
          meant={{ label: yours, value: value(meant) }}
        />
      </div>
    ));
  if (item.verdict?.kind !== 'merged') return null;
  const stands = (note: MergeNote): string =>
    note.value === null && note.code === 'assigneeMoved' ? t('common.nobody') : value(note.value);
  const meant = (note: MergeNote): string =>
    note.mine !== undefined ? value(note.mine) : mine === '' ? words.command(item.type) : mine;
  return item.verdict.notes.map((note) => (
    <div key={note.code}>
      <p className="mb-1 text-text-2 text-xs">{t(`outbox.merge.${note.code}`)}</p>
      {note.code !== 'authorOutOfScope' && (
        <BothValues
          stands={{
            label: signed(
              note.field === undefined ? t(`outbox.moved.${note.code}`) : capital(words.field(note.field)),
              note.by,
              note.at,
            ),
            value: stands(note),
          }}
          meant={{ label: yours, value: meant(note) }}
        />
      )}
    </div>
  ));
}

/** The store was restored and answers otherwise now: both answers are said. */
export function FormerVerdict({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  if (item.formerVerdict === null || item.verdict === null) return null;
  return (
    <p className="text-text-2 text-xs">
      {t('outbox.former', {
        before: t(`outbox.state.${item.formerVerdict.kind}`),
        now: t(`outbox.state.${item.verdict.kind}`),
      })}
    </p>
  );
}
