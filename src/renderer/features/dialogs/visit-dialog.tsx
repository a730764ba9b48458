import { useRef, useState } from 'react';
import { z } from 'zod';
import { useSession } from '../../client/use-session.ts';
import { Field, Input, TextArea } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { fromZoneInput, toZoneInput } from '../../lib/zone-input.ts';
import { useStagedFiles } from '../attachments/index.ts';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { useSubmit } from './use-submit.ts';

const formSchema = z.object({ arrived: z.string(), left: z.string(), text: z.string() });
type VisitForm = z.infer<typeof formSchema>;
const isEmpty = (form: VisitForm) => form.text.trim() === '';

/** Written after the fact as often as not: the times are the visit's, in the desk's zone. */
export function VisitDialog() {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { timeZone } = useSession().settings;
  const submission = useSubmit();
  const [tried, setTried] = useState(false);
  const now = useRef(toZoneInput(Date.now(), timeZone)).current;
  const ticketId = view.ticket.id;
  const draft = useDraft<VisitForm>({
    draftKey: ticketDraftKey('visit', ticketId),
    ticketId,
    initial: { arrived: now, left: '', text: '' },
    schema: formSchema,
    isEmpty,
  });
  const files = useStagedFiles(draft.key, ticketId);
  const form = draft.content;
  const arrivedAt = fromZoneInput(form.arrived, timeZone);
  const leftAt = form.left === '' ? null : fromZoneInput(form.left, timeZone);
  const bad = arrivedAt === null;
  const submit = () => {
    setTried(true);
    if (arrivedAt === null) return;
    void submission.send(
      { ticketId, type: 'recordVisit', payload: { arrivedAt, leftAt, text: form.text } },
      t('dialogs.visit.done'),
      draft,
      files,
    );
  };
  return (
    <ActDialog
      title={t('dialogs.visit.title')}
      subtitle={t('dialogs.visit.subtitle')}
      submitLabel={t('dialogs.visit.submit')}
      submission={submission}
      draft={draft}
      files={files}
      onSubmit={submit}
    >
      <div className="grid grid-cols-2 gap-3.5">
        <Field label={t('dialogs.visit.arrived')} error={tried && bad ? t('dialogs.visit.badTime') : undefined}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              type="datetime-local"
              max={now}
              aria-invalid={(tried && bad) || undefined}
              aria-describedby={describedBy}
              value={form.arrived}
              onChange={(event) => draft.set({ ...form, arrived: event.target.value })}
            />
          )}
        </Field>
        <Field label={`${t('dialogs.visit.left')} (${t('dialogs.optional')})`}>
          {({ id }) => (
            <Input
              id={id}
              type="datetime-local"
              value={form.left}
              onChange={(event) => draft.set({ ...form, left: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={t('dialogs.visit.text')}>
        {({ id }) => (
          <TextArea
            id={id}
            autoFocus
            rows={4}
            placeholder={t('dialogs.visit.placeholder')}
            value={form.text}
            onChange={(event) => draft.set({ ...form, text: event.target.value })}
          />
        )}
      </Field>
    </ActDialog>
  );
}
