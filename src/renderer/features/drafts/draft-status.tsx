import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import type { DraftSigns } from './use-draft.ts';

type StatusProps = { readonly draft: Pick<DraftSigns, 'state' | 'keepMine' | 'takeOther'> };

/** «Borrador guardado»: said only once it is, and loudly when it could not be. Keeps its place, so nothing shifts. */
export function DraftStatus({ draft: { state, keepMine, takeOther } }: StatusProps) {
  const { t } = useTranslation();
  const text =
    state === 'failed'
      ? t('ticket.composer.draftFailed')
      : state === 'conflict'
        ? t('ticket.composer.draftConflict')
        : state === 'saved'
          ? t('ticket.composer.draftSaved')
          : state === 'clean'
            ? ''
            : t('ticket.composer.draftSaving');
  return (
    <>
      <span
        role="status"
        data-draft-state={state}
        className={cx('text-xs', state === 'failed' || state === 'conflict' ? 'text-red' : 'text-text-3')}
      >
        {text}
      </span>
      {state === 'conflict' && (
        <span className="flex gap-1">
          <Button size="sm" onClick={keepMine}>
            {t('ticket.composer.keepMine')}
          </Button>
          <Button size="sm" tone="ghost" onClick={takeOther}>
            {t('ticket.composer.takeOther')}
          </Button>
        </span>
      )}
    </>
  );
}
