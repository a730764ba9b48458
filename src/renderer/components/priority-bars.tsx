import type { PriorityLevel } from '../../domain/vocabulary.ts';
import { useTranslation } from '../i18n/use-translation.tsx';
import { cx } from '../lib/cx.ts';

const filled: Record<PriorityLevel, number> = { critical: 3, high: 3, medium: 2, low: 1 };
const tones: Record<PriorityLevel, string> = {
  critical: 'bg-red',
  high: 'bg-red',
  medium: 'bg-amber',
  low: 'bg-text-3',
};
const heights = ['h-[4.5px]', 'h-[8px]', 'h-[11.5px]'] as const;

/** Three rising bars; critical wears a frame besides. `silent` where the words stand beside it. */
export function PriorityBars({ level, silent = false }: { readonly level: PriorityLevel; readonly silent?: boolean }) {
  const { t } = useTranslation();
  const label = t(`priority.${level}`);
  return (
    <span
      {...(silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label, title: label })}
      className={cx(
        'inline-flex size-4 shrink-0 items-end justify-center gap-[1.5px] pb-[2px]',
        level === 'critical' && 'rounded-[4px] bg-red-wash ring-1 ring-red/40',
      )}
    >
      {heights.map((height, index) => (
        <span
          key={height}
          className={cx('w-[3px] rounded-[1px]', height, index < filled[level] ? tones[level] : 'bg-line-strong')}
        />
      ))}
    </span>
  );
}
