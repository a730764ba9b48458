import { Eye, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ShownEntry } from '../../../../protocol/console/rows.ts';
import { TierStrokes } from '../../../components/tier-strokes.tsx';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { rich } from '../../../lib/rich.tsx';
import { FileGrid } from '../../attachments/index.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { lengthOf } from '../use-days.ts';
import { Card } from './card.tsx';
import { EntryMarks } from './entry-marks.tsx';
import type { EntryOf, FileEntry } from './items.ts';
import { LongText } from './long-text.tsx';
import { SystemLine } from './system-line.tsx';

interface Props<T extends ShownEntry> {
  readonly entry: T;
  readonly isNew: boolean;
}
interface PropsWithFiles<T extends ShownEntry> extends Props<T> {
  readonly files: readonly FileEntry[];
}

const Who = ({ children }: { readonly children: ReactNode }) => <b className="font-bold text-text-1">{children}</b>;

function useWho(actorId: string): string {
  const { t } = useTranslation();
  const { me, name } = useTicketWords();
  return actorId === me ? t('ticket.timeline.you') : name(actorId);
}

export function NoteCard({ entry, isNew, files }: PropsWithFiles<EntryOf<'noteAdded'>>) {
  const { t } = useTranslation();
  const who = useWho(entry.actorId);
  const isPublic = entry.event.visibility === 'public';
  const Icon = isPublic ? Eye : Lock;
  return (
    <Card
      entry={entry}
      look={isPublic ? 'public' : 'internal'}
      isNew={isNew}
      head={
        <>
          <Who>{who}</Who>
          {' · '}
          <span className={isPublic ? 'font-semibold text-accent' : undefined}>
            <Icon aria-hidden="true" className="-mt-0.5 mr-0.5 inline size-3" />
            {isPublic ? t('ticket.timeline.public') : t('ticket.timeline.internal')}
          </span>
          {isPublic && <span> ({t('ticket.timeline.publicNotSent')})</span>}
          {' · '}
          <EntryMarks entry={entry} />
        </>
      }
    >
      <LongText text={entry.event.text} />
      <FileGrid entries={files} />
    </Card>
  );
}

/** Files without words. */
export function FilesCard({ entry, isNew, files }: PropsWithFiles<FileEntry>) {
  const { t } = useTranslation();
  const who = useWho(entry.actorId);
  const isPublic = files.some(({ event }) => event.visibility === 'public');
  return (
    <Card
      entry={entry}
      look={isPublic ? 'public' : 'internal'}
      isNew={isNew}
      head={
        <>
          <Who>{who}</Who>
          {' · '}
          {t('attachments.added', { count: files.length })}
          {' · '}
          <EntryMarks entry={entry} />
        </>
      }
    >
      <FileGrid entries={files} />
    </Card>
  );
}

export function SheetCard({ entry, isNew, files }: PropsWithFiles<EntryOf<'escalated'>>) {
  const { t } = useTranslation();
  const { name } = useTicketWords();
  const who = useWho(entry.actorId);
  const { sheet, toTeamId, toPersonId, toTier } = entry.event;
  const rows = (['tried', 'found', 'pending', 'device'] as const).filter((field) => sheet[field].trim() !== '');
  return (
    <Card
      entry={entry}
      look="sheet"
      isNew={isNew}
      head={
        <>
          <Who>{who}</Who>{' '}
          {rich((s) => t('ticket.timeline.escalatedTo', s), {
            team: (
              <b className="inline-flex items-center gap-1.5 font-bold text-accent">
                {name(toTeamId)} <TierStrokes tier={toTier} />
              </b>
            ),
          })}
          {toPersonId !== null && (
            <> {rich((s) => t('ticket.timeline.forPerson', s), { person: <Who>{name(toPersonId)}</Who> })}</>
          )}
          {' · '}
          <EntryMarks entry={entry} />
        </>
      }
    >
      <dl className="grid grid-cols-[72px_1fr] gap-x-3 gap-y-1.5 text-sm">
        {rows.map((field) => (
          <div key={field} className="contents">
            <dt className="text-text-3">{t(`ticket.timeline.sheet.${field}`)}</dt>
            <dd className="min-w-0">
              <LongText text={sheet[field]} />
            </dd>
          </div>
        ))}
        {rows.length === 0 && <dd className="col-span-2 text-text-3">{t('ticket.timeline.noSheetText')}</dd>}
      </dl>
      <FileGrid entries={files} />
    </Card>
  );
}

export function SolutionCard({ entry, isNew, files }: PropsWithFiles<EntryOf<'resolved'>>) {
  const { t } = useTranslation();
  const who = useWho(entry.actorId);
  const { duringCall, solution } = entry.event;
  return (
    <Card
      entry={entry}
      look="solution"
      isNew={isNew}
      head={
        <>
          <Who>{who}</Who>{' '}
          <span className="font-semibold text-green">
            {duringCall ? t('ticket.timeline.resolvedOnCall') : t('ticket.timeline.resolved')}
          </span>
          {' · '}
          <EntryMarks entry={entry} />
        </>
      }
    >
      <LongText text={solution} />
      <FileGrid entries={files} />
    </Card>
  );
}

interface RemoteProps extends Props<EntryOf<'remoteSessionStarted'>> {
  readonly end: EntryOf<'remoteSessionEnded'> | null;
}

/** Start and end in one line when nothing came between; the end's own marks win, since it is the last to be sent. */
export function RemoteLine({ entry, end, isNew }: RemoteProps) {
  const { t } = useTranslation();
  const running = useTicketWords().view.ticket.remoteSessions.some((session) => session.id === entry.event.sessionId);
  const shown = end === null ? entry : { ...entry, pending: entry.pending ?? end.pending };
  return (
    <SystemLine
      entry={shown}
      isNew={isNew}
      until={end?.occurredAt ?? null}
      extra={
        end === null ? (
          running && <p className="font-semibold text-green text-xs">{t('ticket.timeline.remoteRunning')}</p>
        ) : (
          <p className="break-words text-sm text-text-2">
            {t('ticket.event.outcome', { outcome: t(`outcome.${end.event.outcome}`).toLowerCase() })}
            {' · '}
            {lengthOf(end.occurredAt - entry.occurredAt)}
            {end.event.note !== '' && <span className="block whitespace-pre-wrap">{end.event.note}</span>}
          </p>
        )
      }
    />
  );
}
