import type { ConsoleClient } from '../protocol/console/client.ts';
import type { Arrival, Connection } from '../protocol/console/rows.ts';

/** Tickets announced at once; more than these are a return from a day away, which the screen shows better. */
const MOST_AT_ONCE = 5;
/** What came so shortly before the sign-in is announced all the same: store and device need not agree to the second. */
const GRACE_MS = 180_000;
/** Only after a contact is the store's time known, and nothing can have come before one. */
const inContact: readonly Connection['state'][] = ['filling', 'catchingUp', 'online'];

export interface AnnouncerClock {
  /** Wall clock of the device, epoch milliseconds. */
  now(): number;
  monotonicMs(): number;
}

/**
 * Watches the news and says what came to this person by somebody else's act since they are here: assigned, or escalated and to be
 * accepted. Each arrival once, whatever the page marked as seen meanwhile and whichever state between two looks was missed:
 * what counts is the time of the store's receipt, not what the look before had found.
 */
export function createAnnouncer(
  client: ConsoleClient,
  clock: AnnouncerClock,
  announce: (arrival: Arrival) => void,
): { stop(): void } {
  let personId: string | null = null;
  /** Store time from which on an arrival is news to this person; null until a contact says what time it is there. */
  let since: number | null = null;
  let hereSince = clock.monotonicMs();
  const told = new Set<string>();
  let running = false;
  let again = false;

  async function look(): Promise<void> {
    const answer = await client.call('queue.arrivals', {});
    // Nobody signed in, or a query that failed this once: the next look finds what this one would have.
    if (!answer.ok) return;
    if (answer.value.personId !== personId) {
      personId = answer.value.personId;
      since = null;
      hereSince = clock.monotonicMs();
      told.clear();
    }
    since ??= await storeTimeOfArrival();
    const from = since;
    if (from === null) return;
    const news = answer.value.arrivals.filter((each) => each.recordedAt >= from && !told.has(keyOf(each)));
    for (const each of news) told.add(keyOf(each));
    for (const each of news.slice(0, MOST_AT_ONCE)) announce(each);
  }

  /** By the offset of the contact and the monotonic clock: a wall clock that is off or jumps announces nothing and hides nothing. */
  async function storeTimeOfArrival(): Promise<number | null> {
    const connection = await client.call('connection.get', {});
    if (!connection.ok || !inContact.includes(connection.value.state)) return null;
    const storeNow = clock.now() + (connection.value.clockSkewMs ?? 0);
    return storeNow - (clock.monotonicMs() - hereSince) - GRACE_MS;
  }

  /** News come in bursts: one look at a time, and one more when something came meanwhile. */
  async function lookOnce(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await look();
      } while (again);
    } finally {
      running = false;
    }
  }

  const stop = client.subscribe((news) => {
    const mayHaveCome = news.view === 'queue' || news.view === 'session';
    if (mayHaveCome || (news.view === 'connection' && since === null)) lookOnce();
  });
  lookOnce();
  return { stop };
}

const keyOf = ({ ticketId, seq }: Arrival): string => `${ticketId} ${seq}`;
