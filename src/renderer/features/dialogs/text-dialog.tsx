import type { ReactNode } from 'react';
import { useState } from 'react';
import { z } from 'zod';
import type { Act } from '../../client/use-act.ts';
import { Field, TextArea } from '../../components/field.tsx';
import { useStagedFiles } from '../attachments/index.ts';
import { type DraftKind, ticketDraftKey } from '../drafts/draft-keys.ts';
import { useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { useSubmit } from './use-submit.ts';

const textSchema = z.object({ text: z.string() });
const noText = { text: '' };
const isEmptyText = (form: { readonly text: string }) => form.text.trim() === '';

interface TextDialogProps {
  readonly kind: DraftKind;
  readonly title: string;
  readonly subtitle: string;
  readonly label: string;
  readonly placeholder: string;
  readonly submitLabel: string;
  readonly done: string;
  readonly danger?: boolean;
  /** Files may go out with it. */
  readonly attach?: boolean;
  readonly act: (text: string) => Act;
  /** Said beside the field when it is empty. */
  readonly missing: string;
  readonly children?: ReactNode;
}

/** An act that needs one text: a reason, a solution. */
export function TextDialog(props: TextDialogProps) {
  const {
    kind,
    title,
    subtitle,
    label,
    placeholder,
    submitLabel,
    done,
    danger = false,
    attach = false,
    act,
    missing,
    children,
  } = props;
  const { view } = useTicketWords();
  const submission = useSubmit();
  const [tried, setTried] = useState(false);
  const ticketId = view.ticket.id;
  const draft = useDraft({
    draftKey: ticketDraftKey(kind, ticketId),
    ticketId,
    initial: noText,
    schema: textSchema,
    isEmpty: isEmptyText,
  });
  const files = useStagedFiles(draft.key, ticketId);
  const taken = attach ? files : undefined;
  const { text } = draft.content;
  const isMissing = tried && text.trim() === '';
  const submit = () => {
    setTried(true);
    if (text.trim() === '') return;
    void submission.send(act(text), done, draft, taken);
  };
  return (
    <ActDialog
      title={title}
      subtitle={subtitle}
      submitLabel={submitLabel}
      submission={submission}
      draft={draft}
      {...(taken === undefined ? {} : { files: taken })}
      danger={danger}
      onSubmit={submit}
    >
      {children}
      <Field label={label} error={isMissing ? missing : undefined}>
        {({ id, describedBy }) => (
          <TextArea
            id={id}
            autoFocus
            rows={4}
            aria-required
            aria-invalid={isMissing || undefined}
            aria-describedby={describedBy}
            placeholder={placeholder}
            value={text}
            onChange={(event) => draft.set({ text: event.target.value })}
          />
        )}
      </Field>
    </ActDialog>
  );
}
