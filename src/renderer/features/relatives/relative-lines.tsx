import { GitFork, GitMerge, Link2, type LucideIcon, Split } from 'lucide-react';
import { useState } from 'react';
import type { Relative } from '../../../protocol/console/rows.ts';
import { Button } from '../../components/button.tsx';
import { Banner } from '../../components/feedback.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { rich } from '../../lib/rich.tsx';
import { ticketUi } from '../../state/ticket-ui.ts';
import { viewActs } from '../../state/view-store.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';

/** Where this ticket went or came from, with the way there and the way back. */
export function OriginBanner() {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { ticket, relatives, allowed } = view;
  const into = relatives.find(({ relation }) => relation === 'mergedInto');
  const from = relatives.find(({ relation }) => relation === 'splitFrom');
  return (
    <>
      {into !== undefined && (
        <Banner
          tone="accent"
          icon={<GitMerge />}
          action={
            allowed.includes('unmerge') && (
              <Button size="sm" onClick={() => ticketUi.openDialog('unmerge', ticket.id)}>
                {t('relatives.unmerge')}
              </Button>
            )
          }
        >
          <span data-relation="mergedInto">
            {rich((s) => t('relatives.mergedInto', s), { ticket: <ToTicket relative={into} /> })}
          </span>
        </Banner>
      )}
      {from !== undefined && (
        <Banner
          icon={<Split />}
          action={
            allowed.includes('undoSplit') && (
              <Button size="sm" onClick={() => ticketUi.openDialog('undoSplit', ticket.id)}>
                {t('relatives.undoSplit')}
              </Button>
            )
          }
        >
          <span data-relation="splitFrom">
            {rich((s) => t(ticket.splitUndone === true ? 'relatives.splitUndone' : 'relatives.splitFrom', s), {
              ticket: <ToTicket relative={from} />,
            })}
          </span>
        </Banner>
      )}
    </>
  );
}

/** A ticket in a sentence: its code and subject, one press away. One that is not held here is still read at the desk. */
function ToTicket({ relative }: { readonly relative: Relative }) {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const { id, held } = relative;
  const code = held?.code ?? view.names[id] ?? t('relatives.elsewhere');
  return (
    <>
      <button
        type="button"
        onClick={() => viewActs.openTicket(id)}
        title={t('relatives.open', { code })}
        className="whitespace-nowrap rounded-sm font-mono font-semibold text-accent text-xs hover:underline"
      >
        {code}
      </button>
      {held !== null && <b className="font-semibold text-text-1"> · {held.subject}</b>}
    </>
  );
}

const groups = [
  ['duplicate', 'duplicates', GitMerge],
  ['splitOff', 'splitOffs', GitFork],
  ['caused', 'caused', Link2],
] as const;

/** What points to this ticket: duplicates, what was split from it, what its problem caused. Folded to a line each. */
export function RelativeLists() {
  const { view } = useTicketWords();
  return groups.map(([relation, words, icon]) => {
    const members = view.relatives.filter((each) => each.relation === relation);
    return members.length === 0 ? null : (
      <Members key={relation} relation={relation} words={words} icon={icon} members={members} />
    );
  });
}

interface MembersProps {
  readonly relation: Relative['relation'];
  readonly words: (typeof groups)[number][1];
  readonly icon: LucideIcon;
  readonly members: readonly Relative[];
}

function Members({ relation, words, icon: Icon, members }: MembersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(members.length === 1);
  return (
    <section data-relation={relation} className="border-line border-b px-5 py-2 text-sm">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-mx-1 flex w-full items-center gap-2.5 rounded-sm px-1 text-left text-text-2 hover:text-text-1"
      >
        <Icon aria-hidden="true" className="size-4 shrink-0 text-text-3" />
        {t(`relatives.${words}`, { count: members.length })}
      </button>
      {open && (
        <ul className="mt-1 ml-[26px] max-h-40 overflow-y-auto">
          {members.map((member) => (
            <li key={member.id}>
              <MemberLine relative={member} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function MemberLine({ relative: { id, held } }: { readonly relative: Relative }) {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const code = held?.code ?? view.names[id] ?? t('relatives.elsewhere');
  return (
    <button
      type="button"
      onClick={() => viewActs.openTicket(id)}
      className="-mx-1.5 flex w-[calc(100%+12px)] items-baseline gap-2 rounded-sm px-1.5 py-0.5 text-left hover:bg-hover"
    >
      <span className="shrink-0 font-mono text-text-3 text-xs">{code}</span>
      <span className={cx('min-w-0 flex-1 truncate', held === null && 'text-text-3')}>
        {held === null ? t('relatives.notHeld') : held.subject}
      </span>
      {held !== null && (
        <span className="shrink-0 text-text-3 text-xs">
          {held.splitUndone ? t('relatives.splitUndoneShort') : t(`status.${held.status}`)}
        </span>
      )}
    </button>
  );
}
