import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketUi, useTicketUi } from '../../state/ticket-ui.ts';
import { useTicketWords } from './ticket-context.tsx';
import { useEdit } from './use-edit.ts';

/** The subject, edited where it stands. Escape leaves it as it was; leaving the field saves. */
export function SubjectField() {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { subject } = view.ticket;
  const [text, setText] = useState<string | null>(null);
  const edit = useEdit();
  const area = useRef<HTMLTextAreaElement>(null);
  // What was on the screen when editing began: the store compares with it.
  const from = useRef(subject);
  const editing = text !== null;
  useEffect(() => {
    if (editing) area.current?.select();
  }, [editing]);

  const asked = useTicketUi((state) => state.fieldEdit);
  useEffect(() => {
    if (asked?.field !== 'subject' || asked.ticketId !== view.ticket.id) return;
    from.current = subject;
    setText(asked.text);
    ticketUi.editField(null);
  }, [asked, subject, view.ticket.id]);

  const mayEdit = view.allowed.includes('editFields');
  if (text === null) {
    return (
      <h2 className="mt-1 font-bold text-lg leading-snug">
        <button
          type="button"
          disabled={!mayEdit}
          title={mayEdit ? t('ticket.details.edit', { field: t('field.subject') }) : undefined}
          onClick={() => {
            from.current = subject;
            setText(subject);
          }}
          className="-mx-1 w-full select-text text-pretty break-words rounded-sm px-1 text-left enabled:cursor-text enabled:hover:bg-hover"
        >
          {subject}
        </button>
        {edit.error !== null && (
          <p role="alert" className="mt-1 font-normal text-red text-xs">
            {edit.error}
          </p>
        )}
      </h2>
    );
  }
  const finish = async () => {
    if (text.trim() === from.current || text.trim() === '') setText(null);
    else if (await edit.change({ subject: { from: from.current, to: text } })) setText(null);
  };
  return (
    <div className="mt-1">
      <textarea
        ref={area}
        aria-label={t('ticket.header.subject')}
        rows={1}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => void finish()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            void finish();
          }
          if (event.key === 'Escape') {
            event.stopPropagation();
            setText(null);
            edit.clear();
          }
        }}
        className="field-sizing-content -mx-1 w-[calc(100%+8px)] resize-none rounded-sm bg-field px-1 font-bold text-lg leading-snug tracking-[-0.015em] outline-2 outline-accent/60"
      />
      {edit.error !== null && (
        <p role="alert" className="text-red text-xs">
          {edit.error}
        </p>
      )}
    </div>
  );
}
