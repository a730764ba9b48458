import { ArrowRight, Check, TriangleAlert } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { ActResult } from '../../../protocol/console/methods.ts';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { createIntent } from '../../client/intent.ts';
import { newRequestId, useAct } from '../../client/use-act.ts';
import { useDirectory } from '../../client/use-directory.ts';
import { useQuery } from '../../client/use-query.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Combobox } from '../../components/combobox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { TicketCode } from '../../components/ticket-code.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useView, viewActs } from '../../state/view-store.ts';
import { type PlanLine, reassignPlan, undoActs } from './reassign-plan.ts';
import { useMarkedRows } from './use-marked-rows.ts';

/** Marked tickets to another person: preview, a result for each, undo. */
export function ReassignDialog() {
  const open = useView((state) => state.overlay === 'reassign');
  const rows = useMarkedRows(open);
  if (!open || rows === null) return null;
  return <OpenReassign rows={rows} />;
}

function OpenReassign({ rows: marked }: { readonly rows: readonly QueueRow[] }) {
  const { t } = useTranslation();
  const { agents, memberships, nameOf } = useDirectory();
  const load = useQuery('supervision.load', {}, ['queue', 'session']).data?.rows;
  const { actMany } = useAct();
  const words = useWords();
  // The tickets as they stood when the dialog opened: what was previewed is what is sent.
  const [rows] = useState(marked);
  const intent = useRef(createIntent(newRequestId)).current;
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [results, setResults] = useState<ReadonlyMap<string, ActResult> | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const isMember = useMemo(() => {
    const pairs = new Set(memberships.filter((row) => row.active).map((row) => `${row.personId} ${row.teamId}`));
    return (personId: string, teamId: string) => pairs.has(`${personId} ${teamId}`);
  }, [memberships]);
  const plan = useMemo(
    () => (to === null ? null : reassignPlan(rows, to, reason, isMember)),
    [rows, to, reason, isMember],
  );
  const moving = plan?.filter((line) => line.act !== null) ?? [];
  const openOf = (personId: string): number => load?.find((row) => row.personId === personId)?.open ?? 0;
  const candidates = useMemo(() => {
    const teams = new Set(rows.map((row) => row.teamId));
    return agents
      .filter((person) => person.active)
      .map((person) => ({ person, fits: [...teams].filter((team) => isMember(person.id, team)).length }))
      .filter(({ fits }) => fits > 0)
      .toSorted((a, b) => b.fits - a.fits || a.person.name.localeCompare(b.person.name, 'es'));
  }, [agents, rows, isMember]);

  async function submit(): Promise<void> {
    if (to === null || moving.length === 0) return;
    setBusy(true);
    setFailure(null);
    const acts = moving.flatMap((line) => (line.act === null ? [] : [line.act]));
    const answer = await actMany(acts, { atomic: false, requestId: intent.idFor(JSON.stringify(acts)) });
    setBusy(false);
    if (typeof answer === 'string') return setFailure(answer);
    setResults(new Map(answer.map((result) => [result.ticketId, result])));
    const done = moving.filter((line) => answer.some((result) => result.ok && result.ticketId === line.row.id));
    viewActs.mark([]);
    if (done.length > 0) offerUndo(done, to);
    if (done.length === moving.length && moving.length === rows.length) viewActs.closeOverlay();
  }

  function offerUndo(done: readonly PlanLine[], person: string): void {
    toast('good', t('supervision.dialog.done', { count: done.length }), {
      detail: nameOf(person) ?? undefined,
      action: {
        label: t('common.undo'),
        run: () =>
          void actMany(undoActs(done, person, t('supervision.dialog.undoReason')), { atomic: false }).then((answer) => {
            if (typeof answer === 'string') return toast('bad', answer);
            const failed = answer.flatMap((result) => (result.ok ? [] : [words.refusal(result.refusal)]));
            if (failed.length === 0) toast('info', t('supervision.dialog.undone'));
            else toast('bad', t('supervision.dialog.failed', { count: failed.length }), { detail: failed[0] });
          }),
      },
    });
  }

  return (
    <Dialog
      open
      onClose={viewActs.closeOverlay}
      width="md"
      title={t('supervision.dialog.title', { count: rows.length })}
      description={t('supervision.dialog.description')}
      footnote={
        failure ??
        (to !== null &&
          results === null &&
          t('supervision.dialog.loadAfter', { before: openOf(to), after: openOf(to) + moving.length }))
      }
      actions={
        results === null ? (
          <>
            <Button onClick={viewActs.closeOverlay}>{t('common.cancel')}</Button>
            <Button tone="primary" busy={busy} disabled={moving.length === 0} onClick={() => void submit()}>
              {t('supervision.dialog.submit', { count: moving.length })}
            </Button>
          </>
        ) : (
          <Button onClick={viewActs.closeOverlay}>{t('common.close')}</Button>
        )
      }
    >
      <div className="grid grid-cols-2 gap-4">
        <Field label={t('supervision.dialog.to')}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('supervision.dialog.to')}
              placeholder={t('supervision.dialog.choose')}
              value={to}
              onChange={setTo}
              disabled={results !== null}
              options={candidates.map(({ person }) => ({
                value: person.id,
                label: person.name,
                detail: t('supervision.dialog.loadNow', { n: openOf(person.id) }),
                icon: <Avatar name={person.name} size={18} />,
              }))}
            />
          )}
        </Field>
        <Field label={`${t('supervision.dialog.reason')} (${t('common.optional')})`}>
          {({ id }) => (
            <Input
              id={id}
              value={reason}
              maxLength={500}
              disabled={results !== null}
              placeholder={t('supervision.dialog.reasonPlaceholder')}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </div>
      <h3 className="mt-5 mb-1 font-semibold text-xs">{t('supervision.dialog.preview')}</h3>
      <ul className="rounded-lg border border-line">
        {(plan ?? rows.map((row): PlanLine => ({ row, act: null, obstacle: null }))).map((line) => (
          <PreviewLine
            key={line.row.id}
            line={line}
            toName={to === null ? null : nameOf(to)}
            result={results?.get(line.row.id) ?? null}
          />
        ))}
      </ul>
      {plan !== null && moving.length === 0 && (
        <p className="mt-2 text-amber text-xs">{t('supervision.dialog.nothing')}</p>
      )}
    </Dialog>
  );
}

