import { Clock, Download, HardDriveDownload, ShieldAlert, TriangleAlert } from 'lucide-react';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Banner } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { viewActs } from '../../state/view-store.ts';
import { skewAmount } from './skew-amount.ts';
import { useLink } from './use-link.ts';

/** States that hold work back or put it in danger, in a sentence each, above whatever is open. */
export function TroubleBanners() {
  const { t } = useTranslation();
  const format = useFormat();
  const connection = useLink();
  const update = useQuery('host.info', {}, ['host']).data?.updateReady ?? null;
  if (connection === undefined) return null;
  const { state, trouble, clockSkewMs, pendingActs } = connection;
  return (
    <>
      {trouble !== null && (
        <Banner
          tone={trouble === 'cacheRebuilt' ? 'amber' : 'red'}
          icon={trouble === 'cacheRebuilt' ? <HardDriveDownload /> : <TriangleAlert />}
        >
          {t(`shell.trouble.${trouble}`)}
        </Banner>
      )}
      {(state === 'certificateUntrusted' || state === 'proxyAuthRequired' || state === 'deviceRevoked') && (
        <Banner tone="red" icon={<ShieldAlert />}>
          {t(`shell.trouble.${state}`)}
        </Banner>
      )}
      {(state === 'reauthLocked' || state === 'consoleTooOld') && (
        <Banner tone="amber" icon={<ShieldAlert />}>
          {t(`shell.trouble.${state}`)}
        </Banner>
      )}
      {state === 'sessionExpired' && (
        <Banner
          tone="amber"
          icon={<ShieldAlert />}
          action={
            <Button size="sm" onClick={() => viewActs.open('reauth')}>
              {t('shell.trouble.signInAgain')}
            </Button>
          }
        >
          {pendingActs === 0
            ? t('shell.trouble.sessionExpired')
            : t('shell.trouble.sessionExpiredPending', { count: pendingActs })}
        </Banner>
      )}
      {state === 'storeTooOld' && (
        <Banner tone="amber" icon={<ShieldAlert />}>
          {pendingActs === 0
            ? t('shell.trouble.storeTooOld')
            : t('shell.trouble.storeTooOldPending', { count: pendingActs })}
        </Banner>
      )}
      {clockSkewMs !== null && (
        <Banner tone="amber" icon={<Clock />}>
          {t(clockSkewMs > 0 ? 'shell.trouble.clockBehind' : 'shell.trouble.clockAhead', {
            amount: skewAmount(Math.abs(clockSkewMs), t, format.span),
          })}
        </Banner>
      )}
      {update !== null && <Banner icon={<Download />}>{t('shell.trouble.updateReady', { version: update })}</Banner>}
    </>
  );
}
