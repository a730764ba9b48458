import { useTranslation } from '../../../i18n/use-translation.tsx';

/** Somebody else wrote this since the last visit. */
export function UnreadDot() {
  const { t } = useTranslation();
  return (
    <span
      role="img"
      aria-label={t('ticket.timeline.fresh')}
      className="-right-0.5 -top-0.5 absolute size-2 rounded-full border border-panel bg-accent"
    />
  );
}
