import { CHAIN_START } from '../../src/protocol/sync/command.ts';
import type { HeldCommand, HeldOutbox } from './read-outbox.ts';
import { type FromWriter, numberIn, requestOf } from './words.ts';

/** What a kill cost. The names are those of the report. */
export interface Breach {
  readonly what:
    | 'lost'
    | 'doubled'
    | 'outOfOrder'
    | 'half'
    | 'chainBroken'
    | 'unreadable'
    | 'notOurs'
    | 'refused'
    /** The writer ended though nobody had killed it. */
    | 'ended'
    /** It did not say in time what it had to say. */
    | 'hung'
    /** Fewer kills than were asked for. */
    | 'fewer'
    /** The harness failed: nothing is proved. */
    | 'harness';
  readonly detail: string;
}

/** What a writer said over all its lives, and whether its file agrees. */
export interface Ledger {
  /** Everything that one life said. @returns where its kill fell */
  take(said: readonly FromWriter[]): 'writing' | 'between' | 'opening';
  /** The request to go on from: one that was begun and not answered is asked for again under its id, as an impatient person does. */
  next(): number;
  saved(): number;
  /** Requests that were begun and not answered, and of these those whose commands were there all the same. */
  unanswered(): { readonly begun: number; readonly kept: number };
  /** Place behind which nothing has been judged yet. */
  judgedTo(): number;
  /** Judges what came since `judgedTo`. Nothing may be writing to it meanwhile. */
  judge(outbox: HeldOutbox): Breach[];
  /** Tickets that were registered last. */
  tickets(): readonly string[];
}

export function createLedger(): Ledger {
  let lastSaved = -1;
  let begun: number | null = null;
  let begunInAll = 0;
  let keptInAll = 0;
  let savedJudged = -1;
  let last: HeldCommand | null = null;
  let rows = 0;
  const counts = new Map<string, number>();
  const registered: string[] = [];
  const refusals: Breach[] = [];
  const there = (no: number) => requestOf(no).texts.filter((text) => counts.has(text)).length;

  /** One command behind another: its place in the chain, its text, its turn. */
  function* follow(command: HeldCommand): Generator<Breach> {
    const { n, prevHash, incarnation, text } = command;
    const place = `n ${n}, ${text ?? command.id}`;
    rows += 1;
    if (text === null) {
      yield { what: 'unreadable', detail: command.id };
      return;
    }
    const before = last;
    last = command;
    const follows =
      before === null
        ? n === 1 && prevHash === CHAIN_START
        : n === before.n + 1 && prevHash === before.hash && incarnation === before.incarnation;
    if (!follows) yield { what: 'chainBroken', detail: place };
    const no = numberIn(text);
    if (!requestOf(no).texts.includes(text)) yield { what: 'notOurs', detail: place };
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count > 1) yield { what: 'doubled', detail: place };
    else if (before?.text != null && numberIn(before.text) > no) yield { what: 'outOfOrder', detail: place };
    if (requestOf(no).kind === 'register') registered.push(command.ticketId);
  }

  return {
    take(said) {
      let ended: 'writing' | 'between' | 'opening' = 'opening';
      for (const message of said) {
        if (message.kind === 'begin') {
          begun = message.no;
          ended = 'writing';
        } else if (message.kind === 'saved') {
          lastSaved = message.no;
          begun = null;
          ended = 'between';
        } else if (message.kind === 'refused') {
          refusals.push({ what: 'refused', detail: `acto ${message.no}: ${message.code}` });
          begun = null;
        }
      }
      if (ended === 'writing') begunInAll += 1;
      return ended;
    },
    next: () => lastSaved + 1,
    saved: () => lastSaved + 1,
    unanswered: () => ({ begun: begunInAll, kept: keptInAll }),
    judgedTo: () => last?.pos ?? 0,
    tickets: () => registered.slice(-20),
    judge(outbox) {
      const breaches = refusals.splice(0);
      for (const command of outbox.commands) breaches.push(...follow(command));
      if (outbox.rows !== rows || outbox.ids !== rows)
        breaches.push({
          what: 'lost',
          detail: `${outbox.rows} rows and ${outbox.ids} ids, ${rows} were read one by one`,
        });
      if (last !== null && (outbox.end?.lastN !== last.n || outbox.end.lastHash !== last.hash))
        breaches.push({
          what: 'chainBroken',
          detail: `the next goes on from n ${outbox.end?.lastN}, the last is ${last.n}`,
        });
      for (let no = savedJudged + 1; no <= lastSaved; no += 1) {
        const { texts } = requestOf(no);
        if (there(no) < texts.length)
          breaches.push({ what: 'lost', detail: `acto ${no}: ${there(no)} of its ${texts.length} commands` });
      }
      savedJudged = lastSaved;
      if (begun !== null) {
        const found = there(begun);
        if (found > 0) keptInAll += 1;
        if (found > 0 && found < requestOf(begun).texts.length)
          breaches.push({ what: 'half', detail: `acto ${begun}: ${found} of its commands` });
        begun = null;
      }
      return breaches;
    },
  };
}
