import { useId, useState } from 'react';
import { type PendingReason, pendingReasons } from '../../../domain/vocabulary.ts';
import { Field } from '../../components/field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { useEditedPayload } from './use-edited-payload.ts';
import { useSubmit } from './use-submit.ts';

const targets = ['assigned', 'inProgress', 'pending'] as const;
type Target = (typeof targets)[number];

/** Between the open states; pending says what it waits for. Resolving, closing and cancelling are acts of their own. */
export function StatusDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const statusName = useId();
  const reasonName = useId();
  const options = targets.filter((target) => target !== ticket.status || target === 'pending');
  const before = useEditedPayload('changeStatus');
  const [to, setTo] = useState<Target>(before?.to ?? (ticket.status === 'inProgress' ? 'pending' : 'inProgress'));
  const [reason, setReason] = useState<PendingReason>(before?.pendingReason ?? ticket.pendingReason ?? 'user');
  const { status: from } = ticket;
  const submit = () => {
    if (from !== 'new' && from !== 'assigned' && from !== 'inProgress' && from !== 'pending') return;
    void submission.send(
      {
        ticketId: ticket.id,
        type: 'changeStatus',
        payload: { from, to, pendingReason: to === 'pending' ? reason : null },
      },
      t('dialogs.status.done', { status: t(`status.${to}`).toLowerCase() }),
    );
  };
  return (
    <ActDialog
      width="sm"
      title={t('dialogs.status.title', { code })}
      subtitle={t('dialogs.status.subtitle', { status: t(`status.${from}`).toLowerCase() })}
      submitLabel={t('dialogs.status.submit')}
      submission={submission}
      onSubmit={submit}
    >
      <Field label={t('dialogs.status.label')}>
        {() => (
          <Segmented
            name={statusName}
            autoFocus
            label={t('dialogs.status.label')}
            value={to}
            onChange={setTo}
            options={options.map((value) => ({ value, label: t(`status.${value}`) }))}
          />
        )}
      </Field>
      {to === 'pending' && (
        <Field label={t('dialogs.status.reason')}>
          {() => (
            <Segmented
              name={reasonName}
              label={t('dialogs.status.reason')}
              value={reason}
              onChange={setReason}
              options={pendingReasons.map((value) => ({ value, label: t(`pendingReason.${value}`) }))}
            />
          )}
        </Field>
      )}
    </ActDialog>
  );
}
