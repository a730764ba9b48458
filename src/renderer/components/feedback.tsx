import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';
import type { Tone } from './badge.tsx';

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly body?: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing to show, or nothing could be shown: says why and what to do. */
export function Empty({ icon, title, body, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center justify-center gap-1 px-6 py-12 text-center">
      {icon !== undefined && (
        <div className="mb-3 flex size-11 items-center justify-center rounded-full bg-hover text-text-3 [&_svg]:size-5">
          {icon}
        </div>
      )}
      <p className="font-semibold text-md text-text-1">{title}</p>
      {body !== undefined && <p className="max-w-80 text-sm text-text-2">{body}</p>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}

/** Holds the place of something that is on its way. */
export const Skeleton = ({ className }: { readonly className?: string }) => (
  <span aria-hidden="true" className={cx('breathe block rounded-sm bg-line', className)} />
);

const washes: Record<Tone, string> = {
  neutral: 'bg-hover text-text-2',
  accent: 'bg-accent-wash text-text-2 [&>svg]:text-accent',
  red: 'bg-red-wash text-text-1 [&>svg]:text-red',
  amber: 'bg-amber-wash text-text-1 [&>svg]:text-amber',
  green: 'bg-green-wash text-text-1 [&>svg]:text-green',
  violet: 'bg-violet-wash text-text-1 [&>svg]:text-violet',
};

interface BannerProps {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One sentence across a pane. */
export function Banner({ tone = 'neutral', icon, action, children }: BannerProps) {
  return (
    <div
      role="status"
      className={cx(
        'flex items-center gap-2.5 border-line border-b px-5 py-2.5 text-sm [&>svg]:size-4 [&>svg]:shrink-0',
        washes[tone],
      )}
    >
      {icon}
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
