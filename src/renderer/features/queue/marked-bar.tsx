import { useAction } from '../../actions/action-provider.tsx';
import { clearMarks, reassignMarked } from '../../actions/list-actions.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useView, viewActs } from '../../state/view-store.ts';

/** What may be done with the marked tickets, over the foot of the list. */
export function MarkedBar() {
  const { t } = useTranslation();
  const count = useView((state) => state.markedIds.size);
  const reassign = useAction(reassignMarked);
  if (count === 0) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-5 flex justify-center">
      <div
        role="toolbar"
        aria-label={t('queue.marked', { count })}
        className="pop-in pointer-events-auto flex items-center gap-2 rounded-lg bg-raised py-1.5 pr-1.5 pl-3.5 shadow-pop"
      >
        <span className="mr-2 font-semibold text-sm">{t('queue.marked', { count })}</span>
        {reassign.enabled && (
          <Button tone="primary" onClick={reassign.run} shortcut={reassignMarked.keys?.[0]}>
            {t('supervision.reassign')}
          </Button>
        )}
        <Button tone="ghost" onClick={() => viewActs.mark([])} shortcut={clearMarks.keys?.[0]}>
          {t(clearMarks.label)}
        </Button>
      </div>
    </div>
  );
}
