import { useState } from 'react';
import { z } from 'zod';
import { currentHandover } from '../../../domain/ticket.ts';
import { Field, TextArea } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { TeamPicker, useTeams } from './pickers.tsx';
import { useSubmit } from './use-submit.ts';

const formSchema = z.object({ toTeamId: z.string().nullable(), text: z.string() });
const initial = { toTeamId: null, text: '' };
const isEmpty = (form: z.infer<typeof formSchema>) => form.text.trim() === '';

/** Back along the escalation, or to a named team of a lower tier where there was none. */
export function ReturnDialog() {
  const { t } = useTranslation();
  const { view, code, name } = useTicketWords();
  const { ticket } = view;
  const handover = currentHandover(ticket);
  const teams = useTeams((team) => team.tier < ticket.tier);
  const submission = useSubmit();
  const [tried, setTried] = useState(false);
  const draft = useDraft<z.infer<typeof formSchema>>({
    draftKey: ticketDraftKey('return', ticket.id),
    ticketId: ticket.id,
    initial,
    schema: formSchema,
    isEmpty,
  });
  const { text, toTeamId } = draft.content;
  const noReason = tried && text.trim() === '';
  const noTeam = tried && handover === null && toTeamId === null;
  const submit = () => {
    setTried(true);
    if (text.trim() === '' || (handover === null && toTeamId === null)) return;
    void submission.send(
      { ticketId: ticket.id, type: 'return', payload: { reason: text, toTeamId } },
      t('dialogs.return.done'),
      draft,
    );
  };
  return (
    <ActDialog
      title={t('dialogs.return.title', { code })}
      subtitle={
        handover === null
          ? t('dialogs.return.subtitleChoose')
          : t('dialogs.return.subtitleBack', { team: name(handover.fromTeamId) })
      }
      submitLabel={t('dialogs.return.submit')}
      submission={submission}
      draft={draft}
      onSubmit={submit}
    >
      {handover === null && (
        <Field label={t('dialogs.team')} error={noTeam ? t('dialogs.chooseTeam') : undefined}>
          {({ id }) => (
            <TeamPicker
              id={id}
              teams={teams}
              value={toTeamId}
              invalid={noTeam}
              onChange={(next) => draft.set({ text, toTeamId: next })}
            />
          )}
        </Field>
      )}
      <Field label={t('dialogs.reason')} error={noReason ? t('dialogs.reasonMissing') : undefined}>
        {({ id, describedBy }) => (
          <TextArea
            id={id}
            autoFocus
            rows={3}
            aria-required
            aria-invalid={noReason || undefined}
            aria-describedby={describedBy}
            placeholder={t('dialogs.return.placeholder')}
            value={text}
            onChange={(event) => draft.set({ toTeamId, text: event.target.value })}
          />
        )}
      </Field>
    </ActDialog>
  );
}
