import { CircleAlert, Copy, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxItem } from '../../../../protocol/console/rows.ts';
import { useConsole } from '../../../client/console-provider.tsx';
import { Button } from '../../../components/button.tsx';
import { toast } from '../../../components/toast.tsx';
import { useWords } from '../../../i18n/use-words.ts';
import { useNow } from '../../../lib/use-format.ts';
import { wordsOfDraft } from '../../drafts/draft-text.ts';
import { useTicketWords } from '../ticket-context.tsx';

/** SY9: what the desk said no to stays here, with its content, until its author decides. */
export function RefusedActs() {
  const { view } = useTicketWords();
  return view.refused.map((item) => <RefusedAct key={item.commandId} item={item} />);
}

function RefusedAct({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const { view, format } = useTicketWords();
  const words = useWords();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const [again, setAgain] = useState<string | null>(null);
  const content = wordsOfDraft(item.payload);
  const why = item.verdict?.kind === 'refused' ? words.refusal(item.verdict.refusal, view.names) : '';
  const dismiss = () => client.call('outbox.dismiss', { commandId: item.commandId });
  const reapply = async () => {
    setBusy(true);
    const answer = await client.call('outbox.reapply', { commandId: item.commandId });
    setBusy(false);
    if (!answer.ok) setAgain(words.error(answer.error));
    else if (!answer.value.result.ok) setAgain(words.refusal(answer.value.result.refusal, view.names));
    else toast('good', t('ticket.refused.again'));
  };
  const copy = async () => {
    await navigator.clipboard.writeText(content);
    toast('info', t('ticket.refused.copied'));
  };
  return (
    <section data-refused={item.commandId} className="border-line border-b bg-red-wash px-5 py-2.5 text-sm">
      <p className="flex items-start gap-2.5">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-red" />
        <span className="min-w-0 flex-1">
          <b className="font-semibold">{t('ticket.refused.title', { act: words.command(item.type).toLowerCase() })}</b>{' '}
          <span className="text-text-2 text-xs">{format.moment(item.createdAt, now)}</span>
          <span className="block text-text-1">{again ?? why}</span>
        </span>
      </p>
      {content !== '' && (
        <blockquote className="mt-1.5 ml-[26px] max-h-28 overflow-y-auto whitespace-pre-wrap break-words border-red/40 border-l-2 pl-2.5 text-text-1">
          {content}
        </blockquote>
      )}
      <div className="mt-2 ml-[26px] flex flex-wrap gap-1.5">
        <Button size="sm" icon={<RotateCcw />} busy={busy} onClick={() => void reapply()}>
          {t('ticket.refused.reapply')}
        </Button>
        {content !== '' && (
          <Button size="sm" icon={<Copy />} onClick={() => void copy()}>
            {t('ticket.refused.copy')}
          </Button>
        )}
        <Button size="sm" tone="ghost" icon={<X />} onClick={() => void dismiss()}>
          {t('ticket.refused.discard')}
        </Button>
      </div>
    </section>
  );
}
