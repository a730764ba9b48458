import { useState } from 'react';
import { useConsole } from '../../client/console-provider.tsx';
import { Field, Input, TextArea } from '../../components/field.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useNow } from '../../lib/use-format.ts';
import { ticketUi } from '../../state/ticket-ui.ts';
import { viewActs } from '../../state/view-store.ts';
import { ActDialog } from '../dialogs/act-dialog.tsx';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import {
  emptySplit,
  isBlankSplit,
  type Quotable,
  quotablesOf,
  type SplitForm,
  splitFormSchema,
  splitParams,
} from './split-form.ts';

/** Another request came with this one: its texts are chosen, it gets a subject, and both tickets know of each other. */
export function SplitDialog() {
  const { t } = useTranslation();
  const { client } = useConsole();
  const { view, code } = useTicketWords();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const ticketId = view.ticket.id;
  const draft = useDraft<SplitForm>({
    draftKey: ticketDraftKey('split', ticketId),
    ticketId,
    initial: emptySplit,
    schema: splitFormSchema,
    isEmpty: isBlankSplit,
  });
  const form = draft.content;
  const set = (change: Partial<SplitForm>) => draft.set({ ...form, ...change });
  const texts = quotablesOf(view);
  const noSubject = tried && form.subject.trim() === '';

  const submit = async () => {
    setTried(true);
    if (busy || form.subject.trim() === '') return;
    setBusy(true);
    const params = splitParams(view, form);
    const held = await draft.hold(params);
    const answer = await client.call('acts.register', {
      ...params,
      ...held,
      claim: false,
      resolveWith: null,
    });
    setBusy(false);
    if (answer.ok && answer.value.ok) {
      draft.forget();
      ticketUi.closeDialog();
      viewActs.openTicket(answer.value.ticketId);
      toast('good', t('relatives.split.done', { code: answer.value.provisionalCode }));
      return;
    }
    draft.release();
    setError(
      !answer.ok ? words.error(answer.error) : answer.value.ok ? null : words.refusal(answer.value.refusal, view.names),
    );
  };
  return (
    <ActDialog
      title={t('relatives.split.title', { code })}
      subtitle={t('relatives.split.subtitle')}
      submitLabel={t('relatives.split.submit')}
      submission={{ busy, error, fail: setError, send: async () => false }}
      draft={draft}
      footnote={t('relatives.split.keeps')}
      onSubmit={() => void submit()}
    >
      <Field label={t('relatives.split.subject')} error={noSubject ? t('relatives.split.missing') : undefined}>
        {({ id, describedBy }) => (
          <Input
            id={id}
            autoFocus
            aria-required
            aria-invalid={noSubject || undefined}
            aria-describedby={describedBy}
            placeholder={t('relatives.split.subjectPlaceholder')}
            value={form.subject}
            onChange={(event) => set({ subject: event.target.value })}
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1 text-text-2 text-xs">{t('relatives.split.texts')}</legend>
        {texts.length === 0 && <p className="text-sm text-text-3">{t('relatives.split.noTexts')}</p>}
        <ul className="flex max-h-64 flex-col gap-1.5 overflow-y-auto">
          {texts.map((text) => (
            <li key={text.entryId}>
              <TextChoice
                text={text}
                chosen={form.chosen.includes(text.entryId)}
                onChange={(chosen) =>
                  set({
                    chosen: chosen
                      ? [...form.chosen, text.entryId]
                      : form.chosen.filter((entryId) => entryId !== text.entryId),
                  })
                }
              />
            </li>
          ))}
        </ul>
      </fieldset>
      <Field label={t('relatives.split.description')} hint={t('relatives.split.descriptionHint')}>
        {({ id, describedBy }) => (
          <TextArea
            id={id}
            rows={2}
            aria-describedby={describedBy}
            value={form.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </Field>
    </ActDialog>
  );
}

function TextChoice({
  text,
  chosen,
  onChange,
}: {
  readonly text: Quotable;
  readonly chosen: boolean;
  readonly onChange: (chosen: boolean) => void;
}) {
  const { t } = useTranslation();
  const { name, format } = useTicketWords();
  const now = useNow();
  const said =
    text.kind === 'description'
      ? t('relatives.split.descriptionText')
      : t(text.kind === 'note' ? 'relatives.split.noteOf' : 'relatives.split.visitOf', { person: name(text.actorId) });
  return (
    <label
      className={cx(
        'flex cursor-default items-start gap-2.5 rounded-md border px-2.5 py-2',
        chosen ? 'border-accent bg-accent-wash' : 'border-line bg-field hover:border-line-strong',
      )}
    >
      <input
        type="checkbox"
        checked={chosen}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 flex-1">
        <span className="block text-text-3 text-xs">
          {said} · {format.moment(text.at, now)}
        </span>
        <span className="line-clamp-3 whitespace-pre-wrap break-words text-sm">{text.text}</span>
      </span>
    </label>
  );
}
