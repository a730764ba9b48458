import {
  ArrowUpRight,
  CircleAlert,
  Copy,
  FilePen,
  GitMerge,
  type LucideIcon,
  MessageSquare,
  MonitorUp,
  RotateCcw,
  Send,
  Ticket,
  UserRound,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { Button } from '../../components/button.tsx';
import { toast } from '../../components/toast.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { viewActs } from '../../state/view-store.ts';
import { OutboxContent } from './outbox-content.tsx';
import { useContentLines } from './use-content-lines.ts';

const icons: Readonly<Record<string, LucideIcon>> = {
  register: Ticket,
  addNote: MessageSquare,
  startRemoteSession: MonitorUp,
  endRemoteSession: MonitorUp,
  claim: UserRound,
  assign: UserRound,
  reassign: UserRound,
  editFields: FilePen,
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

/** Refusals whose own words say that nothing was lost. */
const saysItIsKept: ReadonlySet<string> = new Set(['alreadyClaimed', 'notAssignee', 'ticketNotOpen', 'deviceRevoked']);

/** One act: what, where, when, how it stands; open, its content and what can be done with it. */
export function OutboxRow({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const now = useNow();
  const needsPerson = item.state === 'refused' || item.state === 'parked';
  const [open, setOpen] = useState(needsPerson);
  const lines = useContentLines(item);
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
        <Icon className={cx('mt-0.5 size-4 shrink-0', needsPerson ? 'text-red' : 'text-text-3')} />
        <span className="min-w-0 flex-1">
          <span className="flex gap-2 text-sm">
            <span className="min-w-0 flex-1 truncate font-medium">
              {words.command(item.type)} · <span className="font-mono text-xs">{item.ticketCode}</span>
            </span>
            <span className={cx('shrink-0 font-semibold text-xs', stateTones[item.state])}>
              {t(`outbox.state.${item.state}`)}
            </span>
          </span>
          <span className="block truncate text-text-3 text-xs">
            {item.ticketSubject} · {format.moment(item.createdAt, now)}
          </span>
        </span>
      </button>
      <Why item={item} />
      {open && <OutboxContent lines={lines} />}
      {(open || needsPerson) && (
        <Acts item={item} text={lines.map(({ label, value }) => `${label}: ${value}`).join('\n')} />
      )}
    </li>
  );
}

/** Why it stands as it does: doubt, refusal, conflict, what it was merged over. */
function Why({ item }: { readonly item: OutboxItem }) {
  const { t } = useTranslation();
  const words = useWords();
  const value = (json: unknown): string =>
    typeof json === 'string' && json !== '' ? words.value(json) : t('outbox.empty');
  const reasons: string[] = [];
  if (item.state === 'held') reasons.push(t('outbox.held'));
  if (item.state === 'doubtful' && item.doubt !== null)
    reasons.push(t('outbox.doubt', { why: words.refusal(item.doubt) }));
  if (item.verdict?.kind === 'refused') {
    reasons.push(words.refusal(item.verdict.refusal));
    if (!saysItIsKept.has(item.verdict.refusal.code)) reasons.push(t('outbox.kept'));
  }
  if (item.verdict?.kind === 'merged')
    for (const note of item.verdict.notes) reasons.push(t(`outbox.merge.${note.code}`));
  if (item.verdict?.kind === 'parked') {
    for (const { field, mine, theirs, theirsBy } of item.verdict.conflicts) {
      const facts = { field: words.field(field), mine: value(mine), theirs: value(theirs) };
      reasons.push(
        theirsBy === null
          ? t('outbox.conflict', facts)
          : t('outbox.conflictBy', { ...facts, who: words.value(theirsBy) }),
      );
    }
  }
  if (reasons.length === 0) return null;
  return (
    <p className="px-4 pb-1.5 pl-[42px] text-text-2 text-xs first-letter:uppercase">
      {[...new Set(reasons)].join(' ')}
    </p>
  );
}

function Acts({ item, text }: { readonly item: OutboxItem; readonly text: string }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const settled = item.state === 'refused' || item.state === 'parked' || item.state === 'merged';

  async function reapply(): Promise<void> {
    const answer = await client.call('outbox.reapply', { commandId: item.commandId });
    if (!answer.ok) return toast('bad', words.error(answer.error));
    const { result } = answer.value;
    if (!result.ok) return toast('bad', words.refusal(result.refusal));
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
    <div className="flex flex-wrap gap-1.5 px-4 pb-2.5 pl-[42px]">
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
      <Button size="sm" icon={<Copy />} onClick={() => void copy()}>
        {t('common.copy')}
      </Button>
      {(item.state === 'refused' || item.state === 'parked') && (
        <Button size="sm" icon={<RotateCcw />} onClick={() => void reapply()}>
          {t('outbox.reapply')}
        </Button>
      )}
      {settled && (
        <Button size="sm" tone="ghost" icon={<X />} onClick={() => void discard()}>
          {t('outbox.discard')}
        </Button>
      )}
    </div>
  );
}
