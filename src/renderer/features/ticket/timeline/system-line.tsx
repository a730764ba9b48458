import {
  ArrowLeftRight,
  Ban,
  Building2,
  Check,
  CircleDot,
  CornerUpLeft,
  GitFork,
  GitMerge,
  Hand,
  type LucideIcon,
  Mail,
  MessageCircle,
  MonitorUp,
  MonitorX,
  Paperclip,
  Pencil,
  PhoneIncoming,
  Radar,
  RotateCcw,
  Split,
  Undo2,
  UserCheck,
  UserPlus,
  UserRound,
  Waypoints,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { TicketEvent, TicketEventType } from '../../../../domain/events.ts';
import type { Channel } from '../../../../domain/vocabulary.ts';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { cx } from '../../../lib/cx.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { EntryMarks } from './entry-marks.tsx';
import { LongText } from './long-text.tsx';
import { sentenceOf } from './sentence.tsx';
import { UnreadDot } from './unread-dot.tsx';

const channelIcons: Record<Channel, LucideIcon> = {
  phone: PhoneIncoming,
  email: Mail,
  portal: MessageCircle,
  inPerson: UserRound,
  chat: MessageCircle,
  monitoring: Radar,
  other: PhoneIncoming,
};
const icons: Record<Exclude<TicketEventType, 'registered'>, LucideIcon> = {
  fieldsChanged: Pencil,
  requesterLinked: UserCheck,
  noteAdded: MessageCircle,
  claimed: Hand,
  assigned: UserPlus,
  reassigned: ArrowLeftRight,
  transferred: Waypoints,
  escalated: Check,
  accepted: Check,
  returned: CornerUpLeft,
  statusChanged: CircleDot,
  resolved: Check,
  reopened: RotateCcw,
  closed: Check,
  cancelled: Ban,
  merged: GitMerge,
  unmerged: Undo2,
  splitUndone: Undo2,
  remoteSessionStarted: MonitorUp,
  remoteSessionEnded: MonitorX,
  visitRecorded: Building2,
  attachmentAdded: Paperclip,
  attachmentArrived: Paperclip,
  claimParked: Split,
  parkedSettled: Check,
};
const iconOf = (event: TicketEvent): LucideIcon =>
  event.type !== 'registered' ? icons[event.type] : event.split === undefined ? channelIcons[event.channel] : GitFork;

interface LineProps {
  readonly entry: ShownEntry;
  readonly isNew: boolean;
  readonly until?: number | null;
  readonly extra?: ReactNode;
}

/** What the desk did, in one line; a second, quieter one for the reason given. */
export function SystemLine({ entry, isNew, until, extra }: LineProps) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const { text, more } = sentenceOf(t, words, entry);
  const Icon = iconOf(entry.event);
  const warns = entry.event.type === 'claimParked';
  return (
    <div className="flex gap-2.5" data-entry-id={entry.id} data-pending={entry.pending ?? undefined}>
      <span className="relative flex w-[26px] shrink-0 justify-center pt-0.5">
        <Icon aria-hidden="true" className={cx('size-[15px]', warns ? 'text-amber' : 'text-text-3')} />
        {isNew && <UnreadDot />}
      </span>
      <div
        className={cx(
          'min-w-0 flex-1 text-sm text-text-2',
          entry.pending !== null && 'border-line-strong border-l border-dashed pl-2',
        )}
      >
        <p className="break-words">
          {text} <EntryMarks entry={entry} until={until ?? null} />
        </p>
        {more !== null && (
          <div className={cx('mt-0.5', entry.event.type !== 'registered' && '[&_p]:text-text-2')}>
            <LongText text={more} />
          </div>
        )}
        {extra}
      </div>
    </div>
  );
}
