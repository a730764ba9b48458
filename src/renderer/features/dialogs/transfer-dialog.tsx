import { useState } from 'react';
import { z } from 'zod';
import { Field, TextArea } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { MemberPicker, TeamPicker, useTeams } from './pickers.tsx';
import { useSubmit } from './use-submit.ts';

const formSchema = z.object({ toTeamId: z.string().nullable(), toPersonId: z.string().nullable(), text: z.string() });
type TransferForm = z.infer<typeof formSchema>;
const initial: TransferForm = { toTeamId: null, toPersonId: null, text: '' };
const isEmpty = (form: TransferForm) => form.text.trim() === '';

/** To another team of the same tier: nothing about the tier or the sheet changes. */
export function TransferDialog() {
  const { t } = useTranslation();
  const { view, code, name } = useTicketWords();
  const { ticket } = view;
  const teams = useTeams((team) => team.tier === ticket.tier && team.id !== ticket.teamId);
  const submission = useSubmit();
  const [tried, setTried] = useState(false);
  const draft = useDraft<TransferForm>({
    draftKey: ticketDraftKey('transfer', ticket.id),
    ticketId: ticket.id,
    initial,
    schema: formSchema,
    isEmpty,
  });
  const { toTeamId, toPersonId, text } = draft.content;
  const submit = () => {
    setTried(true);
    if (toTeamId === null) return;
    void submission.send(
      { ticketId: ticket.id, type: 'transfer', payload: { toTeamId, toPersonId, reason: text } },
      t('dialogs.transfer.done', { team: name(toTeamId) }),
      draft,
    );
  };
  return (
    <ActDialog
      title={t('dialogs.transfer.title', { code })}
      subtitle={t('dialogs.transfer.subtitle', { tier: ticket.tier })}
      submitLabel={t('dialogs.transfer.submit')}
      submission={submission}
      draft={draft}
      disabled={teams.length === 0}
      onSubmit={submit}
    >
      {teams.length === 0 && <p className="text-sm text-text-2">{t('dialogs.transfer.none')}</p>}
      <div className="grid grid-cols-2 gap-3.5">
        <Field label={t('dialogs.team')} error={tried && toTeamId === null ? t('dialogs.chooseTeam') : undefined}>
          {({ id }) => (
            <TeamPicker
              id={id}
              teams={teams}
              value={toTeamId}
              invalid={tried && toTeamId === null}
              onChange={(next) => draft.set({ text, toTeamId: next, toPersonId: null })}
            />
          )}
        </Field>
        <Field label={t('dialogs.person')}>
          {({ id }) => (
            <MemberPicker
              id={id}
              teamId={toTeamId}
              value={toPersonId}
              nobody={t('dialogs.anyone')}
              onChange={(next) => draft.set({ text, toTeamId, toPersonId: next })}
            />
          )}
        </Field>
      </div>
      <Field label={`${t('dialogs.reason')} (${t('dialogs.optional')})`}>
        {({ id }) => (
          <TextArea
            id={id}
            rows={2}
            placeholder={t('dialogs.reasonPlaceholder')}
            value={text}
            onChange={(event) => draft.set({ toTeamId, toPersonId, text: event.target.value })}
          />
        )}
      </Field>
    </ActDialog>
  );
}
