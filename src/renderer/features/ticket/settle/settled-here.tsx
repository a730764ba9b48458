import { CircleAlert, GitMerge } from 'lucide-react';
import type { OutboxItem } from '../../../../protocol/console/rows.ts';
import { useQuery } from '../../../client/use-query.ts';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { useWords } from '../../../i18n/use-words.ts';
import { useNow } from '../../../lib/use-format.ts';
import { wordsOfDraft } from '../../drafts/draft-text.ts';
import { FormerVerdict, SettledActs, useRefusalWords, VerdictValues } from '../../outbox/index.ts';
import { useTicketWords } from '../ticket-context.tsx';

/**
 * SY9: what the desk did not simply apply stays here, with its content, until its author decides: refused, with the reason, or
 * recorded although something had changed meanwhile, with both values. What is parked stands on the ticket itself.
 */
export function SettledHere() {
  const { view } = useTicketWords();
  const { data } = useQuery('outbox.list', {}, ['outbox', 'session']);
  const merged = (data?.items ?? []).filter((item) => item.ticketId === view.ticket.id && item.state === 'merged');
  return (
    <>
      {view.refused
        .filter((item) => item.state === 'refused')
        .map((item) => (
          <RefusedAct key={item.commandId} item={item} />
        ))}
      {merged.map((item) => (
        <MergedAct key={item.commandId} item={item} />
      ))}
    </>
  );
}

function RefusedAct({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const { view, format } = useTicketWords();
  const words = useWords();
  const refusalWords = useRefusalWords();
  const now = useNow();
  const content = wordsOfDraft(item.payload);
  return (
    <section data-refused={item.commandId} className="border-line border-b bg-red-wash px-5 py-2.5 text-sm">
      <p className="flex items-start gap-2.5">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-red" />
        <span className="min-w-0 flex-1">
          <b className="font-semibold">{t('ticket.refused.title', { act: words.command(item.type).toLowerCase() })}</b>{' '}
          <span className="text-text-2 text-xs">{format.moment(item.createdAt, now)}</span>
          <span className="block text-text-1">
            {item.verdict?.kind === 'refused' ? refusalWords(item.verdict, view.names) : ''}
          </span>
        </span>
      </p>
      {content !== '' && (
        <blockquote className="mt-1.5 ml-[26px] max-h-28 overflow-y-auto whitespace-pre-wrap break-words border-red/40 border-l-2 pl-2.5 text-text-1">
          {content}
        </blockquote>
      )}
      <div className="mt-2 ml-[26px] flex flex-col gap-1.5">
        <FormerVerdict item={item} />
        <SettledActs item={item} text={content} />
      </div>
    </section>
  );
}

function MergedAct({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const { view, format } = useTicketWords();
  const words = useWords();
  const now = useNow();
  return (
    <section data-merged={item.commandId} className="border-line border-b bg-side px-5 py-2.5 text-sm">
      <p className="flex items-start gap-2.5">
        <GitMerge aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-text-3" />
        <span className="min-w-0 flex-1">
          <b className="font-semibold">{t('ticket.merged.title', { act: words.command(item.type).toLowerCase() })}</b>{' '}
          <span className="text-text-2 text-xs">{format.moment(item.createdAt, now)}</span>
        </span>
      </p>
      <div className="mt-1.5 ml-[26px] flex flex-col gap-2">
        <VerdictValues item={item} mine={wordsOfDraft(item.payload)} names={view.names} />
        <FormerVerdict item={item} />
        <SettledActs item={item} text="" />
      </div>
    </section>
  );
}
