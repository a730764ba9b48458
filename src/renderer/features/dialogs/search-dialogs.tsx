import { useState } from 'react';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { SearchPicker } from '../../components/search-picker.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useDebounced } from '../../lib/use-debounced.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { assetHit, personHit, useAssets, usePeople } from './person-hits.tsx';
import { useEditedPayload } from './use-edited-payload.ts';
import { useSubmit } from './use-submit.ts';

/** A caller who was in no directory turns out to be somebody. */
export function LinkRequesterDialog() {
  const { t } = useTranslation();
  const { view, code, requesterName } = useTicketWords();
  const submission = useSubmit();
  const [text, setText] = useState(requesterName);
  const before = useEditedPayload('linkRequester');
  const [pickedId, setPickedId] = useState<string | null>(before?.personId ?? null);
  const { people, searching } = usePeople(text);
  const submit = () => {
    if (pickedId === null) {
      submission.fail(t('dialogs.choosePerson'));
      return;
    }
    void submission.send(
      { ticketId: view.ticket.id, type: 'linkRequester', payload: { personId: pickedId } },
      t('dialogs.linkRequester.done'),
    );
  };
  return (
    <ActDialog
      title={t('dialogs.linkRequester.title', { code })}
      subtitle={t('dialogs.linkRequester.subtitle', { name: requesterName })}
      submitLabel={t('dialogs.linkRequester.submit')}
      submission={submission}
      onSubmit={submit}
    >
      <SearchPicker
        autoFocus
        className="min-h-64"
        label={t('dialogs.linkRequester.label')}
        placeholder={t('dialogs.linkRequester.placeholder')}
        text={text}
        onText={setText}
        hits={people.map((person) => personHit(person, (extension) => t('ticket.details.extension', { extension })))}
        pickedId={pickedId}
        onPick={(id) => {
          setPickedId(id);
          submission.fail(null);
        }}
        {...(text.trim() === '' || searching ? {} : { empty: t('dialogs.noMatch') })}
      />
    </ActDialog>
  );
}

/** The device that the ticket is about: the requester's own come first. */
export function AssetDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const [text, setText] = useState('');
  const before = useEditedPayload('setAsset');
  const [pickedId, setPickedId] = useState(before === null ? ticket.assetId : before.assetId.to);
  const personId = 'personId' in ticket.requester ? ticket.requester.personId : null;
  const own = useQuery('people.caller', personId === null ? null : { personId }, ['directory']).data?.devices ?? [];
  const found = useAssets(text);
  const shown = text.trim() === '' ? own : found;
  const send = (to: string | null) =>
    void submission.send(
      { ticketId: ticket.id, type: 'setAsset', payload: { assetId: { from: ticket.assetId, to } } },
      t('dialogs.asset.done'),
    );
  return (
    <ActDialog
      title={t('dialogs.asset.title', { code })}
      subtitle={t('dialogs.asset.subtitle')}
      submitLabel={t('dialogs.asset.submit')}
      submission={submission}
      disabled={pickedId === ticket.assetId}
      onSubmit={() => send(pickedId)}
    >
      <SearchPicker
        autoFocus
        className="min-h-48"
        label={t('dialogs.asset.label')}
        placeholder={t('dialogs.asset.placeholder')}
        text={text}
        onText={setText}
        hits={shown.map(assetHit)}
        pickedId={pickedId}
        onPick={setPickedId}
        empty={text.trim() === '' ? t('entry.caller.noDevices') : t('dialogs.noMatch')}
      />
      {ticket.assetId !== null && (
        <Button size="sm" tone="ghost" className="self-start" onClick={() => send(null)}>
          {t('dialogs.asset.none')}
        </Button>
      )}
    </ActDialog>
  );
}

/** R27: one problem behind several incidents. */
export function ProblemDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const [text, setText] = useState('');
  const before = useEditedPayload('linkProblem');
  const [pickedId, setPickedId] = useState(before === null ? ticket.problemId : before.problemId.to);
  const wanted = useDebounced(text.trim(), 90);
  const { data, loading } = useQuery(
    'queue.window',
    {
      view: 'all',
      status: wanted === '' ? 'open' : 'any',
      siteId: null,
      teamId: null,
      assigneeId: null,
      kind: 'problem',
      tier: null,
      text: wanted,
      sort: { by: 'updated', dir: 'desc' },
      offset: 0,
      limit: 12,
    },
    ['queue'],
    { keep: true },
  );
  const rows = (data?.rows ?? []).filter((row) => row.id !== ticket.id);
  const send = (to: string | null) =>
    void submission.send(
      { ticketId: ticket.id, type: 'linkProblem', payload: { problemId: { from: ticket.problemId, to } } },
      t(to === null ? 'dialogs.problem.doneNone' : 'dialogs.problem.done'),
    );
  return (
    <ActDialog
      title={t('dialogs.problem.title', { code })}
      subtitle={t('dialogs.problem.subtitle')}
      submitLabel={t('dialogs.problem.submit')}
      submission={submission}
      disabled={pickedId === ticket.problemId}
      onSubmit={() => send(pickedId)}
    >
      <SearchPicker
        autoFocus
        className="min-h-64"
        label={t('dialogs.problem.label')}
        placeholder={t('dialogs.problem.placeholder')}
        text={text}
        onText={setText}
        hits={rows.map((row) => ({
          id: row.id,
          icon: <PriorityBars level={row.priority.level} silent />,
          title: row.subject,
          detail: `${row.number ?? row.provisionalCode} · ${t(`status.${row.status}`)} · ${row.siteName}`,
        }))}
        pickedId={pickedId}
        onPick={setPickedId}
        {...(loading ? {} : { empty: t('dialogs.problem.empty') })}
      />
      {ticket.problemId !== null && (
        <Button size="sm" tone="ghost" className="self-start" onClick={() => send(null)}>
          {t('dialogs.problem.unlink')}
        </Button>
      )}
    </ActDialog>
  );
}
