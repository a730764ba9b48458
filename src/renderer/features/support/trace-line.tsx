import { Copy } from 'lucide-react';
import { traceOf } from '../../../protocol/sync/trace.ts';
import { IconButton } from '../../components/button.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';

/** The trace of an act, for whoever asks support about it: the same word is in the logs of this console and of the store. */
export function TraceLine({ commandId }: { readonly commandId: string }) {
  const { t } = useTranslation();
  const trace = traceOf(commandId);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(trace);
    toast('good', t('common.copied'));
  }
  return (
    <p className="mx-4 mb-1.5 ml-[42px] flex items-center gap-2 text-text-3 text-xs">
      <span className="shrink-0">{t('support.trace')}</span>
      <span className="min-w-0 select-text truncate font-mono">{trace}</span>
      <IconButton label={t('support.copyTrace')} className="size-5 [&_svg]:size-3.5" onClick={() => void copy()}>
        <Copy />
      </IconButton>
    </p>
  );
}
