import { Unplug } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';

/** The page stands alone: its host never answered. */
export function NoHost() {
  const { t } = useTranslation();
  return (
    <main className="flex h-full items-center justify-center">
      <Empty
        icon={<Unplug />}
        title={t('shell.host.failed')}
        body={t('shell.host.failedBody')}
        action={<Button onClick={() => window.location.reload()}>{t('common.retry')}</Button>}
      />
    </main>
  );
}
