import { deriveTimes, mendedTime, type SenderClock } from '../../domain/act-times.ts';
import { type Command, makesTicket } from '../../domain/commands.ts';
import type { Verdict } from '../../domain/decision.ts';
import type { DirectoryLookup } from '../../domain/directory.ts';
import type { TimelineEntry } from '../../domain/events.ts';
import { officialNumber, yearInZone } from '../../domain/numbering.ts';
import { parseCommand } from '../../domain/parse-command.ts';
import type { Actor } from '../../domain/permissions.ts';
import { type Refusal, refusal } from '../../domain/refusals.ts';
import { runCommand } from '../../domain/run-command.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Instant } from '../../domain/vocabulary.ts';
import type { Outcome, WireCommand } from '../../protocol/sync/command.ts';
import { actorOf } from '../auth/actor-of.ts';
import type { Principal } from '../auth/principal.ts';
import type { AddedAttachment, DeskState, NewCommand, NewOrphan, Orphan, StoredTicket } from './desk-port.ts';
import { formerOf, mayBeLost, regainable, SEEN_BEFORE, withinReach } from './former.ts';

export interface BatchContext {
  readonly principal: Principal;
  readonly directory: DirectoryLookup;
  readonly desk: DeskState;
  readonly recordedAt: Instant;
  readonly senderClock: SenderClock | null;
  readonly problemIds: ReadonlySet<string>;
  /** Official numbers of those that tickets had before a restore which are given to others by now. */
  readonly takenNumbers: ReadonlySet<string>;
  /** Of the files that the commands bring, those that stand on their timelines already. */
  readonly addedAttachments: readonly AddedAttachment[];
  /** The domain threw on this command: a bug, to be logged. */
  readonly onBug: (commandId: string, error: unknown) => void;
  /** Takes the lock of that year's numbers; called once a year at most. */
  readonly lockNumber: (year: number) => Promise<number>;
}

const fileKey = (ticketId: string, attachmentId: string): string => `${ticketId} ${attachmentId}`;
function fileIn({ ticketId, event, actorId, submitterId }: TimelineEntry): AddedAttachment[] {
  if (event.type !== 'attachmentAdded') return [];
  const { attachmentId, sha256, size } = event;
  return [{ ticketId, attachmentId, sha256, size, senderId: submitterId ?? actorId }];
}

interface Row extends StoredTicket {
  readonly isNew: boolean;
  readonly touched: boolean;
}

/** Who the command acts as. Only a program with the right may name somebody else. */
function authorOf(principal: Principal, command: WireCommand, directory: DirectoryLookup): Actor | Refusal {
  const self = actorOf(principal);
  if (command.onBehalf === null) return self;
  const { personId } = command.onBehalf;
  if (!principal.actOnBehalf) return refusal('forbidden');
  if (directory.person(personId) === null) return refusal('personUnknown', { person: personId });
  return { ...self, personId, submitterId: principal.personId, grant: { ...principal.grant, personId } };
}

const isClosed = (ticket: Ticket): boolean => ticket.status === 'closed' || ticket.status === 'cancelled';
/** Refusals that must not tell whether there is such a ticket elsewhere. */
const hidesTicket = (verdict: Verdict): boolean =>
  verdict.kind === 'refused' && (verdict.refusal.code === 'ticketUnknown' || verdict.refusal.code === 'ticketExists');

function guarded<T>(work: () => T, onBug: (error: unknown) => void): T | null {
  try {
    return work();
  } catch (error) {
    onBug(error);
    return null;
  }
}

interface Judged {
  readonly verdict: Verdict;
  /** Version of the ticket that the author is told; null where there is none, or none that they may see. */
  readonly ticketVersion: number | null;
  readonly number: string | null;
}
const refusedFor = (no: Refusal): Verdict => ({
  kind: 'refused',
  refusal: { code: no.code, params: { ...no.params } },
});

/**
 * Decides fresh commands one after the other over rows in memory. Nothing is written before all are decided, so a refusal
 * needs no savepoint and a retry starts from nothing. `waiting` are the orphans of the tickets that the batch may bring.
 */
