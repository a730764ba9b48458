import { channels, type Level, levels, modes } from '../../../../domain/vocabulary.ts';
import { useDirectory } from '../../../client/use-directory.ts';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { capital } from '../../../lib/capital.ts';
import { useNow } from '../../../lib/use-format.ts';
import { type TicketDialogKind, ticketUi } from '../../../state/ticket-ui.ts';
import { FileList } from '../../attachments/index.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { LongText } from '../timeline/long-text.tsx';
import { useEdit } from '../use-edit.ts';
import { DescriptionField } from './description-field.tsx';
import { ChoiceProperty, Property, ValueButton } from './property.tsx';
import { RequesterCard } from './requester-card.tsx';

/** Every field of the ticket, edited where it stands; each change says what it was, so that two people cannot cross unseen. */
export function Details() {
  const { t, language } = useTranslation();
  const { view, name, format } = useTicketWords();
  const { ticket, asset } = view;
  const directory = useDirectory();
  const edit = useEdit();
  const now = useNow();
  const locked = !view.allowed.includes('editFields');
  const active = <R extends { readonly active: boolean; readonly id: string }>(
    rows: readonly R[],
    current: string | null,
  ) => rows.filter((row) => row.active || row.id === current);
  const opens = (kind: TicketDialogKind, allowed: string) => ({
    disabled: !view.allowed.includes(allowed),
    onClick: () => ticketUi.openDialog(kind, ticket.id),
  });
  const levelWords = (field: 'impact' | 'urgency', value: Level) =>
    capital(field === 'impact' ? t(`level.${value}`) : t(`ticket.urgency.${value}`));
  const level = (field: 'impact' | 'urgency') => (
    <ChoiceProperty
      label={t(`ticket.details.${field}`)}
      value={ticket[field]}
      shown={levelWords(field, ticket[field])}
      options={levels.map((value) => ({ value, label: levelWords(field, value) }))}
      disabled={locked}
      onChange={(to) => to !== null && void edit.change({ [field]: { from: ticket[field], to } })}
    />
  );
  return (
    <div className="flex flex-col gap-3">
      <RequesterCard />
      {edit.error !== null && (
        <p role="alert" className="text-red text-xs">
          {edit.error}
        </p>
      )}
      <DescriptionField />
      <FileList />
      <dl className="flex flex-col">
        <Property label={t('ticket.details.kind')}>
          <ValueButton {...opens('reclassify', 'reclassify')}>
            {t(`kind.${ticket.kind}`)}
            {ticket.subKind !== null && <span className="text-text-2"> · {t(`subKind.${ticket.subKind}`)}</span>}
          </ValueButton>
        </Property>
        <ChoiceProperty
          label={t('ticket.details.service')}
          value={ticket.serviceId}
          shown={ticket.serviceId === null ? t('ticket.details.empty') : name(ticket.serviceId)}
          none={t('entry.noService')}
          options={active(directory.services, ticket.serviceId).map((row) => ({
            value: row.id,
            label: language === 'en' ? row.nameEn : row.nameEs,
            detail: t(`category.${row.category}`),
          }))}
          disabled={locked}
          onChange={(to) => void edit.change({ serviceId: { from: ticket.serviceId, to } })}
        />
        {level('impact')}
        {level('urgency')}
        <ChoiceProperty
          label={t('ticket.details.site')}
          value={ticket.siteId}
          shown={name(ticket.siteId)}
          options={active(directory.sites, ticket.siteId).map((row) => ({
            value: row.id,
            label: row.name,
            detail: row.region,
          }))}
          disabled={locked}
          onChange={(to) => to !== null && void edit.change({ siteId: { from: ticket.siteId, to } })}
        />
        <ChoiceProperty
          label={t('ticket.details.unit')}
          value={ticket.orgUnitId}
          shown={ticket.orgUnitId === null ? t('ticket.details.empty') : name(ticket.orgUnitId)}
          none={t('entry.noUnit')}
          options={active(directory.orgUnits, ticket.orgUnitId).map((row) => ({
            value: row.id,
            label: row.name,
            detail: row.acronym,
          }))}
          disabled={locked}
          onChange={(to) => void edit.change({ orgUnitId: { from: ticket.orgUnitId, to } })}
        />
        <ChoiceProperty
          label={t('ticket.details.channel')}
          value={ticket.channel}
          shown={t(`channel.${ticket.channel}`)}
          options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          disabled={locked}
          onChange={(to) => to !== null && void edit.change({ channel: { from: ticket.channel, to } })}
        />
        <ChoiceProperty
          label={t('ticket.details.mode')}
          value={ticket.mode}
          shown={ticket.mode === null ? t('ticket.header.noMode') : t(`mode.${ticket.mode}`)}
          none={t('ticket.header.noMode')}
          options={modes.map((value) => ({ value, label: t(`mode.${value}`) }))}
          disabled={!view.allowed.includes('changeMode')}
          onChange={(to) =>
            void edit.save({ ticketId: ticket.id, type: 'changeMode', payload: { mode: { from: ticket.mode, to } } })
          }
        />
        <Property label={t('ticket.details.asset')}>
          <ValueButton {...opens('asset', 'setAsset')}>
            {ticket.assetId === null
              ? t('ticket.details.noAsset')
              : asset === null
                ? t('ticket.details.another')
                : [asset.hostName ?? asset.tag, asset.ip, asset.hostName === null ? null : asset.tag]
                    .filter(Boolean)
                    .join(' · ')}
          </ValueButton>
        </Property>
        {(ticket.vendorCase !== null || ticket.tier === 3) && (
          <Property label={t('ticket.details.vendorCase')}>
            <ValueButton {...opens('vendorCase', 'setVendorCase')}>
              {ticket.vendorCase ?? t('ticket.details.empty')}
            </ValueButton>
          </Property>
        )}
        <Property label={t('ticket.details.problem')}>
          <ValueButton {...opens('problem', 'linkProblem')}>
            {ticket.problemId === null ? t('ticket.details.empty') : name(ticket.problemId)}
          </ValueButton>
        </Property>
        <Property label={t('ticket.details.registered')}>
          <p className="py-[3px]">
            {format.moment(ticket.clocks.registeredAt, now)} · {name(ticket.registeredBy)}
          </p>
        </Property>
        {ticket.number !== null && (
          <Property label={t('ticket.details.provisionalWas')}>
            <p className="select-text py-[3px] font-mono text-text-2">{ticket.provisionalCode}</p>
          </Property>
        )}
        {ticket.solution !== null && (
          <Property label={t('ticket.details.solution')}>
            <div className="py-[3px]">
              <LongText text={ticket.solution} />
            </div>
          </Property>
        )}
      </dl>
    </div>
  );
}
