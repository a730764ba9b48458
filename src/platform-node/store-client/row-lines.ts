import { z } from 'zod';
import type { StoreRow } from '../../core/ports/store-client.ts';
import { directorySchemas } from '../../domain/directory.ts';
import { type SnapshotEntity, snapshotEntities } from '../../protocol/sync/messages.ts';
import { parseJson } from '../outbox-row.ts';
import { readEntry, readTicket } from './compiled-rows.ts';

/** How the store opens the line of a row. What lies between this and the last brace is the row's stored text. */
export const openingOf = (entity: SnapshotEntity): string => `{"t":"up","e":"${entity}","row":`;
const openings: readonly { readonly entity: SnapshotEntity; readonly text: string }[] = snapshotEntities.map(
  (entity) => ({ entity, text: openingOf(entity) }),
);
const lineSchema = z.object({ t: z.literal('up'), e: z.enum(snapshotEntities), row: z.unknown() });

/**
 * The row of an `up` line, checked by its schema, with its exact text. Null: the line is no row that this console can
 * read.
 */
export function storeRow(line: string): StoreRow | null {
  for (const { entity, text } of openings) {
    if (line.startsWith(text) && line.endsWith('}')) {
      const doc = line.slice(text.length, -1);
      return checked(entity, parseJson(doc), doc);
    }
  }
  // The same line in another spelling: read, and its row written out again.
  const parsed = lineSchema.safeParse(parseJson(line));
  return parsed.success ? checked(parsed.data.e, parsed.data.row, JSON.stringify(parsed.data.row)) : null;
}

function checked(entity: SnapshotEntity, value: unknown, doc: string): StoreRow | null {
  switch (entity) {
    case 'ticket': {
      const row = readTicket(value);
      return row === null ? null : { entity, row, doc };
    }
    case 'entry': {
      const row = readEntry(value);
      return row === null ? null : { entity, row, doc };
    }
    case 'site': {
      const row = directorySchemas.site.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
    case 'orgUnit': {
      const row = directorySchemas.orgUnit.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
    case 'person': {
      const row = directorySchemas.person.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
    case 'team': {
      const row = directorySchemas.team.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
    case 'membership': {
      const row = directorySchemas.membership.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
    case 'service': {
      const row = directorySchemas.service.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
    case 'asset': {
      const row = directorySchemas.asset.safeParse(value);
      return row.success ? { entity, row: row.data, doc } : null;
    }
  }
}
