import { Clock, Download, HardDriveDownload, ShieldAlert, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../client/use-query.ts';
import { useConnection } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Banner } from '../../components/feedback.tsx';
import { viewActs } from '../../state/view-store.ts';

/** States that hold work back or put it in danger, in a sentence each, above whatever is open. */
export function TroubleBanners() {
  const { t } = useTranslation();
  const connection = useConnection();
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
          {t('shell.trouble.sessionExpired')}
        </Banner>
      )}
      {state === 'storeTooOld' && (
        <Banner tone="amber" icon={<ShieldAlert />}>
          {t('shell.trouble.storeTooOld', { n: pendingActs })}
        </Banner>
      )}
      {clockSkewMs !== null && (
        <Banner tone="amber" icon={<Clock />}>
          {t('shell.trouble.clockSkew', { minutes: Math.round(Math.abs(clockSkewMs) / 60_000) })}
        </Banner>
      )}
      {update !== null && <Banner icon={<Download />}>{t('shell.trouble.updateReady', { version: update })}</Banner>}
    </>
  );
}
