import { useId } from 'react';
import {
  channels,
  levels,
  type Mode,
  modes,
  type SubKind,
  subKindsByKind,
  ticketKinds,
} from '../../../domain/vocabulary.ts';
import { useDirectory } from '../../client/use-directory.ts';
import { Combobox, type Option } from '../../components/combobox.tsx';
import { Field, Input, TextArea } from '../../components/field.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { capital } from '../../lib/capital.ts';
import { type EntryForm, type EntryProblems, withKind } from './entry-form.ts';

interface EntryFieldsProps {
  readonly form: EntryForm;
  readonly change: (change: Partial<EntryForm>) => void;
  readonly replace: (form: EntryForm) => void;
  readonly problems: EntryProblems;
  /** Words of a problem; undefined for none. */
  readonly words: (problem: EntryProblems[keyof EntryProblems]) => string | undefined;
}

const NONE = '';

/** Subject and description first: what the caller says next. The rest has defaults. */
export function SpokenFields({ form, change, problems, words }: EntryFieldsProps) {
  const { t } = useTranslation();
  const optional = form.kind === 'request';
  return (
    <>
      <Field label={t('entry.subject')} error={words(problems.subject)}>
        {({ id, describedBy }) => (
          <Input
            id={id}
            data-entry-field="subject"
            spellCheck
            placeholder={t('entry.subjectPlaceholder')}
            aria-invalid={problems.subject !== undefined || undefined}
            aria-describedby={describedBy}
            value={form.subject}
            onChange={(event) => change({ subject: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={
          <>
            {t('entry.description')}
            {optional && <span className="font-normal text-text-3"> · {t('entry.descriptionOptional')}</span>}
          </>
        }
        error={words(problems.description)}
      >
        {({ id, describedBy }) => (
          <TextArea
            id={id}
            data-entry-field="description"
            rows={2}
            className="min-h-[50px]"
            placeholder={t('entry.descriptionPlaceholder')}
            aria-invalid={problems.description !== undefined || undefined}
            aria-describedby={describedBy}
            value={form.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** What it is and how bad it is. */
export function KindFields({ form, change, replace, problems, words }: EntryFieldsProps) {
  const { t } = useTranslation();
  const kindName = useId();
  const impactName = useId();
  const urgencyName = useId();
  const subKinds: readonly SubKind[] = subKindsByKind[form.kind];
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('entry.kind')}>
          {() => (
            <Segmented
              name={kindName}
              label={t('entry.kind')}
              value={form.kind}
              onChange={(kind) => replace(withKind(form, kind))}
              options={ticketKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
          )}
        </Field>
        <Field label={t('entry.subKind')} error={words(problems.subKind)}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('entry.subKind')}
              value={form.subKind ?? NONE}
              disabled={subKinds.length === 0}
              options={[
                { value: NONE, label: t('entry.noSubKind') },
                ...subKinds.map((value) => ({ value: value as string, label: t(`subKind.${value}`) })),
              ]}
              onChange={(chosen) => change({ subKind: subKinds.find((each) => each === chosen) ?? null })}
            />
          )}
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-3">
        {(['impact', 'urgency'] as const).map((field) => (
          <Field
            key={field}
            label={
              <>
                {t(`entry.${field}`)}
                {field === 'impact' && (
                  <span className="font-normal text-text-3"> · {t(`entry.impactHint.${form.impact}`)}</span>
                )}
              </>
            }
          >
            {() => (
              <Segmented
                name={field === 'impact' ? impactName : urgencyName}
                label={t(`entry.${field}`)}
                value={form[field]}
                onChange={(value) => change({ [field]: value })}
                options={levels.toReversed().map((value) => ({
                  value,
                  label: field === 'impact' ? t(`level.${value}`) : capital(t(`ticket.urgency.${value}`)),
                }))}
              />
            )}
          </Field>
        ))}
      </div>
    </>
  );
}

/** Where, and by which way it came: filled in from the caller. */
export function PlaceFields({ form, change, problems, words }: EntryFieldsProps) {
  const { t, language } = useTranslation();
  const { sites, orgUnits, services } = useDirectory();
  const active = <R extends { readonly active: boolean }>(rows: readonly R[]) => rows.filter((row) => row.active);
  const modeOptions: readonly Option[] = [
    { value: NONE, label: t('entry.noMode') },
    ...modes.map((value) => ({ value, label: t(`mode.${value}`) })),
  ];
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('entry.service')} error={words(problems.service)}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('entry.service')}
              placeholder={t('entry.servicePlaceholder')}
              value={form.serviceId ?? (form.kind === 'request' ? null : NONE)}
              invalid={problems.service !== undefined}
              options={[
                ...(form.kind === 'request' ? [] : [{ value: NONE, label: t('entry.noService') }]),
                ...services
                  .filter((service) => service.active)
                  .map((service) => ({
                    value: service.id,
                    label: language === 'en' ? service.nameEn : service.nameEs,
                    detail: t(`category.${service.category}`),
                  })),
              ]}
              onChange={(chosen) => change({ serviceId: chosen === NONE ? null : chosen })}
            />
          )}
        </Field>
        <Field label={t('entry.site')} error={words(problems.site)}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('entry.site')}
              placeholder={t('entry.sitePlaceholder')}
              value={form.siteId}
              invalid={problems.site !== undefined}
              options={active(sites).map((site) => ({ value: site.id, label: site.name, detail: site.region }))}
              onChange={(siteId) => change({ siteId })}
            />
          )}
        </Field>
      </div>
      <div className="grid grid-cols-3 gap-3">
        <Field label={t('entry.unit')}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('entry.unit')}
              value={form.orgUnitId ?? NONE}
              options={[
                { value: NONE, label: t('entry.noUnit') },
                ...active(orgUnits).map((unit) => ({ value: unit.id, label: unit.name, detail: unit.acronym })),
              ]}
              onChange={(chosen) => change({ orgUnitId: chosen === NONE ? null : chosen })}
            />
          )}
        </Field>
        <Field label={t('entry.channel')}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('entry.channel')}
              value={form.channel}
              options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
              onChange={(channel) => change({ channel })}
            />
          )}
        </Field>
        <Field label={t('entry.mode')}>
          {({ id }) => (
            <Combobox
              id={id}
              label={t('entry.mode')}
              value={form.mode ?? NONE}
              options={modeOptions}
              onChange={(chosen) => change({ mode: modes.find((mode: Mode) => mode === chosen) ?? null })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

interface UnlistedFieldsProps {
  readonly form: EntryForm;
  readonly change: (change: Partial<EntryForm>) => void;
}

/** A caller who is in no directory says where they are. */
export function UnlistedFields({ form, change }: UnlistedFieldsProps) {
  const { t } = useTranslation();
  const { caller } = form;
  if (caller === null || !('unlisted' in caller)) return null;
  const { unlisted } = caller;
  const labels = {
    unit: t('entry.unlistedUnit'),
    site: t('entry.unlistedSite'),
    extension: t('entry.unlistedExtension'),
  };
  return (
    <div className="grid grid-cols-3 gap-3 rounded-md border border-line border-dashed p-2.5">
      {(['unit', 'site', 'extension'] as const).map((field) => (
        <Field key={field} label={labels[field]}>
          {({ id }) => (
            <Input
              id={id}
              data-entry-field={field === 'unit' ? 'unlisted' : undefined}
              value={unlisted[field]}
              onChange={(event) => change({ caller: { unlisted: { ...unlisted, [field]: event.target.value } } })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
