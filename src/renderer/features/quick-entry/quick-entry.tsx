import { CircleAlert } from 'lucide-react';
import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { type RefusalCode, refusal } from '../../../domain/refusals.ts';
import { useDirectory } from '../../client/use-directory.ts';
import { useQuery } from '../../client/use-query.ts';
import { useSession } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextArea } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useView, viewActs } from '../../state/view-store.ts';
import { AttachButtons, DropTarget, StagedList, useStagedFiles } from '../attachments/index.ts';
import { DraftStatus, ENTRY_DRAFT_KEY, useDraft } from '../drafts/index.ts';
import { CallerField } from './caller-field.tsx';
import { CallerPanel } from './caller-panel.tsx';
import { KindFields, PlaceFields, SpokenFields, UnlistedFields } from './entry-fields.tsx';
import {
  type EntryForm,
  type EntryProblems,
  emptyEntry,
  entryFormSchema,
  entryProblems,
  isBlankEntry,
  withListedCaller,
  withoutCaller,
  withUnlistedCaller,
} from './entry-form.ts';
import { PriorityLine } from './priority-line.tsx';
import { type RegisterWay, useRegister } from './use-register.ts';

/** «Registrar llamada»: a call written down by keyboard alone, in less time than the call takes. */
export function QuickEntry() {
  const open = useView((state) => state.overlay === 'quickEntry');
  return open ? <EntryDialog /> : null;
}

