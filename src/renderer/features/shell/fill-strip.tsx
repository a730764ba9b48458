import { useConnection } from '../../client/use-session.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat } from '../../lib/use-format.ts';

/** The first copy on its way: how much of it is there, and that work need not wait for it. At the foot, so that nothing shifts. */
export function FillStrip() {
  const { t } = useTranslation();
  const format = useFormat();
  const connection = useConnection();
  if (connection?.state !== 'filling') return null;
  const { done, total } = connection.fill ?? { done: 0, total: null };
  const known = total !== null && total > 0;
  const text = !known
    ? t('shell.fill.unknown')
    : done >= total
      ? t('shell.fill.closing')
      : t('shell.fill.of', { done: format.number(done), total: format.number(total) });
  return (
    <div className="shrink-0 border-line border-t px-4 py-2">
      <p className="text-sm text-text-2">{text}</p>
      <progress
        aria-label={t('shell.fill.label')}
        className="fill-bar mt-1.5 block w-full"
        {...(known ? { value: Math.min(done, total), max: total } : {})}
      />
    </div>
  );
}
