import { useMemo, useState } from 'react';
import { z } from 'zod';
import { Field, TextArea } from '../../components/field.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useStagedFiles } from '../attachments/index.ts';
import { ticketDraftKey, useDraft } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { MemberPicker, TeamPicker, useTeams } from './pickers.tsx';
import { prefillSheet } from './prefill-sheet.ts';
import { useSubmit } from './use-submit.ts';

const formSchema = z.object({
  toTeamId: z.string().nullable(),
  toPersonId: z.string().nullable(),
  tried: z.string(),
  found: z.string(),
  pending: z.string(),
  device: z.string(),
});
type EscalateForm = z.infer<typeof formSchema>;
const sheetFields = ['tried', 'found', 'pending', 'device'] as const;

/** Escalation as one act: team, perhaps a person, and the sheet that saves the next tier a call back. */
export function EscalateDialog() {
  const { t } = useTranslation();
  const { view, code, name } = useTicketWords();
  const { ticket } = view;
  const teams = useTeams((team) => team.tier > ticket.tier);
  const nextTier = teams[0]?.tier;
  const submission = useSubmit();
  const [missing, setMissing] = useState(false);
  const prefill = useMemo(
    () =>
      prefillSheet(view, {
        remoteLine: (tool, target, outcome) =>
          `${t('dialogs.act.remote')} ${t(`tool.${tool}`)} · ${target}${outcome === null ? '' : ` · ${t(`outcome.${outcome}`).toLowerCase()}`}`,
      }),
    [view, t],
  );
  const draft = useDraft<EscalateForm>({
    draftKey: ticketDraftKey('escalate', ticket.id),
    ticketId: ticket.id,
    initial: { toTeamId: null, toPersonId: null, ...prefill.sheet },
    schema: formSchema,
    isEmpty: (form) => form.toTeamId === null && sheetFields.every((field) => form[field] === prefill.sheet[field]),
  });
  const files = useStagedFiles(draft.key, ticket.id);
  const form = draft.content;
  // The one team of the next tier that serves this site, or the only one there is, needs no choosing.
  const likely = teams.filter((team) => team.tier === nextTier);
  const bySite = likely.filter((team) => team.siteId === ticket.siteId);
  const suggested = bySite.length === 1 ? bySite[0] : likely.length === 1 ? likely[0] : undefined;
  const teamId = form.toTeamId ?? suggested?.id ?? null;
  const set = (change: Partial<EscalateForm>) => draft.set({ ...form, ...change });

  const submit = () => {
    if (teamId === null) {
      setMissing(true);
      return;
    }
    const { toPersonId, tried, found, pending, device } = form;
    void submission.send(
      {
        ticketId: ticket.id,
        type: 'escalate',
        payload: { toTeamId: teamId, toPersonId, sheet: { tried, found, pending, device } },
      },
      t('dialogs.escalate.done', { team: name(teamId) }),
      draft,
      files,
    );
  };
  const sources = {
    notes: t('dialogs.escalate.fromNotes'),
    remote: t('dialogs.escalate.fromRemote'),
    asset: t('dialogs.escalate.fromAsset'),
  };
  const footnote = [
    prefill.sources.length === 0
      ? null
      : t('dialogs.escalate.prefilled', {
          sources: prefill.sources.map((source) => sources[source]).join(t('ticket.banner.and')),
        }),
    teamId === null ? null : t('dialogs.escalate.notice', { team: name(teamId) }),
  ].filter((part) => part !== null);
  const area = (field: (typeof sheetFields)[number], required: boolean) => (
    <Field label={t(`dialogs.escalate.${field}`)} {...(required ? {} : { hint: undefined })}>
      {({ id }) => (
        <TextArea
          id={id}
          rows={2}
          aria-required={required}
          placeholder={t(`dialogs.escalate.${field}Placeholder`)}
          value={form[field]}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  const tier = teams.find((team) => team.id === teamId)?.tier ?? nextTier;
  return (
    <ActDialog
      title={
        tier === undefined ? t('dialogs.escalate.titlePlain', { code }) : t('dialogs.escalate.title', { code, tier })
      }
      subtitle={t('dialogs.escalate.subtitle')}
      submitLabel={t('dialogs.escalate.submit')}
      submission={submission}
      draft={draft}
      files={files}
      footnote={footnote.join(' ')}
      onSubmit={submit}
    >
      <div className="grid grid-cols-2 gap-3.5">
        <Field label={t('dialogs.team')} error={missing && teamId === null ? t('dialogs.chooseTeam') : undefined}>
          {({ id }) => (
            <TeamPicker
              id={id}
              teams={teams}
              value={teamId}
              invalid={missing && teamId === null}
              onChange={(toTeamId) => set({ toTeamId, toPersonId: null })}
            />
          )}
        </Field>
        <Field label={t('dialogs.person')}>
          {({ id }) => (
            <MemberPicker
              id={id}
              teamId={teamId}
              value={form.toPersonId}
              nobody={t('dialogs.anyone')}
              onChange={(toPersonId) => set({ toPersonId })}
            />
          )}
        </Field>
      </div>
      {area('tried', true)}
      {area('found', true)}
      <div className="grid grid-cols-2 gap-3.5">
        {area('pending', false)}
        {area('device', false)}
      </div>
      <p className="flex items-center gap-1.5 text-text-2 text-xs">
        <PriorityBars level={ticket.priority.level} silent />
        {t('dialogs.escalate.priority')}:{' '}
        {t('dialogs.escalate.priorityKept', { level: t(`priority.${ticket.priority.level}`) })}
      </p>
    </ActDialog>
  );
}