function EntryDialog() {
  const { t } = useTranslation();
  const session = useSession();
  const { sites, services } = useDirectory();
  const words = useWords();
  const draft = useDraft<EntryForm>({
    draftKey: ENTRY_DRAFT_KEY,
    ticketId: null,
    initial: emptyEntry(session.siteId),
    schema: entryFormSchema,
    isEmpty: isBlankEntry,
  });
  const form = draft.content;
  const files = useStagedFiles(ENTRY_DRAFT_KEY, null);
  const { register, busy, refused, clearRefused } = useRegister(draft, files);
  const [pointed, setPointed] = useState<string | null>(null);
  const [resolving, setResolving] = useState(false);
  const [tried, setTried] = useState(false);
  const body = useRef<HTMLDivElement>(null);

  const replace = (next: EntryForm) => {
    draft.set(next);
    clearRefused();
  };
  const change = (part: Partial<EntryForm>) => replace({ ...form, ...part });
  const missing = entryProblems(form, resolving);
  const problems: EntryProblems = tried ? missing : {};
  const atField = refused?.field ?? null;
  const shown: EntryProblems =
    atField !== null && refused?.code != null ? { ...problems, [atField]: refused.code } : problems;
  const problemWords = useCallback(
    (problem: RefusalCode | 'callerMissing' | 'siteMissing' | undefined): string | undefined => {
      if (problem === undefined) return undefined;
      if (problem === 'callerMissing') return t('entry.required.requester');
      if (problem === 'siteMissing') return t('entry.required.site');
      return words.refusal(refusal(problem));
    },
    [t, words],
  );

  // In the same commit as what it follows from: the next letter must not fall between two fields.
  const [focus, setFocus] = useState<{ readonly selector: string } | null>(null);
  useLayoutEffect(() => {
    if (focus !== null) body.current?.querySelector<HTMLElement>(focus.selector)?.focus();
  }, [focus]);
  const focusOn = (name: string) => setFocus({ selector: `[data-entry-field="${name}"]` });
  const focusProblem = () => setFocus({ selector: '[aria-invalid=true]' });

  const submit = async (way: RegisterWay) => {
    setTried(true);
    if (Object.keys(entryProblems(form, way === 'resolve')).length > 0) {
      focusProblem();
      return;
    }
    if (!(await register(form, way))) focusProblem();
  };
  const startResolving = () => {
    setResolving(true);
    setTried(false);
    focusOn('solution');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && resolving) void submit('resolve');
    else if (mod) void submit(event.shiftKey ? 'claim' : 'register');
    else if (event.altKey) startResolving();
    else return;
    event.preventDefault();
  };
  const callerId = form.caller !== null && 'person' in form.caller ? form.caller.person.id : null;
  const known = callerId ?? (form.caller === null && form.callerText.trim() !== '' ? pointed : null);
  useOnlyDevice(callerId, form, change);
  const fields = { form, change, replace, problems: shown, words: problemWords };
  return (
    <Dialog
      open
      width="lg"
      onClose={viewActs.closeOverlay}
      title={t('entry.title')}
      description={t('entry.subtitle')}
      footnote={
        <span className="flex items-center gap-1.5 whitespace-nowrap">
          <Kbd keys="escape" />
          {t('entry.cancel')}
        </span>
      }
      actions={
        resolving ? (
          <>
            <Button onClick={() => setResolving(false)}>{t('entry.back')}</Button>
            <Button tone="primary" shortcut="mod+enter" busy={busy} onClick={() => void submit('resolve')}>
              {t('entry.resolveOnCall')}
            </Button>
          </>
        ) : (
          <>
            <Button shortcut="alt+enter" onClick={startResolving}>
              {t('entry.resolveOnCall')}
            </Button>
            <Button shortcut="mod+shift+enter" busy={busy} onClick={() => void submit('claim')}>
              {t('entry.registerAndClaim')}
            </Button>
            <Button tone="primary" shortcut="mod+enter" busy={busy} onClick={() => void submit('register')}>
              {t('entry.register')}
            </Button>
          </>
        )
      }
    >
      <DropTarget onFiles={files.add} className="-mx-5 -my-4 px-5 py-4">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter registers from any field inside */}
        <div
          ref={body}
          onKeyDown={onKeyDown}
          onBlur={draft.flush}
          onPaste={(event) => files.paste(event.clipboardData) && event.preventDefault()}
          className="grid grid-cols-[1fr_214px] gap-5"
        >
          <div className="flex min-w-0 flex-col gap-3">
            {draft.restored && (
              <p className="flex items-center gap-2 text-text-2 text-xs">
                {t('entry.restored')}
                <Button size="sm" tone="ghost" onClick={() => replace(emptyEntry(session.siteId))}>
                  {t('entry.discard')}
                </Button>
              </p>
            )}
            {refused !== null && atField === null && (
              <p role="alert" className="flex items-start gap-2 rounded-md bg-red-wash px-3 py-2 text-sm">
                <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-red" />
                {refused.message}
              </p>
            )}
            <Field label={t('entry.requester')} error={problemWords(shown.caller)}>
              {({ id, describedBy }) => (
                <CallerField
                  id={id}
                  describedBy={describedBy}
                  text={form.callerText}
                  caller={form.caller}
                  invalid={shown.caller !== undefined}
                  onPoint={setPointed}
                  onText={(callerText) => change({ callerText })}
                  onListed={(person) => {
                    replace(withListedCaller(form, person));
                    focusOn('subject');
                  }}
                  onUnlisted={(name) => {
                    replace(withUnlistedCaller(form, name));
                    focusOn('unlisted');
                  }}
                  onClear={() => replace(withoutCaller(form))}
                />
              )}
            </Field>
            <UnlistedFields form={form} change={change} />
            <SpokenFields {...fields} />
            <AttachButtons files={files} look="words" />
            <StagedList files={files} />
            {resolving && (
              <Field label={t('entry.solution')} hint={t('entry.solutionHint')} error={problemWords(shown.solution)}>
                {({ id, describedBy }) => (
                  <TextArea
                    id={id}
                    data-entry-field="solution"
                    rows={2}
                    placeholder={t('entry.solutionPlaceholder')}
                    aria-invalid={shown.solution !== undefined || undefined}
                    aria-describedby={describedBy}
                    className="border-green"
                    value={form.solution}
                    onChange={(event) => change({ solution: event.target.value })}
                  />
                )}
              </Field>
            )}
            <KindFields {...fields} />
            <PlaceFields {...fields} />
            <div className="flex items-center justify-between gap-3">
              <PriorityLine form={form} sites={sites} services={services} />
              <span className="flex shrink-0 items-center gap-2">
                <DraftStatus draft={draft} />
              </span>
            </div>
          </div>
          <aside className="-my-4 -mr-5 border-line border-l bg-side px-4 py-4">
            <CallerPanel
              personId={known}
              assetId={form.assetId}
              onAsset={(assetId) => change({ assetId })}
              onOpenTicket={(id) => {
                viewActs.closeOverlay();
                viewActs.openTicket(id);
              }}
            />
          </aside>
        </div>
      </DropTarget>
    </Dialog>
  );
}

/** The caller's only device is the one meant, until somebody says otherwise. */
function useOnlyDevice(callerId: string | null, form: EntryForm, change: (part: Partial<EntryForm>) => void): void {
  const offered = useRef<string | null>(null);
  const { data } = useQuery('people.caller', callerId === null ? null : { personId: callerId }, ['queue', 'directory']);
  const only = data?.person.id === callerId && data.devices.length === 1 ? (data.devices[0]?.id ?? null) : null;
  // In the same commit as the answer: a key between the two would write the form as it was before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: offered once for each caller; the form's own changes must not offer it again
  useLayoutEffect(() => {
    if (callerId === null) offered.current = null;
    else if (only !== null && offered.current !== callerId) {
      offered.current = callerId;
      if (form.assetId === null) change({ assetId: only });
    }
  }, [callerId, only]);
}
