import { useEffect, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { TextArea } from '../../../components/field.tsx';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { ticketUi, useTicketUi } from '../../../state/ticket-ui.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { LongText } from '../timeline/long-text.tsx';
import { useEdit } from '../use-edit.ts';

/** What was reported, at length. A long text is saved by its button: leaving it half-written must not publish it. */
export function DescriptionField() {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { description } = view.ticket;
  const [text, setText] = useState<string | null>(null);
  const from = useRef(description);
  const edit = useEdit();
  const asked = useTicketUi((state) => state.fieldEdit);
  useEffect(() => {
    if (asked?.field !== 'description' || asked.ticketId !== view.ticket.id) return;
    from.current = description;
    setText(asked.text);
    ticketUi.editField(null);
  }, [asked, description, view.ticket.id]);
  if (text === null) {
    const mayEdit = view.allowed.includes('editFields');
    return (
      <section>
        <div className="flex items-center justify-between">
          <h3 className="text-text-3 text-xs">{t('ticket.details.description')}</h3>
          {mayEdit && (
            <Button
              size="sm"
              tone="ghost"
              aria-label={t('ticket.details.edit', { field: t('field.description') })}
              onClick={() => {
                from.current = description;
                setText(description);
              }}
            >
              {t('ticket.details.editShort')}
            </Button>
          )}
        </div>
        {description === '' ? (
          <p className="text-sm text-text-3">{t('ticket.details.noDescription')}</p>
        ) : (
          <LongText text={description} />
        )}
      </section>
    );
  }
  const save = async () => {
    if (text === from.current || (await edit.change({ description: { from: from.current, to: text } }))) setText(null);
  };
  return (
    <section className="flex flex-col gap-1.5">
      <TextArea
        // The person has just asked to edit it.
        autoFocus
        aria-label={t('ticket.details.description')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
          if (event.key === 'Escape') {
            event.stopPropagation();
            if (text === from.current) setText(null);
          }
        }}
      />
      {edit.error !== null && (
        <p role="alert" className="text-red text-xs">
          {edit.error}
        </p>
      )}
      <div className="flex justify-end gap-1.5">
        <Button size="sm" tone="ghost" onClick={() => setText(null)}>
          {t('common.cancel')}
        </Button>
        <Button size="sm" tone="primary" shortcut="mod+enter" onClick={() => void save()}>
          {t('common.save')}
        </Button>
      </div>
    </section>
  );
}
