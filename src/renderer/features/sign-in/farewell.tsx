import { ShieldX } from 'lucide-react';
import { useQuery } from '../../client/use-query.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat, useNow } from '../../lib/use-format.ts';

/** A revoked device has erased itself: what became of the work of the person who used it. */
export function Farewell() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const farewell = useQuery('session.farewell', {}, ['session', 'connection']).data?.farewell ?? null;
  if (farewell === null) return null;
  const { user, handedIn, left, at, confirmed } = farewell;
  return (
    <section
      aria-labelledby="farewell-title"
      className="mb-6 rounded-lg border border-red/30 bg-red-wash px-3.5 py-3 text-sm"
    >
      <h2 id="farewell-title" className="flex items-center gap-2 font-semibold">
        <ShieldX aria-hidden="true" className="size-4 shrink-0 text-red" />
        {t('notice.farewell.title')}
      </h2>
      <p className="mt-1.5 text-pretty">
        {handedIn === 0 && left === 0
          ? t('notice.farewell.nothing', { user })
          : t('notice.farewell.handedIn', { count: handedIn, user })}
        {left > 0 && <b className="font-semibold text-red"> {t('notice.farewell.left', { count: left })}</b>}
      </p>
      <p className="mt-1 text-pretty text-text-2">{t('notice.farewell.erased', { when: format.moment(at, now) })}</p>
      <p className="mt-1 text-text-2 text-xs">
        {t(confirmed ? 'notice.farewell.confirmed' : 'notice.farewell.unconfirmed')}
      </p>
    </section>
  );
}
