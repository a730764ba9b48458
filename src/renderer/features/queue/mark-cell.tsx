import { Check } from 'lucide-react';
import type { QueueRow } from '../../../protocol/console/rows.ts';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useView, viewActs } from '../../state/view-store.ts';

/** Priority, which gives way to a mark under the pointer; a dot before it for what was not seen yet. */
export function MarkCell({ row }: { readonly row: QueueRow }) {
  const { t } = useTranslation();
  const marked = useView((state) => state.markedIds.has(row.id));
  const some = useView((state) => state.markedIds.size > 0);
  return (
    <div className="relative flex items-center justify-center">
      {row.unread && <span aria-hidden="true" className="absolute -left-[10px] size-[6px] rounded-full bg-accent" />}
      <span className={cx(marked || some ? 'invisible' : 'group-hover:invisible')}>
        <PriorityBars level={row.priority.level} />
      </span>
      <button
        type="button"
        role="checkbox"
        tabIndex={-1}
        aria-checked={marked}
        aria-label={t('queue.markRow', { code: row.number ?? row.provisionalCode })}
        onClick={(event) => {
          event.stopPropagation();
          viewActs.toggleMark(row.id);
        }}
        className={cx(
          'absolute inset-0 m-auto flex size-[15px] items-center justify-center rounded-[4px] border',
          marked ? 'border-accent bg-accent text-on-accent' : 'border-line-strong bg-panel',
          marked || some ? '' : 'opacity-0 group-hover:opacity-100',
        )}
      >
        {marked && <Check className="size-3" strokeWidth={3} />}
      </button>
    </div>
  );
}
