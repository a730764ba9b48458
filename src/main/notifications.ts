import type { ConsoleClient } from '../protocol/console/client.ts';
import type { QueueQuery, QueueRow, QueueView } from '../protocol/console/rows.ts';

export interface Announcement {
  readonly kind: 'assigned' | 'escalated';
  readonly ticketId: string;
  readonly code: string;
  readonly subject: string;
}

/** Tickets announced at once; more than these are a return from a day away, which the screen shows better. */
const MOST_AT_ONCE = 5;

const query = (view: QueueView): QueueQuery => ({
  view,
  status: 'open',
  siteId: null,
  teamId: null,
  assigneeId: null,
  kind: null,
  tier: null,
  text: '',
  sort: { by: 'updated', dir: 'desc' },
  offset: 0,
  limit: 100,
});

/** Rows that came to this person by somebody else's act since the last look. Own acts are never unread. */
export function newlyMine(known: ReadonlySet<string>, rows: readonly QueueRow[]): QueueRow[] {
  return rows.filter((row) => row.unread && !known.has(row.id)).slice(0, MOST_AT_ONCE);
}

/**
 * Watches the news and asks the queue what is new for this person: assigned, or escalated and to be accepted. The first look
 * after a sign-in only remembers.
 */
export function createAnnouncer(client: ConsoleClient, announce: (announcement: Announcement) => void) {
  let personId: string | null = null;
  const knownByView: Record<'mine' | 'toAccept', Set<string> | null> = { mine: null, toAccept: null };
  let running = false;
  let again = false;

  async function look(): Promise<void> {
    const session = await client.call('session.get', {});
    const now = session.ok ? (session.value.session?.personId ?? null) : null;
    if (now !== personId) {
      personId = now;
      knownByView.mine = null;
      knownByView.toAccept = null;
    }
    if (now === null) return;
    // An escalated ticket may stand in both; the view that asks for an answer speaks.
    const toAccept = await compare('toAccept');
    const mine = await compare('mine');
    const escalated = new Set(toAccept.map((row) => row.id));
    for (const row of toAccept) announce(toAnnouncement('escalated', row));
    for (const row of mine)
      if (!escalated.has(row.id) && !row.awaitsAcceptance) announce(toAnnouncement('assigned', row));
  }

  async function compare(view: 'mine' | 'toAccept'): Promise<QueueRow[]> {
    const answer = await client.call('queue.window', query(view));
    if (!answer.ok) return [];
    const known = knownByView[view];
    knownByView[view] = new Set(answer.value.rows.map((row) => row.id));
    return known === null ? [] : newlyMine(known, answer.value.rows);
  }

  /** News come in bursts: one look at a time, and one more when something came meanwhile. */
  async function lookOnce(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await look();
    } while (again);
    running = false;
  }

  const stop = client.subscribe((news) => {
    if (news.view === 'queue' || news.view === 'session') lookOnce();
  });
  lookOnce();
  return { stop };
}

const toAnnouncement = (kind: Announcement['kind'], row: QueueRow): Announcement => ({
  kind,
  ticketId: row.id,
  code: row.number ?? row.provisionalCode,
  subject: row.subject,
});
