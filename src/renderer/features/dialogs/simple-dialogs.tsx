import { useId, useState } from 'react';
import { type Mode, modes, type SubKind, subKindsByKind, ticketKinds } from '../../../domain/vocabulary.ts';
import { Field, Input } from '../../components/field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { ActDialog } from './act-dialog.tsx';
import { TextDialog } from './text-dialog.tsx';
import { useEditedPayload } from './use-edited-payload.ts';
import { useSubmit } from './use-submit.ts';

export function ResolveDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const [duringCall, setDuringCall] = useState(false);
  const boxId = useId();
  return (
    <TextDialog
      kind="resolve"
      attach
      title={t('dialogs.resolve.title', { code })}
      subtitle={t('dialogs.resolve.subtitle')}
      label={t('dialogs.resolve.solution')}
      placeholder={t('dialogs.resolve.placeholder')}
      submitLabel={t('dialogs.resolve.submit')}
      done={t('dialogs.resolve.done', { code })}
      missing={t('dialogs.solutionMissing')}
      act={(solution) => ({ ticketId: view.ticket.id, type: 'resolve', payload: { solution, duringCall } })}
    >
      <label htmlFor={boxId} className="order-last flex items-center gap-2 text-sm text-text-2">
        <input
          id={boxId}
          type="checkbox"
          checked={duringCall}
          onChange={(event) => setDuringCall(event.target.checked)}
          className="size-4 accent-accent"
        />
        {t('dialogs.resolve.duringCall')}
      </label>
    </TextDialog>
  );
}

export function ReopenDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  return (
    <TextDialog
      kind="reopen"
      title={t('dialogs.reopen.title', { code })}
      subtitle={t('dialogs.reopen.subtitle')}
      label={t('dialogs.reason')}
      placeholder={t('dialogs.reopen.placeholder')}
      submitLabel={t('dialogs.reopen.submit')}
      done={t('dialogs.reopen.done', { code })}
      missing={t('dialogs.reasonMissing')}
      act={(reason) => ({ ticketId: view.ticket.id, type: 'reopen', payload: { reason } })}
    />
  );
}

export function CancelDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  return (
    <TextDialog
      kind="cancel"
      danger
      title={t('dialogs.cancelTicket.title', { code })}
      subtitle={t('dialogs.cancelTicket.subtitle')}
      label={t('dialogs.reason')}
      placeholder={t('dialogs.cancelTicket.placeholder')}
      submitLabel={t('dialogs.cancelTicket.submit')}
      done={t('dialogs.cancelTicket.done', { code })}
      missing={t('dialogs.reasonMissing')}
      act={(reason) => ({ ticketId: view.ticket.id, type: 'cancel', payload: { reason } })}
    />
  );
}

export function CloseDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const submission = useSubmit();
  return (
    <ActDialog
      width="sm"
      title={t('dialogs.close.title', { code })}
      subtitle={t('dialogs.close.subtitle')}
      submitLabel={t('dialogs.close.submit')}
      submission={submission}
      onSubmit={() =>
        void submission.send(
          { ticketId: view.ticket.id, type: 'close', payload: {} },
          t('dialogs.close.done', { code }),
        )
      }
    >
      <p className="text-sm text-text-2">{view.ticket.solution}</p>
    </ActDialog>
  );
}

export function ModeDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const name = useId();
  const before = useEditedPayload('changeMode');
  const [mode, setMode] = useState<Mode | 'none'>((before === null ? ticket.mode : before.mode.to) ?? 'none');
  return (
    <ActDialog
      width="sm"
      title={t('dialogs.mode.title', { code })}
      subtitle={t('dialogs.mode.subtitle')}
      submitLabel={t('dialogs.mode.submit')}
      submission={submission}
      onSubmit={() =>
        void submission.send(
          {
            ticketId: ticket.id,
            type: 'changeMode',
            payload: { mode: { from: ticket.mode, to: mode === 'none' ? null : mode } },
          },
          t('dialogs.mode.done'),
        )
      }
    >
      <Segmented
        name={name}
        autoFocus
        label={t('dialogs.mode.label')}
        value={mode}
        onChange={setMode}
        options={[
          ...modes.map((value) => ({ value, label: t(`mode.${value}`) })),
          { value: 'none' as const, label: t('dialogs.mode.none') },
        ]}
      />
    </ActDialog>
  );
}

export function ReclassifyDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const kindName = useId();
  const subName = useId();
  const before = useEditedPayload('reclassify');
  const [kind, setKind] = useState(before?.kind.to ?? ticket.kind);
  const [subKind, setSubKind] = useState<SubKind | 'none'>(
    (before === null ? ticket.subKind : before.subKind.to) ?? 'none',
  );
  const subKinds: readonly SubKind[] = subKindsByKind[kind];
  const chosen = subKind !== 'none' && subKinds.includes(subKind) ? subKind : 'none';
  return (
    <ActDialog
      title={t('dialogs.reclassify.title', { code })}
      subtitle={t('dialogs.reclassify.subtitle')}
      submitLabel={t('dialogs.reclassify.submit')}
      submission={submission}
      onSubmit={() =>
        void submission.send(
          {
            ticketId: ticket.id,
            type: 'reclassify',
            payload: {
              kind: { from: ticket.kind, to: kind },
              subKind: { from: ticket.subKind, to: chosen === 'none' ? null : chosen },
            },
          },
          t('dialogs.reclassify.done'),
        )
      }
    >
      <Field label={t('dialogs.reclassify.kind')}>
        {() => (
          <Segmented
            name={kindName}
            autoFocus
            label={t('dialogs.reclassify.kind')}
            value={kind}
            onChange={setKind}
            options={ticketKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        )}
      </Field>
      {subKinds.length > 0 && (
        <Field label={t('dialogs.reclassify.subKind')}>
          {() => (
            <Segmented
              name={subName}
              className="flex-wrap"
              label={t('dialogs.reclassify.subKind')}
              value={chosen}
              onChange={setSubKind}
              options={[
                { value: 'none' as const, label: t('entry.noSubKind') },
                ...subKinds.map((value) => ({ value, label: t(`subKind.${value}`) })),
              ]}
            />
          )}
        </Field>
      )}
    </ActDialog>
  );
}

export function VendorCaseDialog() {
  const { t } = useTranslation();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const submission = useSubmit();
  const before = useEditedPayload('setVendorCase');
  const [text, setText] = useState((before === null ? ticket.vendorCase : before.vendorCase.to) ?? '');
  const to = text.trim() === '' ? null : text.trim();
  return (
    <ActDialog
      width="sm"
      title={t('dialogs.vendorCase.title')}
      subtitle={t('dialogs.vendorCase.subtitle', { code })}
      submitLabel={t('dialogs.vendorCase.submit')}
      submission={submission}
      onSubmit={() =>
        void submission.send(
          { ticketId: ticket.id, type: 'setVendorCase', payload: { vendorCase: { from: ticket.vendorCase, to } } },
          t('dialogs.vendorCase.done'),
        )
      }
    >
      <Field label={t('dialogs.vendorCase.label')}>
        {({ id }) => (
          <Input
            id={id}
            autoFocus
            className="font-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </ActDialog>
  );
}
