import Database from 'better-sqlite3';
import { createTallies } from './cache-tallies.ts';
import { SEQUENCES_A_YEAR } from './ticket-columns.ts';

/** What every sort index carries behind its key, so that filters and views are judged on the index alone. */
const cover = 'open, status, kind, tier, team, site, assignee, to_accept, senior, citizen';

/** Key of each sort, as the index has it; the ref breaks ties, so it stands before what the index only covers. */
const indexes: Record<string, string> = {
  tickets_by_priority: `tickets (priority desc, registered_at, ref, ${cover})`,
  tickets_by_registered: `tickets (registered_at, ref, ${cover})`,
  tickets_by_updated: `tickets (updated_at, ref, ${cover})`,
  tickets_by_number: `tickets (number_key, ref, ${cover})`,
  tickets_by_subject: `tickets (subject_key, ref, ${cover})`,
  tickets_by_requester: `tickets (requester_key, ref, ${cover})`,
  tickets_by_status: `tickets (status, registered_at, ref, ${cover})`,
  tickets_by_tier: `tickets (tier, registered_at, ref, ${cover})`,
  tickets_by_assignee: `tickets (assignee_key, registered_at, ref, ${cover})`,
  tickets_by_site: `tickets (site_key, registered_at, ref, ${cover})`,
  tickets_of_open: 'tickets (open, status, kind, tier, team, senior, citizen, to_accept, assignee, site)',
  tickets_of_site: 'tickets (site, open, status, kind, tier, team, assignee)',
  tickets_of_team: 'tickets (team, open, status, kind, tier, site, assignee)',
  tickets_of_assignee: 'tickets (assignee, open, status, kind, tier, team, site, registered_at, priority)',
  tickets_of_requester: 'tickets (requester, open)',
  tickets_of_senior: 'tickets (open, status, kind, tier) where senior = 1',
  tickets_of_citizen: 'tickets (open, status, kind, tier) where citizen = 1',
  tickets_to_accept: 'tickets (team, offered_to, open, status) where to_accept = 1',
  entries_of_command: 'entries (command_key)',
  entries_by_recorded: 'entries (recorded_at, actor, ticket, seq)',
};

/** A note's text, a solution, the name of a file. */
const wordsOf = (entry: string) =>
  `coalesce(${['text', 'solution', 'note', 'name'].map((word) => `${entry}.doc ->> '$.event.${word}'`).join(', ')}, '')`;

/** The words of a ticket, as full text wants them: one row a ticket, its pending notes among them. */
const wordsOfTickets = `
  select t.ref,
    concat_ws(' ', d.doc ->> '$.number', iif(d.doc ->> '$.number' is null, null, t.number_key % ${SEQUENCES_A_YEAR}),
      d.doc ->> '$.provisionalCode') as codes,
    (d.doc ->> '$.subject') || ' ' || (d.doc ->> '$.description') as subject,
    coalesce(p.name, d.doc ->> '$.requester.unlisted.name', '') as requester,
    (select group_concat(${wordsOf('e')}, ' ')
       from entries e where e.ticket = t.ref and e.worded = 1) as notes,
    (select group_concat(${wordsOf('o')}, ' ')
       from overlay_entries o where o.ref = t.ref) as pending_notes
  from tickets t join ticket_docs d on d.ref = t.ref left join directory p on p.ref = t.requester`;

/** The rows of the full text, as they are inserted. */
export const selectWords = `select ref, codes, subject, requester, concat_ws(' ', notes, pending_notes) from (${wordsOfTickets})`;

/** Adds the words of all tickets, or of the one that `where` names. */
export const insertWords = `insert into ticket_search (rowid, codes, subject, requester, notes) ${selectWords}`;

const dropWords = "insert into ticket_search (ticket_search) values ('delete-all')";

/** The key of the timeline, which its rows are written by; nothing where it is there already. */
export function keyEntries(db: Database.Database): void {
  const key = 'create unique index if not exists entries_of_ticket on entries (ticket, seq)';
  try {
    db.exec(key);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    // A fill that another version of the app began without a key: of a row that came twice the later one stays.
    db.exec('delete from entries where rid not in (select max(rid) from entries group by ticket, seq)');
    db.exec(key);
  }
}

/**
 * What the rows of a first fill do without: an index over sorted rows, and full text in one pass, cost a third of keeping them row by row.
 * Once the tickets are in it is built piece by piece between the pages of the timeline, so that this thread works while others read the
 * next page. Whatever is missing at the end, as after a process was killed, is built then (`meta.indexed`).
 */
export function createBuilder(db: Database.Database) {
  const exists = db.prepare<[string], { found: number }>(
    'select exists (select 1 from sqlite_schema where name = ?) as found',
  );
  const wordsOf = db.prepare<[string]>(
    `${insertWords} where ref in (select value from json_each(?) except select id from ticket_search_docsize)`,
  );
  const ofTickets = Object.entries(indexes).filter(([, on]) => on.startsWith('tickets '));
  /** Rows that had come when the first page of the timeline was in; null: it is not. */
  let before: number | null = null;
  let built = 0;

  function buildNext(): void {
    for (; built < ofTickets.length; built += 1) {
      const [name = '', on = ''] = ofTickets[built] ?? [];
      if (exists.get(name)?.found === 1) continue;
      db.exec(`create index ${name} on ${on}`);
      built += 1;
      return;
    }
  }
  return {
    /** A fill begins: words of one that was given up are of rows that this one replaces. */
    begin: () => void db.exec(dropWords),
    /** Adds the words of these tickets: their timelines are whole. */
    addWords: (refs: readonly number[]) => void wordsOf.run(JSON.stringify(refs)),
    /** As many indexes as there should be when so many rows have come. */
    goOn({ done, total }: { readonly done: number; readonly total: number | null }): void {
      before ??= done;
      const share = total === null || total <= before ? 0 : (done - before) / (total - before);
      if (built < share * ofTickets.length) buildNext();
    },
    /** Everything that is missing. */
    finish(): void {
      keyEntries(db);
      for (const [name, on] of Object.entries(indexes)) db.exec(`create index if not exists ${name} on ${on}`);
      createTallies(db);
      db.exec(`${insertWords} where ref not in (select id from ticket_search_docsize)`);
      db.exec('update meta set indexed = 1');
      db.pragma('analysis_limit = 1000');
      db.exec('analyze');
    },
    /** The transaction was rolled back. */
    reset(): void {
      built = 0;
    },
  };
}

/** Full text of every ticket from scratch: after a later fill, where following each row would cost three times as much. */
export function rebuildWords(db: Database.Database): void {
  db.exec(dropWords);
  db.exec(insertWords);
}
