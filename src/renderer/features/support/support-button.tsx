import { LifeBuoy } from 'lucide-react';
import { useConsole } from '../../client/console-provider.tsx';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { saveReport, useShownReport } from './save-report.ts';

/** Saves a report for support, wherever something is not well: signed in or not, with a link or without. */
export function SupportButton({ size = 'sm' }: { readonly size?: 'sm' | 'md' }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const busy = useShownReport((state) => state.busy);
  return (
    <Button tone="ghost" size={size} icon={<LifeBuoy />} busy={busy} onClick={() => void saveReport(client)}>
      {t('support.save')}
    </Button>
  );
}
