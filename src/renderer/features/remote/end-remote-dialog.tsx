import { useId, useState } from 'react';
import { z } from 'zod';
import { remoteOutcomeSchema, remoteOutcomes } from '../../../domain/vocabulary.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { Field, TextArea } from '../../components/field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useNow } from '../../lib/use-format.ts';
import { ticketUi } from '../../state/ticket-ui.ts';
import { ActDialog } from '../dialogs/act-dialog.tsx';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { startOfSession } from '../ticket/timeline/items.ts';
import { lengthOf } from '../ticket/use-days.ts';

const formSchema = z.object({ outcome: remoteOutcomeSchema.nullable(), text: z.string() });
type EndForm = z.infer<typeof formSchema>;
const initial: EndForm = { outcome: null, text: '' };
const isEmpty = (form: EndForm) => form.outcome === null && form.text.trim() === '';

/** How it went: a launch proves nothing. */
export function EndRemoteDialog() {
  const { t } = useTranslation();
  const { client } = useConsole();
  const { view, me } = useTicketWords();
  const words = useWords();
  const now = useNow(1_000);
  const { id: ticketId, remoteSessions } = view.ticket;
  const session = remoteSessions.findLast((each) => each.by === me) ?? remoteSessions.at(-1);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const outcomeName = useId();
  const draft = useDraft<EndForm>({
    draftKey: ticketDraftKey('remoteEnd', ticketId),
    ticketId,
    initial,
    schema: formSchema,
    isEmpty,
  });
  if (session === undefined) return null;
  const { outcome, text } = draft.content;
  const target = startOfSession(view.entries, session.id)?.event.target ?? '';
  const end = async () => {
    if (busy) return;
    if (outcome === null) {
      setError(t('remote.chooseOutcome'));
      return;
    }
    setBusy(true);
    const held = await draft.hold([session.id, outcome, text]);
    const answer = await client.call('remote.end', {
      ...held,
      ticketId,
      sessionId: session.id,
      outcome,
      note: text,
    });
    setBusy(false);
    const problem = !answer.ok
      ? words.error(answer.error)
      : answer.value.result.ok
        ? null
        : words.refusal(answer.value.result.refusal, view.names);
    if (problem !== null) {
      draft.release();
      setError(problem);
      return;
    }
    draft.forget();
    const replaced = ticketUi.takeEdited(ticketId, 'endRemoteSession');
    if (replaced !== null) await client.call('outbox.dismiss', { commandId: replaced });
    ticketUi.closeDialog();
    toast('good', t('remote.ended'));
  };
  return (
    <ActDialog
      title={t('remote.endTitle')}
      subtitle={t('remote.endSubtitle', {
        tool: t(`tool.${session.tool}`),
        target,
        duration: lengthOf(now - session.startedAt),
      })}
      submitLabel={t('remote.submitEnd')}
      submission={{ busy, error, fail: setError, send: async () => false }}
      draft={draft}
      onSubmit={() => void end()}
    >
      <Field label={t('remote.outcome')}>
        {() => (
          <Segmented
            name={outcomeName}
            autoFocus
            label={t('remote.outcome')}
            value={outcome}
            onChange={(next) => {
              setError(null);
              draft.set({ text, outcome: next });
            }}
            options={remoteOutcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          />
        )}
      </Field>
      <Field label={t('remote.note')}>
        {({ id }) => (
          <TextArea
            id={id}
            rows={4}
            placeholder={t('remote.notePlaceholder')}
            value={text}
            onChange={(event) => draft.set({ outcome, text: event.target.value })}
          />
        )}
      </Field>
    </ActDialog>
  );
}
