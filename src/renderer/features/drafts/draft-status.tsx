import { useTranslation } from 'react-i18next';
import { cx } from '../../lib/cx.ts';
import type { DraftState } from './draft-saver.ts';

/** «Borrador guardado»: said only once it is, and loudly when it could not be. Keeps its place, so nothing shifts. */
export function DraftStatus({ state }: { readonly state: DraftState }) {
  const { t } = useTranslation();
  const text =
    state === 'failed'
      ? t('ticket.composer.draftFailed')
      : state === 'saved'
        ? t('ticket.composer.draftSaved')
        : state === 'clean'
          ? ''
          : t('ticket.composer.draftSaving');
  return (
    <span
      role="status"
      data-draft-state={state}
      className={cx('text-xs', state === 'failed' ? 'text-red' : 'text-text-3')}
    >
      {text}
    </span>
  );
}
