import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { useNow } from '../../../lib/use-format.ts';
import { FileGrid } from '../../attachments/index.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { FilesCard, NoteCard, RemoteLine, SheetCard, SolutionCard } from './entry-cards.tsx';
import { type TimelineItem, timelineItems } from './items.ts';
import { SystemLine } from './system-line.tsx';

/** A ticket of years stays quick to open: the newest page first, earlier ones on demand. */
const PAGE = 80;
const NEAR_END_PX = 60;

/** The ticket as a conversation: oldest first, opened at what is new, else at its end. */
export function Timeline({ seenVersion }: { readonly seenVersion: number }) {
  const { t } = useTranslation();
  const { view, me, days } = useTicketWords();
  const [pages, setPages] = useState(1);
  const [away, setAway] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(
    () => timelineItems(view.entries, { me, seenVersion, dayOf: days.keyOf }),
    [view.entries, me, seenVersion, days],
  );
  const hidden = Math.max(0, items.length - pages * PAGE);
  const lastId = items.at(-1)?.id;

  const atEnd = useRef(true);
  const opened = useRef(false);
  // Before paint: opening must not be seen to scroll, and a new line must not push what is being read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the last line changes, whatever else does
  useLayoutEffect(() => {
    const node = box.current;
    if (node === null) return;
    if (!opened.current) {
      opened.current = true;
      const fresh = node.querySelector<HTMLElement>('[data-fresh]');
      node.scrollTop = fresh === null ? node.scrollHeight : fresh.offsetTop - 16;
    } else if (atEnd.current) node.scrollTop = node.scrollHeight;
  }, [lastId]);

  const showEarlier = () => {
    const node = box.current;
    const before = node === null ? 0 : node.scrollHeight - node.scrollTop;
    setPages(pages + 1);
    requestAnimationFrame(() => {
      if (node !== null) node.scrollTop = node.scrollHeight - before;
    });
  };
  const onScroll = () => {
    const node = box.current;
    if (node === null) return;
    atEnd.current = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_END_PX;
    setAway(!atEnd.current && node.scrollHeight - node.scrollTop - node.clientHeight > node.clientHeight / 2);
  };
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label={t('ticket.timeline.label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain px-5 py-4 focus-visible:outline-offset-[-2px]"
      >
        <div className="mx-auto flex max-w-[760px] flex-col gap-3.5">
          {hidden > 0 && (
            <Button size="sm" tone="ghost" onClick={showEarlier} className="self-center">
              {t('ticket.timeline.earlier', { count: hidden })}
            </Button>
          )}
          {items.slice(hidden).map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </div>
      </div>
      {away && (
        <Button
          size="sm"
          icon={<ArrowDown />}
          className="-translate-x-1/2 absolute bottom-3 left-1/2 rounded-full"
          onClick={() => box.current?.scrollTo({ top: box.current.scrollHeight, behavior: 'smooth' })}
        >
          {t('ticket.timeline.toLatest')}
        </Button>
      )}
    </div>
  );
}

function Item({ item }: { readonly item: TimelineItem }) {
  switch (item.kind) {
    case 'day':
      return <DayMark at={item.at} />;
    case 'fresh':
      return <FreshMark />;
    case 'note':
      return <NoteCard entry={item.entry} isNew={item.isNew} files={item.files} />;
    case 'sheet':
      return <SheetCard entry={item.entry} isNew={item.isNew} files={item.files} />;
    case 'solution':
      return <SolutionCard entry={item.entry} isNew={item.isNew} files={item.files} />;
    case 'files':
      return <FilesCard entry={item.entry} isNew={item.isNew} files={item.files} />;
    case 'remote':
      return <RemoteLine entry={item.entry} end={item.end} isNew={item.isNew} />;
    case 'line':
      return <SystemLine entry={item.entry} isNew={item.isNew} extra={<FileGrid entries={item.files} />} />;
  }
}

function DayMark({ at }: { readonly at: number }) {
  const { days } = useTicketWords();
  const now = useNow();
  return (
    <div className="flex items-center gap-3 text-2xs text-text-3">
      <span className="h-px flex-1 bg-line-soft" />
      <span className="first-letter:uppercase">{days.name(at, now)}</span>
      <span className="h-px flex-1 bg-line-soft" />
    </div>
  );
}

function FreshMark() {
  const { t } = useTranslation();
  return (
    <div data-fresh="" className="flex items-center gap-3 font-semibold text-2xs text-accent">
      <span className="h-px flex-1 bg-accent/40" />
      {t('ticket.timeline.fresh')}
      <span className="h-px flex-1 bg-accent/40" />
    </div>
  );
}
