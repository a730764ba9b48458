import { Copy, FilePen, RotateCcw, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { Button } from '../../components/button.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { wordsOfDraft } from '../drafts/draft-text.ts';
import { useEditAgain } from './use-edit-again.ts';

interface SettledActsProps {
  readonly item: OutboxItem;
  /** What «Copiar» takes; empty: nothing to copy. */
  readonly text: string;
  readonly children?: ReactNode;
}

/**
 * What an author can do with an act that the desk answered: again as it was, again after an edit, copy it, or take it off the
 * screen, which asks twice when it holds words that somebody typed.
 */
export function SettledActs({ item, text, children }: SettledActsProps) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const edit = useEditAgain(item);
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const [again, setAgain] = useState<string | null>(null);
  const settled = item.state === 'refused' || item.state === 'parked' || item.state === 'merged';
  const failed = item.state === 'refused' || item.state === 'parked';
  const typed = wordsOfDraft(item.payload) !== '';

  async function reapply(): Promise<void> {
    setBusy(true);
    const answer = await client.call('outbox.reapply', { commandId: item.commandId });
    setBusy(false);
    if (!answer.ok) return setAgain(words.error(answer.error));
    const { result } = answer.value;
    if (!result.ok) return setAgain(words.refusal(result.refusal));
    toast('good', t('outbox.reapplied'));
    await client.call('outbox.dismiss', { commandId: item.commandId });
  }
  async function discard(): Promise<void> {
    const answer = await client.call('outbox.dismiss', { commandId: item.commandId });
    if (answer.ok) toast('info', t('outbox.discarded'));
    else toast('bad', words.error(answer.error));
  }
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text);
    toast('good', t('outbox.copied'));
  }
  return (
    <>
      {again !== null && (
        <p role="alert" className="text-red text-xs">
          {again}
        </p>
      )}
      {sure ? (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1.5 text-text-1 text-xs">
          {t('outbox.discardConfirm')}
          <Button size="sm" tone="danger" autoFocus onClick={() => void discard()}>
            {t('outbox.discard')}
          </Button>
          <Button size="sm" tone="ghost" onClick={() => setSure(false)}>
            {t('common.cancel')}
          </Button>
        </p>
      ) : (
        <div className="flex flex-wrap gap-1.5">
          {children}
          {failed && (
            <Button size="sm" icon={<RotateCcw />} busy={busy} onClick={() => void reapply()}>
              {t('outbox.reapply')}
            </Button>
          )}
          {failed && edit !== null && (
            <Button size="sm" icon={<FilePen />} onClick={() => void edit()}>
              {t('outbox.edit')}
            </Button>
          )}
          {text !== '' && (
            <Button size="sm" icon={<Copy />} onClick={() => void copy()}>
              {t('common.copy')}
            </Button>
          )}
          {settled && (
            <Button
              size="sm"
              tone="ghost"
              icon={<X />}
              onClick={() => (failed && typed ? setSure(true) : void discard())}
            >
              {t(failed ? 'outbox.discard' : 'outbox.seen')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
