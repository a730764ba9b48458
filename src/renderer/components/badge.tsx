import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';

export type Tone = 'neutral' | 'accent' | 'red' | 'amber' | 'green' | 'violet';

const tones: Record<Tone, string> = {
  neutral: 'bg-hover text-text-2',
  accent: 'bg-accent-wash text-accent',
  red: 'bg-red-wash text-red',
  amber: 'bg-amber-wash text-amber',
  green: 'bg-green-wash text-green',
  violet: 'bg-violet-wash text-violet',
};

interface BadgeProps {
  readonly tone?: Tone;
  /** Not at the store yet. */
  readonly dashed?: boolean;
  readonly round?: boolean;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}

export function Badge({ tone = 'neutral', dashed = false, round = false, icon, children }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex max-w-full shrink-0 items-center gap-1 whitespace-nowrap border font-semibold [&_svg]:size-3',
        round ? 'h-[22px] rounded-full px-2 text-xs' : 'h-[17px] rounded-sm px-1.5 text-2xs',
        dashed ? 'border-current/50 border-dashed' : 'border-transparent',
        tones[tone],
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
