import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Attachment } from '../../../domain/attachments.ts';
import { commandSchemas } from '../../../domain/commands.ts';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useFormat } from '../../lib/use-format.ts';
import { FileName, readAttachment, saveBlob } from '../attachments/index.ts';

/** The file that an act adds; null for every other act, and for one of another version. */
export function fileOf({ type, payload }: Pick<OutboxItem, 'type' | 'payload'>): Attachment | null {
  const parsed = type === 'addAttachment' ? commandSchemas.addAttachment.safeParse(payload) : null;
  return parsed?.success ? parsed.data : null;
}

/** Name, size, and how far its bytes are: they follow the act, which waits for none of them. */
export function OutboxFileWords({ item, file }: { readonly item: OutboxItem; readonly file: Attachment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery('attachments.states', { ticketId: item.ticketId }, ['attachments', 'outbox']);
  const upload = data?.states.find(({ attachmentId }) => attachmentId === file.attachmentId)?.upload ?? null;
  const words =
    upload?.state === 'sending'
      ? t('attachments.where.sending', { percent: Math.min(99, Math.floor((upload.sent * 100) / file.size)) })
      : upload?.state === 'held'
        ? t('attachments.where.held')
        : item.state === 'refused' || item.state === 'parked'
          ? null
          : t('attachments.outbox.after');
  return (
    <span className="flex min-w-0 text-text-2 text-xs">
      <FileName name={file.name} />
      <span className="shrink-0 whitespace-pre text-text-3">
        {' · '}
        {format.bytes(file.size)}
        {words === null ? '' : ` · ${words}`}
      </span>
    </span>
  );
}

/** A file that the desk did not take is still the person's own: out of here it goes to their disk. */
export function SaveOutboxFile({ item, file }: { readonly item: OutboxItem; readonly file: Attachment }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const read = await readAttachment(client, { ticketId: item.ticketId, attachmentId: file.attachmentId });
    setBusy(false);
    if (read.ok) saveBlob(read.value, file.name);
    else toast('bad', words.error({ code: read.error, params: {} }));
  };
  return (
    <Button size="sm" icon={<Download />} busy={busy} onClick={() => void save()}>
      {t('attachments.outbox.save')}
    </Button>
  );
}