interface PreviewLineProps {
  readonly line: PlanLine;
  readonly toName: string | null;
  readonly result: ActResult | null;
}

function PreviewLine({ line: { row, act, obstacle }, toName, result }: PreviewLineProps) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <li className="flex items-center gap-3 border-line-soft border-b px-3 py-2 last:border-0">
      <TicketCode number={row.number} provisionalCode={row.provisionalCode} short className="w-14 shrink-0" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm">{row.subject}</span>
        {obstacle !== null && (
          <span className="block text-amber text-xs">
            {obstacle === 'already'
              ? t('supervision.dialog.already')
              : t('supervision.dialog.noMember', { person: toName ?? '', team: row.teamName })}{' '}
            · {t('supervision.dialog.skipped')}
          </span>
        )}
        {result?.ok === false && <span className="block text-red text-xs">{words.refusal(result.refusal)}</span>}
      </span>
      {result === null ? (
        <span className="flex shrink-0 items-center gap-2">
          <Avatar name={row.assigneeName} label={row.assigneeName ?? t('common.nobody')} />
          <ArrowRight className="size-3.5 text-text-4" />
          {act === null ? <span className="size-[22px]" /> : <Avatar name={toName} label={toName ?? ''} />}
        </span>
      ) : result.ok ? (
        <span className="flex shrink-0 items-center gap-1 text-green text-xs">
          <Check className="size-3.5" />
          {t('supervision.dialog.saved')}
        </span>
      ) : (
        <TriangleAlert className="size-4 shrink-0 text-red" />
      )}
    </li>
  );
}
