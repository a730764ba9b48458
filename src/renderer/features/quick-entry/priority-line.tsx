import type { Service, Site } from '../../../domain/directory.ts';
import type { PriorityReason } from '../../../domain/ticket.ts';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { rich } from '../../lib/rich.tsx';
import { type EntryForm, livePriority } from './entry-form.ts';

interface PriorityLineProps {
  readonly form: EntryForm;
  readonly sites: readonly Site[];
  readonly services: readonly Service[];
}

/** R19 while the form is filled in: the priority that the store will give, and why. */
export function PriorityLine({ form, sites, services }: PriorityLineProps) {
  const { t, language } = useTranslation();
  const { level, reasons } = livePriority(form, sites, services);
  const words = (reason: PriorityReason): string => {
    switch (reason.kind) {
      case 'matrix':
        return t('ticket.banner.matrix', {
          impact: t(`level.${reason.impact}`).toLowerCase(),
          urgency: t(`ticket.urgency.${reason.urgency}`),
        });
      case 'seniorManagement': {
        const job = form.caller !== null && 'person' in form.caller ? form.caller.person.jobTitle : null;
        return job === null ? t('ticket.banner.senior') : t('ticket.banner.seniorOf', { job });
      }
      case 'citizenService': {
        if (reason.by === 'site')
          return t('ticket.banner.citizenSite', { name: sites.find((site) => site.id === reason.id)?.name ?? '' });
        const service = services.find((each) => each.id === reason.id);
        return t('ticket.banner.citizenService', {
          name: (language === 'en' ? service?.nameEn : service?.nameEs) ?? '',
        });
      }
    }
  };
  const raised = reasons.filter((reason) => reason.kind !== 'matrix');
  const said = (raised.length > 0 ? raised : reasons).map(words).join(t('ticket.banner.and'));
  return (
    <p aria-live="polite" data-live-priority={level} className="flex items-center gap-1.5 text-sm text-text-2">
      <PriorityBars level={level} silent />
      <span>
        <b className="font-semibold text-text-1">
          {t('entry.priority', { level: t(`priority.${level}`).toLowerCase() })}
        </b>{' '}
        {rich((s) => t('entry.becauseOf', s), { reasons: said })}
      </span>
    </p>
  );
}
