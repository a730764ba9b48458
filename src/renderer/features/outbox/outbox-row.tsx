import {
  ArrowUpRight,
  CircleAlert,
  FilePen,
  GitMerge,
  type LucideIcon,
  MessageSquare,
  MonitorUp,
  Paperclip,
  Send,
  Ticket,
  UserRound,
} from 'lucide-react';
import { useState } from 'react';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { viewActs } from '../../state/view-store.ts';
import { FileFace } from '../attachments/index.ts';
import { wordsOfDraft } from '../drafts/draft-text.ts';
import { TraceLine } from '../support/index.ts';
import { OutboxContent } from './outbox-content.tsx';
import { fileOf, OutboxFileWords, SaveOutboxFile } from './outbox-file.tsx';
import { SettledActs } from './settled-acts.tsx';
import { useContentLines } from './use-content-lines.ts';
import { FormerVerdict, useRefusalWords, VerdictValues } from './verdict-words.tsx';

const icons: Readonly<Record<string, LucideIcon>> = {
  register: Ticket,
  addNote: MessageSquare,
  startRemoteSession: MonitorUp,
  endRemoteSession: MonitorUp,
  claim: UserRound,
  assign: UserRound,
  reassign: UserRound,
  editFields: FilePen,
  addAttachment: Paperclip,
};
const stateTones: Readonly<Record<OutboxItem['state'], string>> = {
  waiting: 'text-amber',
  sending: 'text-accent',
  doubtful: 'text-amber',
  held: 'text-amber',
  applied: 'text-green',
  merged: 'text-text-2',
  parked: 'text-red',
  refused: 'text-red',
};

/** One act: what, where, when, how it stands; open, its content and what can be done with it. */
export function OutboxRow({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const now = useNow();
  const needsPerson = item.state === 'refused' || item.state === 'parked';
  const settled = needsPerson || item.state === 'merged';
  const [open, setOpen] = useState(item.state === 'refused');
  const lines = useContentLines(item);
  const file = fileOf(item);
  const Icon = needsPerson ? CircleAlert : item.state === 'merged' ? GitMerge : (icons[item.type] ?? Send);
  return (
    <li
      className={cx(
        'border-line-soft border-b last:border-0',
        needsPerson && 'bg-red-wash/60 shadow-[inset_2px_0_0_var(--red)]',
      )}
    >
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-start gap-2.5 px-4 py-2 text-left hover:bg-text-1/3 focus-visible:-outline-offset-2"
      >
        {file === null || file.thumbnail === null ? (
          <Icon className={cx('mt-0.5 size-4 shrink-0', needsPerson ? 'text-red' : 'text-text-3')} />
        ) : (
          <FileFace name={file.name} thumbnail={file.thumbnail} className="-mx-1.5 mt-0.5 size-7" />
        )}
        <span className="min-w-0 flex-1">
          <span className="flex gap-2 text-sm">
            <span className="min-w-0 flex-1 truncate font-medium">
              {words.command(item.type)} · <span className="font-mono text-xs">{item.ticketCode}</span>
            </span>
            <span className={cx('shrink-0 font-semibold text-xs', stateTones[item.state])}>
              {t(`outbox.state.${item.state}`)}
            </span>
          </span>
          {file !== null && <OutboxFileWords item={item} file={file} />}
          <span className="block truncate text-text-3 text-xs">
            {item.ticketSubject} · {format.moment(item.createdAt, now)}
          </span>
        </span>
      </button>
      <Why item={item} mine={wordsOfDraft(item.payload)} />
      {open && <OutboxContent lines={lines} />}
      {open && <TraceLine commandId={item.commandId} />}
      {(open || settled) && (
        <div className="flex flex-col gap-1.5 px-4 pb-2.5 pl-[42px]">
          <SettledActs item={item} text={lines.map(({ label, value }) => `${label}: ${value}`).join('\n')}>
            <Button
              size="sm"
              icon={<ArrowUpRight />}
              onClick={() => {
                viewActs.openTicket(item.ticketId);
                viewActs.showOutbox(false);
              }}
            >
              {t('outbox.openTicket')}
            </Button>
            {file !== null && <SaveOutboxFile item={item} file={file} />}
          </SettledActs>
        </div>
      )}
    </li>
  );
}

/** Why it stands as it does: doubt, refusal, both values of what crossed, another answer than before a restore. */
function Why({ item, mine }: { readonly item: OutboxItem; readonly mine: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const refusalWords = useRefusalWords();
  const why =
    item.state === 'held'
      ? t('outbox.held')
      : item.state === 'doubtful' && item.doubt !== null
        ? t('outbox.doubt', { why: words.refusal(item.doubt) })
        : item.verdict?.kind === 'refused'
          ? refusalWords(item.verdict)
          : null;
  return (
    <div className="flex flex-col gap-1.5 px-4 pb-1.5 pl-[42px] empty:hidden">
      {why !== null && <p className="text-text-2 text-xs">{why}</p>}
      <FormerVerdict item={item} />
      <VerdictValues item={item} mine={mine} />
    </div>
  );
}