export function createBatch(ctx: BatchContext, stored: readonly StoredTicket[], waiting: readonly Orphan[]) {
  const { settings } = ctx.desk;
  const rows = new Map<string, Row>(stored.map((row) => [row.ticket.id, { ...row, isNew: false, touched: false }]));
  const problems = new Set(ctx.problemIds);
  const taken = new Set(ctx.takenNumbers);
  const numbers = new Map<number, number>();
  const entries: TimelineEntry[] = [];
  const files = new Map(ctx.addedAttachments.map((file) => [fileKey(file.ticketId, file.attachmentId), file]));
  const commands: NewCommand[] = [];
  const orphans = new Map<string, { readonly orphan: Orphan; readonly isNew: boolean; carriedAt: Instant | null }>(
    waiting.map((orphan) => [orphan.command.id, { orphan, isNew: false, carriedAt: null }]),
  );

  const lastNumber = async (year: number) => numbers.get(year) ?? (await ctx.lockNumber(year));

  async function numberFor(command: WireCommand) {
    const before = regainable(command, ctx.desk, ctx.recordedAt);
    if (before !== null && !taken.has(before.text)) {
      const last = await lastNumber(before.year);
      if (withinReach(before.sequence, last)) return { ...before, last: Math.max(last, before.sequence) };
    }
    const year = yearInZone(command.onBehalf?.occurredAt ?? ctx.recordedAt, settings.timeZone);
    const last = (await lastNumber(year)) + 1;
    return { year, last, text: officialNumber(settings.numberPrefix, year, last) };
  }

  /** Runs one command over the row of its ticket and keeps what comes of it. Null: the domain threw. */
  function carryOut(
    command: WireCommand,
    parsed: Command,
    actor: Actor,
    { receivedAt, number, former }: { receivedAt: Instant; number: string | null; former: Verdict | null },
  ) {
    const row = rows.get(command.ticketId);
    // An orphan came earlier: how its sender's clock stands now says nothing of it.
    const sender = receivedAt === ctx.recordedAt ? ctx.senderClock : null;
    const time = mendedTime(command.time, sender, receivedAt);
    const decideOne = () =>
      runCommand(row?.ticket ?? null, command.ticketId, parsed, {
        commandId: command.id,
        actor,
        times: deriveTimes(time, receivedAt, command.onBehalf?.occurredAt ?? null),
        directory: ctx.directory,
        settings,
        officialNumber: number,
        seenVersion: command.seenVersion,
        problemExists: (id) => problems.has(id),
        otherTicket: (id) => rows.get(id)?.ticket ?? null,
        attachmentOf: (id) => files.get(fileKey(command.ticketId, id)) ?? null,
        former,
      });
    // A bug met by one command must not hold the queue of its console for ever (SY16): its author keeps the content.
    const run = guarded(decideOne, (error) => ctx.onBug(command.id, error));
    if (run !== null && run.ticket !== null && run.entries.length > 0) {
      // What an orphan does is judged by the time of its receipt, but nobody could see it before now: it is news of now.
      const { recordedAt } = ctx;
      entries.push(...run.entries.map((entry) => ({ ...entry, recordedAt })));
      for (const file of run.entries.flatMap(fileIn)) files.set(fileKey(file.ticketId, file.attachmentId), file);
      const ticket = { ...run.ticket, recordedAt };
      if (ticket.kind === 'problem') problems.add(ticket.id);
      const closedRecordedAt = isClosed(ticket) ? (row?.closedRecordedAt ?? recordedAt) : null;
      rows.set(ticket.id, { ticket, closedRecordedAt, isNew: row?.isNew ?? true, touched: true });
    }
    return run;
  }

  /** The ticket has come: what waited for it is carried out, with the rights and the time of its own receipt. */
  function carryOrphansOf(ticketId: string): void {
    for (const waits of orphans.values()) {
      const { command, actor, recordedAt } = waits.orphan;
      if (command.ticketId !== ticketId || waits.carriedAt !== null) continue;
      const parsed = parseCommand(command.type, command.payload);
      const former = formerOf(command, ctx.desk)?.verdict ?? SEEN_BEFORE;
      // One that the domain throws on stays an orphan: it is kept, and `verify` names it.
      if (
        parsed.ok &&
        carryOut(command, parsed.value, actor, { receivedAt: recordedAt, number: null, former }) !== null
      )
        waits.carriedAt = ctx.recordedAt;
    }
  }

  async function judge(command: WireCommand): Promise<Judged> {
    const before = rows.get(command.ticketId)?.ticket ?? null;
    const former = formerOf(command, ctx.desk);
    if (former?.verdict.kind === 'refused') return { verdict: former.verdict, ticketVersion: null, number: null };
    const refused = (no: Refusal): Judged => {
      const verdict = refusedFor(no);
      return { verdict, ticketVersion: hidesTicket(verdict) ? null : (before?.version ?? null), number: null };
    };
    const parsed = parseCommand(command.type, command.payload);
    if (!parsed.ok) return refused(parsed.error);
    const actor = authorOf(ctx.principal, command, ctx.directory);
    if ('code' in actor) return refused(actor);
    const number = makesTicket(command.type) && before === null ? await numberFor(command) : null;
    const received = { receivedAt: ctx.recordedAt, number: number?.text ?? null };
    const asked = carryOut(command, parsed.value, actor, { ...received, former: former?.verdict ?? null });
    // Its ticket comes back with another console: what was written on it since the backup waits as a replay does.
    const unknown = asked?.verdict.kind === 'refused' && asked.verdict.refusal.code === 'ticketUnknown';
    const lost = before === null && mayBeLost(command, ctx.desk);
    const run = unknown && lost ? carryOut(command, parsed.value, actor, { ...received, former: SEEN_BEFORE }) : asked;
    if (run === null) return refused(refusal('unprocessable'));
    const { verdict, ticket } = run;
    if (ticket === null && (former !== null || lost) && verdict.kind !== 'refused') {
      const orphan = { command, actor, recordedAt: ctx.recordedAt };
      orphans.set(command.id, { orphan, isNew: true, carriedAt: null });
    }
    if (ticket !== null && before === null) {
      if (number !== null) numbers.set(number.year, number.last);
      if (ticket.number !== null) taken.add(ticket.number);
      carryOrphansOf(ticket.id);
    }
    // Parked after a restore on a ticket that its author may not see any more: nothing of the ticket is told.
    const hidden = hidesTicket(verdict) || (verdict.kind === 'parked' && run.entries.some((entry) => entry.outOfScope));
    return {
      verdict,
      ticketVersion: hidden ? null : (ticket?.version ?? null),
      number: before === null ? (ticket?.number ?? null) : null,
    };
  }

  return {
    /** Text of the outcome, as it is stored and sent. */
    async run(command: WireCommand, hash: string): Promise<string> {
      const judged = await judge(command);
      const outcome: Outcome = {
        commandId: command.id,
        ticketId: command.ticketId,
        verdict: judged.verdict,
        ticketVersion: judged.ticketVersion,
        number: judged.number,
        recordedAt: ctx.recordedAt,
      };
      const text = JSON.stringify(outcome);
      commands.push({
        command,
        hash,
        accountId: ctx.principal.accountId,
        refused: judged.verdict.kind === 'refused',
        recordedAt: ctx.recordedAt,
        outcome: text,
      });
      return text;
    },
    writes() {
      const touched = [...rows.values()].filter((row) => row.touched);
      const kept = [...orphans.values()];
      const newOrphans = kept.filter((waits) => waits.isNew);
      return {
        commands,
        entries,
        numbers,
        inserted: touched.filter((row) => row.isNew),
        updated: touched.filter((row) => !row.isNew),
        orphans: newOrphans.map(({ orphan, carriedAt }): NewOrphan => ({ ...orphan, carriedAt })),
        carried: kept.flatMap(({ orphan, isNew, carriedAt }) =>
          isNew || carriedAt === null ? [] : [orphan.command.id],
        ),
      };
    },
  };
}
