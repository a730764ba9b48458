import { Copy, FilePen, Paperclip, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { ConsoleResult } from '../../../protocol/console/methods.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useQuery } from '../../client/use-query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { type NoteKind, type TicketDialogKind, ticketDialogs, ticketUi } from '../../state/ticket-ui.ts';
import { viewActs } from '../../state/view-store.ts';
import { type DraftKind, draftKindOf } from './draft-keys.ts';
import { wordsOfDraft } from './draft-text.ts';

type StoredDraft = ConsoleResult<'drafts.list'>['drafts'][number];

interface DraftListProps {
  readonly ticketId?: string;
  /** Called when a draft is opened where it belongs. */
  readonly onLeave?: () => void;
}

/**
 * Every half-written text of this person and the files that wait beside one, or alone, also of tickets that left their scope. `ticketId`
 * narrows it to one ticket.
 * A draft is only discarded by hand, and only after saying so twice.
 */
export function DraftList({ ticketId, onLeave }: DraftListProps) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const [drafts, setDrafts] = useState<readonly StoredDraft[] | null>(null);
  const load = useCallback(async () => {
    const answer = await client.call('drafts.list', {});
    if (answer.ok)
      setDrafts(answer.value.drafts.filter((draft) => ticketId === undefined || draft.ticketId === ticketId));
  }, [client, ticketId]);
  useEffect(() => {
    void load();
  }, [load]);
  if (drafts === null) return null;
  if (drafts.length === 0)
    return ticketId === undefined ? <p className="text-sm text-text-3">{t('ticket.drafts.empty')}</p> : null;
  return (
    <ul className="flex w-full flex-col gap-2 text-left">
      {drafts.map((draft) => (
        <DraftRow
          key={`${draft.key} ${draft.version} ${draft.files.length}`}
          draft={draft}
          onLeave={onLeave}
          discard={async () => {
            const attachmentIds = draft.files.map(({ attachmentId }) => attachmentId);
            await client.call('drafts.discard', { key: draft.key, seenVersion: draft.version, attachmentIds });
            await load();
          }}
        />
      ))}
    </ul>
  );
}

interface DraftRowProps {
  readonly draft: StoredDraft;
  readonly discard: () => Promise<void>;
  readonly onLeave?: (() => void) | undefined;
}

function DraftRow({ draft, discard, onLeave }: DraftRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const [sure, setSure] = useState(false);
  const about = useQuery('ticket.get', draft.ticketId === null ? null : { ticketId: draft.ticketId }, ['ticket']).data;
  const kind = draftKindOf(draft.key);
  const text = wordsOfDraft(draft.content);
  const label =
    kind === 'entry'
      ? t('ticket.drafts.entry')
      : kind === 'internal' || kind === 'public'
        ? t(`ticket.composer.${kind}`)
        : kind === null
          ? t('ticket.drafts.dialog')
          : t(`ticket.drafts.kinds.${kind}`);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast('info', t('ticket.refused.copied'));
  };
  return (
    <li className="rounded-lg border border-line border-dashed bg-panel px-3 py-2">
      <p className="flex items-center gap-1.5 text-text-3 text-xs">
        <FilePen aria-hidden="true" className="size-3.5" />
        <b className="font-semibold text-text-1">{label}</b>· {format.moment(draft.updatedAt, now)}
        <span className="flex-1" />
        {draft.ticketId !== null && (
          <Button
            size="sm"
            tone="ghost"
            onClick={() => {
              onLeave?.();
              viewActs.openTicket(draft.ticketId);
              if (draft.ticketId !== null && about !== null) openForm(kind, draft.ticketId);
            }}
          >
            {t('ticket.drafts.open')}
          </Button>
        )}
        {kind === 'entry' && (
          <Button
            size="sm"
            tone="ghost"
            onClick={() => {
              onLeave?.();
              viewActs.open('quickEntry');
            }}
          >
            {t('ticket.drafts.open')}
          </Button>
        )}
        {text !== '' && (
          <IconButton label={t('ticket.drafts.copy')} className="size-6" onClick={() => void copy()}>
            <Copy />
          </IconButton>
        )}
        <IconButton label={t('ticket.drafts.discard')} className="size-6" onClick={() => setSure(true)}>
          <Trash2 />
        </IconButton>
      </p>
      {about !== undefined && (
        <p className="truncate text-text-3 text-xs">
          {about === null
            ? t('ticket.gone.title')
            : `${about.ticket.number ?? about.ticket.provisionalCode} · ${about.ticket.subject}`}
        </p>
      )}
      {text !== '' && <p className="mt-0.5 line-clamp-4 whitespace-pre-wrap break-words text-sm">{text}</p>}
      {draft.files.length > 0 && (
        <p className="mt-1 flex min-w-0 items-center gap-1.5 text-text-2 text-xs" data-draft-files={draft.files.length}>
          <Paperclip aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="shrink-0 font-medium">{t('attachments.added', { count: draft.files.length })}</span>
          <span className="truncate text-text-3">{draft.files.map(({ name }) => name).join(' · ')}</span>
        </p>
      )}
      {sure && (
        <p className="mt-1.5 flex flex-wrap items-center gap-2 text-red text-xs">
          {draft.files.length === 0
            ? t('ticket.drafts.discardConfirm')
            : t(text === '' ? 'ticket.drafts.discardFiles' : 'ticket.drafts.discardBoth', {
                count: draft.files.length,
              })}
          <Button size="sm" tone="danger" onClick={() => void discard()}>
            {t('ticket.drafts.discard')}
          </Button>
          <Button size="sm" tone="ghost" onClick={() => setSure(false)}>
            {t('common.cancel')}
          </Button>
        </p>
      )}
    </li>
  );
}

const noteKinds: ReadonlySet<string> = new Set<NoteKind>(['internal', 'public']);
const isNote = (kind: string): kind is NoteKind => noteKinds.has(kind);

/** Where a draft of this kind goes on, over its ticket. One that this version does not know opens no form. */
function openForm(kind: DraftKind | 'entry' | null, ticketId: string): void {
  if (kind !== null && isNote(kind)) ticketUi.write(kind);
  const dialog: TicketDialogKind | undefined =
    kind === 'remoteEnd' ? 'endRemote' : ticketDialogs.find((known) => known === kind);
  if (dialog !== undefined) ticketUi.openDialog(dialog, ticketId);
}
