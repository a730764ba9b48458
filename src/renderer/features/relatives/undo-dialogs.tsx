import { useState } from 'react';
import { Field, TextArea } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ActDialog } from '../dialogs/act-dialog.tsx';
import { TextDialog } from '../dialogs/text-dialog.tsx';
import { useEditedPayload } from '../dialogs/use-edited-payload.ts';
import { useSubmit } from '../dialogs/use-submit.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';

/** It was no duplicate after all. */
export function UnmergeDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { id: ticketId, mergedInto } = view.ticket;
  const submission = useSubmit();
  const before = useEditedPayload('unmerge');
  const [reason, setReason] = useState(before?.reason ?? '');
  const submit = () => {
    if (mergedInto === undefined || mergedInto === null) return;
    void submission.send(
      { ticketId, type: 'unmerge', payload: { fromTicketId: mergedInto, reason } },
      t('relatives.unmergeDialog.done', { code }),
    );
  };
  return (
    <ActDialog
      width="sm"
      title={t('relatives.unmergeDialog.title', { code })}
      subtitle={t('relatives.unmergeDialog.subtitle')}
      submitLabel={t('relatives.unmergeDialog.submit')}
      submission={submission}
      onSubmit={submit}
    >
      <Field label={t('relatives.unmergeDialog.reason')}>
        {({ id }) => (
          <TextArea
            id={id}
            autoFocus
            rows={3}
            placeholder={t('relatives.unmergeDialog.placeholder')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ActDialog>
  );
}

/** What was taken out goes back to where it came from. */
export function UndoSplitDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  return (
    <TextDialog
      kind="undoSplit"
      danger
      title={t('relatives.undoSplitDialog.title', { code })}
      subtitle={t('relatives.undoSplitDialog.subtitle')}
      label={t('relatives.undoSplitDialog.reason')}
      placeholder={t('relatives.undoSplitDialog.placeholder')}
      submitLabel={t('relatives.undoSplitDialog.submit')}
      done={t('relatives.undoSplitDialog.done', { code })}
      missing={t('dialogs.reasonMissing')}
      act={(reason) => ({ ticketId: view.ticket.id, type: 'undoSplit', payload: { reason } })}
    />
  );
}
