import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { ConsoleErrorCode } from '../../../protocol/console/client.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useQuery } from '../../client/use-query.ts';
import { toast } from '../../components/toast.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { LightBox } from './light-box.tsx';
import { readAttachment, saveBlob } from './read-attachment.ts';
import { parkedFiles, ticketFiles } from './ticket-files.ts';
import { type TicketFiles, TicketFilesContext } from './ticket-files-context.ts';

const none: readonly string[] = [];

/** The files of the open ticket, and the one box in which its pictures are looked at. */
export function TicketFilesProvider({ children }: { readonly children: ReactNode }) {
  const { client } = useConsole();
  const words = useWords();
  const { view, me } = useTicketWords();
  const ticketId = view.ticket.id;
  const { parked } = view.ticket;
  const any =
    view.entries.some(({ event }) => event.type === 'attachmentAdded') ||
    parked.some(({ type }) => type === 'addAttachment');
  const states = useQuery('attachments.states', any ? { ticketId } : null, ['attachments', 'ticket']).data?.states;
  const files = useMemo(() => ticketFiles(view.entries, states ?? [], me), [view.entries, states, me]);
  const fileById = useMemo(() => {
    const ofParked = parkedFiles(parked, view.entries, states ?? [], me);
    return new Map([...ofParked, ...files].map((file) => [file.entry.event.attachmentId, file]));
  }, [files, parked, view.entries, states, me]);
  const [failures, setFailures] = useState<ReadonlyMap<string, ConsoleErrorCode>>(new Map());
  const [opened, setOpened] = useState<string | null>(null);
  const [wanted, setWanted] = useState<readonly string[]>(none);

  const fail = useCallback((attachmentId: string, code: ConsoleErrorCode | null) => {
    setFailures((before) => {
      const after = new Map(before);
      if (code === null) after.delete(attachmentId);
      else after.set(attachmentId, code);
      return after;
    });
  }, []);
  const fetch = useCallback(
    async (attachmentId: string) => {
      fail(attachmentId, null);
      const answer = await client.call('attachments.fetch', { ticketId, attachmentId });
      if (!answer.ok) fail(attachmentId, answer.error.code);
      return answer.ok;
    },
    [client, ticketId, fail],
  );
  const saveNow = useCallback(
    async (attachmentId: string, name: string) => {
      const read = await readAttachment(client, { ticketId, attachmentId });
      if (read.ok) saveBlob(read.value, name);
      else toast('bad', words.error({ code: read.error, params: {} }));
    },
    [client, ticketId, words],
  );
  // Asked for before it was here: saved once it is.
  useEffect(() => {
    const come = wanted.filter((attachmentId) => fileById.get(attachmentId)?.here === true);
    if (come.length === 0) return;
    setWanted((before) => before.filter((attachmentId) => !come.includes(attachmentId)));
    for (const attachmentId of come) void saveNow(attachmentId, fileById.get(attachmentId)?.entry.event.name ?? '');
  }, [wanted, fileById, saveNow]);

  const value = useMemo<TicketFiles>(
    () => ({
      files,
      fileById,
      failures,
      open: setOpened,
      async save(attachmentId) {
        const file = fileById.get(attachmentId);
        if (file === undefined) return;
        if (file.here) return saveNow(attachmentId, file.entry.event.name);
        if (await fetch(attachmentId)) setWanted((before) => [...before, attachmentId]);
      },
      fetch: (attachmentId) => void fetch(attachmentId),
    }),
    [files, fileById, failures, fetch, saveNow],
  );
  return (
    <TicketFilesContext value={value}>
      {children}
      {opened !== null && fileById.has(opened) && (
        <LightBox openedId={opened} onMove={setOpened} onClose={() => setOpened(null)} />
      )}
    </TicketFilesContext>
  );
}
