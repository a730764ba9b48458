import { useState } from 'react';
import { z } from 'zod';
import type { Act } from '../../client/use-act.ts';
import { Field, TextArea } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { MemberPicker } from './pickers.tsx';
import { useSubmit } from './use-submit.ts';

const formSchema = z.object({ toPersonId: z.string().nullable(), nobody: z.boolean(), text: z.string() });
type AssignForm = z.infer<typeof formSchema>;
const initial: AssignForm = { toPersonId: null, nobody: false, text: '' };
const isEmpty = (form: AssignForm) => form.text.trim() === '';

/** Gives the ticket to a member of its team: assign when it is nobody's, reassign, with the reason, when it is somebody's. */
export function AssignDialog() {
  const { t } = useTranslation();
  const { view, code, name } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const [tried, setTried] = useState(false);
  const draft = useDraft<AssignForm>({
    draftKey: ticketDraftKey('assign', ticket.id),
    ticketId: ticket.id,
    initial,
    schema: formSchema,
    isEmpty,
  });
  const { toPersonId, nobody, text } = draft.content;
  const reassigns = ticket.assigneeId !== null;
  const chosen = toPersonId !== null || (reassigns && nobody);
  const submit = () => {
    setTried(true);
    if (!chosen) return;
    const act: Act | null = reassigns
      ? {
          ticketId: ticket.id,
          type: 'reassign',
          payload: { fromPersonId: ticket.assigneeId, toPersonId, reason: text },
        }
      : toPersonId === null
        ? null
        : { ticketId: ticket.id, type: 'assign', payload: { toPersonId } };
    if (act === null) return;
    const done =
      toPersonId === null ? t('dialogs.assign.doneNobody') : t('dialogs.assign.done', { assignee: name(toPersonId) });
    void submission.send(act, done, draft);
  };
  return (
    <ActDialog
      title={t(reassigns ? 'dialogs.assign.reassignTitle' : 'dialogs.assign.title', { code })}
      subtitle={
        ticket.assigneeId === null
          ? t('dialogs.assign.subtitleFree')
          : t('dialogs.assign.subtitle', { assignee: name(ticket.assigneeId) })
      }
      submitLabel={t(reassigns ? 'dialogs.assign.submitReassign' : 'dialogs.assign.submit')}
      submission={submission}
      draft={draft}
      onSubmit={submit}
    >
      <Field
        label={`${t('dialogs.person')} · ${name(ticket.teamId)}`}
        error={tried && !chosen ? t('dialogs.choosePerson') : undefined}
      >
        {({ id }) => (
          <MemberPicker
            id={id}
            teamId={ticket.teamId}
            exceptId={ticket.assigneeId}
            value={toPersonId}
            invalid={tried && !chosen}
            {...(reassigns && nobody ? { nobody: t('dialogs.nobody') } : {})}
            onChange={(next) => draft.set({ ...draft.content, toPersonId: next, nobody: false })}
          />
        )}
      </Field>
      {reassigns && (
        <>
          <label className="flex items-center gap-2 text-sm text-text-2">
            <input
              type="checkbox"
              checked={nobody}
              onChange={(event) => draft.set({ ...draft.content, nobody: event.target.checked, toPersonId: null })}
              className="size-4 accent-accent"
            />
            {t('dialogs.nobody')}
          </label>
          <Field label={`${t('dialogs.reason')} (${t('dialogs.optional')})`}>
            {({ id }) => (
              <TextArea
                id={id}
                rows={2}
                placeholder={t('dialogs.reasonPlaceholder')}
                value={text}
                onChange={(event) => draft.set({ ...draft.content, text: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </ActDialog>
  );
}
