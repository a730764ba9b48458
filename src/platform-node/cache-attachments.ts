import type { Database } from 'better-sqlite3';
import { type Attachment, attachmentSchema } from '../domain/attachments.ts';
import { readAllStored } from './stored-row.ts';

/** Files of a ticket as its timeline shows them, base first; a pending one that the base has by now comes once. */
export function createAttachmentReader(db: Database, refOf: (id: string) => number | null) {
  const added = `doc ->> '$.event.type' = 'attachmentAdded'`;
  const named = db.prepare<{ ref: number }, { doc: string }>(
    `select doc -> '$.event' as doc from entries where ticket = @ref and worded = 1 and ${added}
      union all select doc -> '$.event' as doc from overlay_entries where ref = @ref and ${added}`,
  );
  return (ticketId: string): readonly Attachment[] => {
    const ref = refOf(ticketId);
    if (ref === null) return [];
    const byId = new Map<string, Attachment>();
    for (const file of readAllStored(attachmentSchema.strip(), named.all({ ref })))
      if (!byId.has(file.attachmentId)) byId.set(file.attachmentId, file);
    return [...byId.values()];
  };
}
