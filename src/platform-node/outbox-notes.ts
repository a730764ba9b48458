import type { Database } from 'better-sqlite3';
import type { Draft, Json, OutboxPort, SeenMark } from '../core/ports/outbox.ts';
import type { OutboxWriter } from './outbox-writer.ts';

type Notes = Pick<
  OutboxPort,
  | 'drafts'
  | 'draft'
  | 'saveDraft'
  | 'discardDraft'
  | 'seenVersion'
  | 'markSeen'
  | 'seenMarks'
  | 'lowerSeen'
  | 'seenBaseline'
  | 'setSeenBaseline'
  | 'setting'
  | 'setSetting'
>;
interface DraftRow {
  readonly key: string;
  readonly ticket_id: string | null;
  readonly content: string;
  readonly updated_at: number;
  readonly version: number;
  readonly request_id: string | null;
}
/** Written by `JSON.stringify` below, so it is JSON. */
const jsonOf = (text: string): Json => JSON.parse(text) as Json;
const draftOf = (row: DraftRow): Draft => ({
  key: row.key,
  ticketId: row.ticket_id,
  content: jsonOf(row.content),
  updatedAt: row.updated_at,
  version: row.version,
  requestId: row.request_id,
});

/** What the outbox keeps beside commands: drafts, seen marks and small settings of the core. */
export function createOutboxNotes(db: Database, write: OutboxWriter): Notes {
  const sql = {
    drafts: db.prepare<[], DraftRow>('select * from drafts order by updated_at desc, key'),
    draft: db.prepare<[string], DraftRow>('select * from drafts where key = ?'),
    saveDraft: db.prepare(
      `insert into drafts (key, ticket_id, content, updated_at, version, request_id) values (?, ?, ?, ?, ?, ?)
        on conflict (key) do update set ticket_id = excluded.ticket_id, content = excluded.content,
        updated_at = excluded.updated_at, version = excluded.version, request_id = excluded.request_id`,
    ),
    discardDraft: db.prepare('delete from drafts where key = ?'),
    discardFile: db.prepare('delete from staged_files where attachment_id = ? and draft_key = ?'),
    seen: db.prepare<[string], { version: number }>('select version from seen where ticket_id = ?'),
    markSeen: db.prepare(
      `insert into seen (ticket_id, version) values (?, ?) on conflict (ticket_id) do update set
        version = max(version, excluded.version)`,
    ),
    seenMarks: db.prepare<[], SeenMark>('select ticket_id as ticketId, version from seen'),
    lowerSeen: db.prepare('update seen set version = min(version, ?) where ticket_id = ?'),
    unsee: db.prepare('delete from seen where ticket_id = ?'),
    baseline: db.prepare<[], { seen_baseline: number | null }>('select seen_baseline from state'),
    setBaseline: db.prepare('update state set seen_baseline = max(?, coalesce(seen_baseline, -1))'),
    setting: db.prepare<[string], { value: string }>('select value from settings where key = ?'),
    setSetting: db.prepare(
      'insert into settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
    ),
    removeSetting: db.prepare('delete from settings where key = ?'),
  };
  return {
    drafts: () => sql.drafts.all().map(draftOf),
    draft(key) {
      const row = sql.draft.get(key);
      return row === undefined ? null : draftOf(row);
    },
    saveDraft: ({ key, ticketId, content, updatedAt, version, requestId }) =>
      write(() => void sql.saveDraft.run(key, ticketId, JSON.stringify(content), updatedAt, version, requestId)),
    discardDraft: (key, attachmentIds = []) =>
      write(() => {
        sql.discardDraft.run(key);
        for (const attachmentId of attachmentIds) sql.discardFile.run(attachmentId, key);
      }),
    seenVersion: (ticketId) => sql.seen.get(ticketId)?.version ?? null,
    markSeen: (ticketId, version) => write(() => void sql.markSeen.run(ticketId, version)),
    seenMarks: () => sql.seenMarks.all(),
    lowerSeen: (marks) =>
      write(() => {
        for (const { ticketId, version } of marks) {
          if (version === null) sql.unsee.run(ticketId);
          else sql.lowerSeen.run(version, ticketId);
        }
      }),
    seenBaseline: () => sql.baseline.get()?.seen_baseline ?? null,
    setSeenBaseline: (recordedAt) => write(() => void sql.setBaseline.run(recordedAt)),
    setting(key) {
      const row = sql.setting.get(key);
      return row === undefined ? null : jsonOf(row.value);
    },
    setSetting: (key, value) =>
      write(() => {
        if (value === null) sql.removeSetting.run(key);
        else sql.setSetting.run(key, JSON.stringify(value));
      }),
  };
}
