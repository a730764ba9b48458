import { deriveTimes } from '../../domain/act-times.ts';
import type { Verdict } from '../../domain/decision.ts';
import type { DeskSettings } from '../../domain/desk-settings.ts';
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
import type { Principal } from '../auth/principal.ts';
import type { NewCommand, StoredTicket } from './desk-port.ts';

export interface BatchContext {
  readonly principal: Principal;
  readonly directory: DirectoryLookup;
  readonly settings: DeskSettings;
  readonly recordedAt: Instant;
  readonly problemIds: ReadonlySet<string>;
  /** The domain threw on this command: a bug, to be logged. */
  readonly onBug: (commandId: string, error: unknown) => void;
  /** Takes the lock of that year's numbers; called once a year at most. */
  readonly lockNumber: (year: number) => Promise<number>;
}

interface Row extends StoredTicket {
  readonly isNew: boolean;
  readonly touched: boolean;
}

/** Who the command acts as. Only a program with the right may name somebody else. */
function actorOf(principal: Principal, command: WireCommand, directory: DirectoryLookup): Actor | Refusal {
  const self = {
    personId: principal.personId,
    submitterId: null,
    role: principal.role,
    grant: principal.grant,
    teamIds: principal.teams.map((team) => team.id),
    mayImport: principal.actOnBehalf,
    revoked: principal.revoked,
  };
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

/**
 * Decides fresh commands one after the other over rows in memory. Nothing is written before all are decided, so a refusal
 * needs no savepoint and a retry starts from nothing.
 */
export function createBatch(ctx: BatchContext, stored: readonly StoredTicket[]) {
  const rows = new Map<string, Row>(stored.map((row) => [row.ticket.id, { ...row, isNew: false, touched: false }]));
  const problems = new Set(ctx.problemIds);
  const numbers = new Map<number, number>();
  const entries: TimelineEntry[] = [];
  const commands: NewCommand[] = [];

  async function nextNumber(command: WireCommand) {
    const year = yearInZone(command.onBehalf?.occurredAt ?? ctx.recordedAt, ctx.settings.timeZone);
    const last = numbers.get(year) ?? (await ctx.lockNumber(year));
    return { year, sequence: last + 1, text: officialNumber(ctx.settings.numberPrefix, year, last + 1) };
  }

  async function judge(
    command: WireCommand,
  ): Promise<{ verdict: Verdict; ticket: Ticket | null; number: string | null }> {
    const row = rows.get(command.ticketId);
    const before = row?.ticket ?? null;
    const refused = (no: Refusal) => ({
      verdict: { kind: 'refused' as const, refusal: { code: no.code, params: { ...no.params } } },
      ticket: before,
      number: null,
    });
    const parsed = parseCommand(command.type, command.payload);
    if (!parsed.ok) return refused(parsed.error);
    const actor = actorOf(ctx.principal, command, ctx.directory);
    if ('code' in actor) return refused(actor);
    const number = parsed.value.type === 'register' && before === null ? await nextNumber(command) : null;
    const decideOne = () =>
      runCommand(before, command.ticketId, parsed.value, {
        commandId: command.id,
        actor,
        times: deriveTimes(command.time, ctx.recordedAt, command.onBehalf?.occurredAt ?? null),
        directory: ctx.directory,
        settings: ctx.settings,
        officialNumber: number?.text ?? null,
        seenVersion: command.seenVersion,
        problemExists: (id) => problems.has(id),
      });
    // A bug met by one command must not hold the queue of its console for ever (SY16): its author keeps the content.
    const run = guarded(decideOne, (error) => ctx.onBug(command.id, error));
    if (run === null) return refused(refusal('unprocessable'));
    if (run.ticket !== null && run.entries.length > 0) {
      if (before === null && number !== null) numbers.set(number.year, number.sequence);
      entries.push(...run.entries);
      if (run.ticket.kind === 'problem') problems.add(run.ticket.id);
      const closedRecordedAt = isClosed(run.ticket) ? (row?.closedRecordedAt ?? ctx.recordedAt) : null;
      rows.set(run.ticket.id, { ticket: run.ticket, closedRecordedAt, isNew: row?.isNew ?? true, touched: true });
    }
    const given = before === null ? (run.ticket?.number ?? null) : null;
    return { verdict: run.verdict, ticket: run.ticket, number: given };
  }

  return {
    /** Text of the outcome, as it is stored and sent. */
    async run(command: WireCommand, hash: string): Promise<string> {
      const { verdict, ticket, number } = await judge(command);
      const outcome: Outcome = {
        commandId: command.id,
        ticketId: command.ticketId,
        verdict,
        ticketVersion: hidesTicket(verdict) ? null : (ticket?.version ?? null),
        number,
        recordedAt: ctx.recordedAt,
      };
      const text = JSON.stringify(outcome);
      commands.push({
        command,
        hash,
        accountId: ctx.principal.accountId,
        refused: verdict.kind === 'refused',
        recordedAt: ctx.recordedAt,
        outcome: text,
      });
      return text;
    },
    writes() {
      const touched = [...rows.values()].filter((row) => row.touched);
      return {
        commands,
        entries,
        numbers,
        inserted: touched.filter((row) => row.isNew),
        updated: touched.filter((row) => !row.isNew),
      };
    },
  };
}
