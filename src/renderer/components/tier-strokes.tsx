import type { Tier } from '../../domain/vocabulary.ts';
import { useTranslation } from '../i18n/use-translation.tsx';
import { cx } from '../lib/cx.ts';

/** The tier as one, two or three strokes of three. `silent` where the words stand beside it. */
export function TierStrokes({ tier, silent = false }: { readonly tier: Tier; readonly silent?: boolean }) {
  const { t } = useTranslation();
  const label = t('common.tier', { tier });
  return (
    <span
      {...(silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label, title: label })}
      className="inline-flex shrink-0 gap-[3px]"
    >
      {[1, 2, 3].map((step) => (
        <span key={step} className={cx('h-1 w-3 rounded-full', step <= tier ? 'bg-accent' : 'bg-line')} />
      ))}
    </span>
  );
}
