import type { ReactNode } from 'react';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';
import { Avatar } from '../../../components/avatar.tsx';
import { cx } from '../../../lib/cx.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { UnreadDot } from './unread-dot.tsx';

export type CardLook = 'internal' | 'public' | 'sheet' | 'solution';

const looks: Record<CardLook, string> = {
  internal: 'border-line bg-field',
  public:
    'border-line bg-panel before:absolute before:-left-px before:-top-px before:-bottom-px before:w-[3px] before:rounded-l-lg before:bg-accent',
  sheet: 'border-accent bg-panel',
  solution: 'border-green/60 bg-panel',
};

interface CardProps {
  readonly entry: ShownEntry;
  readonly look: CardLook;
  readonly isNew: boolean;
  readonly head: ReactNode;
  readonly children: ReactNode;
}

/** What a person said or handed over: a face, a line of who and when, and the words. Dashed until the store has it. */
export function Card({ entry, look, isNew, head, children }: CardProps) {
  const { name } = useTicketWords();
  return (
    <article className="flex gap-2.5" data-entry-id={entry.id} data-pending={entry.pending ?? undefined}>
      <div className="relative pt-0.5">
        <Avatar name={name(entry.actorId)} size={26} />
        {isNew && <UnreadDot />}
      </div>
      <div
        className={cx(
          'relative min-w-0 flex-1 rounded-lg border px-3 py-2',
          looks[look],
          entry.pending !== null && 'border-line-strong border-dashed',
        )}
      >
        <header className="mb-1 text-text-3 text-xs leading-[17px]">{head}</header>
        {children}
      </div>
    </article>
  );
}
