import { Eye, Lock } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { type Act, useAct } from '../../../client/use-act.ts';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { cx } from '../../../lib/cx.ts';
import { type NoteKind, ticketUi, useTicketUi } from '../../../state/ticket-ui.ts';
import { AttachButtons, StagedList, useStagedFiles } from '../../attachments/index.ts';
import { DraftStatus, ticketDraftKey, useDraft } from '../../drafts/index.ts';
import { useTicketWords } from '../ticket-context.tsx';

const kinds: readonly NoteKind[] = ['internal', 'public'];
const noteDraftSchema = z.object({ text: z.string() });
const emptyNote = { text: '' };
const isEmptyNote = (note: { readonly text: string }): boolean => note.text.trim() === '';

/** Where notes are written. Each kind keeps its own half-written text, and the public one never looks like the internal. */
export function Composer() {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const kind = useTicketUi((state) => state.noteKind);
  const draftChanges = useTicketUi((state) => state.draftChanges);
  const tabs = useRef<(HTMLButtonElement | null)[]>([]);
  // Asked for before this ticket was opened: not for this one.
  const handledCalls = useRef(useTicketUi.getState().composerCalls);
  if (!view.allowed.includes('addNote')) {
    return <p className="border-line border-t px-5 py-3 text-text-3 text-xs">{t('ticket.composer.cannot')}</p>;
  }
  const onTabKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const next = kind === 'internal' ? 1 : 0;
    ticketUi.chooseNote(kinds[next] ?? 'internal');
    tabs.current[next]?.focus();
  };
  return (
    <section aria-label={t('ticket.composer.label')} className="shrink-0 border-line border-t px-5 py-3">
      <div
        className={cx(
          'mx-auto max-w-[760px] rounded-lg border bg-panel focus-within:shadow-low',
          kind === 'public'
            ? 'border-accent/50 focus-within:border-accent'
            : 'border-line focus-within:border-line-strong',
        )}
      >
        <div role="tablist" className="flex items-center gap-1 border-line-soft border-b px-1.5 py-1">
          {kinds.map((each, index) => {
            const Icon = each === 'public' ? Eye : Lock;
            return (
              <button
                key={each}
                ref={(node) => {
                  tabs.current[index] = node;
                }}
                type="button"
                role="tab"
                aria-selected={each === kind}
                tabIndex={each === kind ? 0 : -1}
                onClick={() => ticketUi.write(each)}
                onKeyDown={onTabKey}
                className={cx(
                  'inline-flex h-6 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm px-2 font-semibold text-xs [&_svg]:size-3',
                  each === kind ? 'bg-accent-wash text-accent' : 'text-text-2 hover:bg-hover hover:text-text-1',
                )}
              >
                <Icon aria-hidden="true" />
                {t(`ticket.composer.${each}`)}
              </button>
            );
          })}
          {kind === 'public' && (
            <span className="ml-auto truncate pr-1.5 text-2xs text-accent">{t('ticket.composer.publicHint')}</span>
          )}
        </div>
        <NoteEditor key={`${view.ticket.id} ${kind} ${draftChanges}`} kind={kind} handledCalls={handledCalls} />
      </div>
    </section>
  );
}

interface NoteEditorProps {
  readonly kind: NoteKind;
  /** Calls for the composer that were already answered with the focus; outlives the change from one kind to the other. */
  readonly handledCalls: RefObject<number>;
}

function NoteEditor({ kind, handledCalls }: NoteEditorProps) {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { actAll } = useAct();
  const calls = useTicketUi((state) => state.composerCalls);
  const area = useRef<HTMLTextAreaElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ticketId = view.ticket.id;
  const draftKey = ticketDraftKey(kind, ticketId);
  const draft = useDraft({ draftKey, ticketId, initial: emptyNote, schema: noteDraftSchema, isEmpty: isEmptyNote });
  const files = useStagedFiles(draftKey, ticketId);
  const mayAttach = view.allowed.includes('addAttachment');
  const nothing = draft.content.text.trim() === '' && files.ready + files.reading === 0;

  useEffect(() => {
    if (calls !== handledCalls.current) area.current?.focus();
    handledCalls.current = calls;
  }, [calls, handledCalls]);

  const send = async () => {
    if (busy || nothing) return;
    setBusy(true);
    const attached = await files.collect(kind);
    const { text } = draft.content;
    const acts: Act[] = [
      ...(text.trim() === '' ? [] : [{ ticketId, type: 'addNote' as const, payload: { visibility: kind, text } }]),
      ...attached.map((payload) => ({ ticketId, type: 'addAttachment' as const, payload })),
    ];
    if (acts.length === 0) return setBusy(false);
    // A second Ctrl+Enter on a slow line, or on one that broke, writes nothing more.
    const held = await draft.hold(acts);
    const outcome = await actAll(acts, { names: view.names, ...held });
    setBusy(false);
    if (outcome.ok) {
      draft.forget();
      files.used(attached);
      setError(null);
    } else {
      draft.release();
      setError(outcome.message);
    }
    area.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter saves from the text and from the files under it
    <div
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={area}
        data-note-kind={kind}
        aria-label={t(`ticket.composer.${kind}`)}
        placeholder={t(kind === 'public' ? 'ticket.composer.placeholderPublic' : 'ticket.composer.placeholderInternal')}
        value={draft.content.text}
        readOnly={busy}
        onChange={(event) => {
          draft.set({ text: event.target.value });
          setError(null);
        }}
        onBlur={draft.flush}
        onPaste={(event) => mayAttach && files.paste(event.clipboardData) && event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            event.currentTarget.blur();
          }
        }}
        className="field-sizing-content block max-h-56 min-h-[58px] w-full resize-none bg-transparent px-3 py-2 text-sm outline-none"
      />
      <StagedList files={files} className="px-3 pt-0.5 pb-2" />
      {error !== null && (
        <p role="alert" className="px-3 pb-1 text-red text-xs">
          {error}
        </p>
      )}
      <div className="flex min-h-[34px] items-center gap-1 pr-3 pb-1.5 pl-1.5">
        {mayAttach && <AttachButtons files={files} look="icons" />}
        <DraftStatus draft={draft} />
        <span className="flex-1" />
        <Button
          size="sm"
          tone={nothing ? 'ghost' : 'primary'}
          shortcut="mod+enter"
          busy={busy}
          disabled={nothing}
          onClick={() => void send()}
        >
          {busy && files.reading > 0
            ? t('attachments.reading', { count: files.reading })
            : t('ticket.composer.sendLabel')}
        </Button>
      </div>
    </div>
  );
}
