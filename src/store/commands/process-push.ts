import type { SenderClock } from '../../domain/act-times.ts';
import { attachmentSchema } from '../../domain/attachments.ts';
import { COMMAND_VERSION, makesTicket, otherTicketId } from '../../domain/commands.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { WireCommand } from '../../protocol/sync/command.ts';
import type { LogMark } from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import { isPutBack } from '../epoch/seal.ts';
import { chainsOf, checkChains, type Fork } from './chain.ts';
import type { AttachmentRef, DeskState, DeskStore, DeskTransaction, Orphan, StoredTicket } from './desk-port.ts';
import { collectIds, directoryLookup, withRowsOf } from './directory-snapshot.ts';
import { formerNumber, mayBeLost } from './former.ts';
import type { NamedBefore } from './named-before.ts';
import { createBatch } from './run-batch.ts';

export interface PushDeps {
  readonly desks: DeskStore;
  readonly now: () => number;
  /** SHA-256 of the UTF-8 bytes, in lower-case hex. */
  readonly sha256: (text: string) => string;
  /**
   * The domain threw on a command: it is refused with its content, and this one is told. Without it the bug goes through
   * and nothing is stored: an import stops loudly and resumes, where a console's queue must go on.
   */
  readonly onBug?: (commandId: string, error: unknown) => void;
  /** Absent where a push more or less in time does not matter. */
  readonly namedBefore?: NamedBefore;
}
export interface PushAnswer {
  readonly results: readonly { readonly replayed: boolean; readonly outcome: string }[];
  /** First command that is newer than this store; it and all after it were left untouched. */
  readonly heldId: string | null;
  /** Where the log stood right behind the commit; null where nothing was asked of the desk. */
  readonly mark: LogMark | null;
}
export type PushFailure =
  | Fork
  | { readonly code: 'forbidden' }
  | { readonly code: 'busy' }
  | { readonly code: 'EPOCH'; readonly epoch: string };
export interface PushedBatch {
  readonly commands: readonly WireCommand[];
  /** Epoch that the sender believes the desk to be in; absent from an old console. */
  readonly epoch?: string | undefined;
  /** The furthest place that an answer to a push told the sender. */
  readonly mark?: LogMark | undefined;
  /** The sender's monotonic clock as it sent; absent from an old console. */
  readonly clock?: SenderClock | undefined;
}

/** Each try loses to somebody who committed, so the crowd as a whole goes on. */
const MAX_TRIES = 12;

/**
 * The store's command processing: one transaction a batch, outcomes in the order of the commands. A command that was
 * stored before answers with the bytes of its first outcome and has no second effect (SY2, SY11).
 */
export async function processPush(
  deps: PushDeps,
  principal: Principal,
  { commands, epoch, mark, clock }: PushedBatch,
): Promise<Result<PushAnswer, PushFailure>> {
  const newer = commands.findIndex((command) => command.commandVersion > COMMAND_VERSION);
  const batch = newer === -1 ? commands : commands.slice(0, newer);
  const heldId = commands[newer]?.id ?? null;
  if (batch.length === 0) return ok({ results: [], heldId, mark: null });
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const done = await deps.desks.transactMarked(principal.deskId, principal.sessionId, (tx) =>
      runInTransaction(deps, tx, principal, { commands: batch, epoch, mark, clock }),
    );
    if (!done.ok) continue;
    const { value, mark: standsAt } = done.value;
    return value.ok ? ok({ results: value.value, heldId, mark: standsAt }) : value;
  }
  return err({ code: 'busy' });
}

const rethrow = (_commandId: string, error: unknown): never => {
  throw error;
};

/** Everything of the directory that a ticket names. */
function namedBy({ siteId, teamId, serviceId, assigneeId, requester, assetId, orgUnitId, handovers }: Ticket) {
  const ids = new Set<string>();
  collectIds([siteId, teamId, serviceId, assigneeId, requester, assetId, orgUnitId, handovers], ids);
  return ids;
}

/** Commands that make a ticket, and those that may come back before the one that makes theirs. */
const mayMeetNoTicket = (command: WireCommand): boolean => makesTicket(command.type) || command.former !== undefined;
const ticketsOf = ({ ticketId, type, payload }: WireCommand): string[] => {
  const other = otherTicketId(type, payload);
  return other === null ? [ticketId] : [ticketId, other];
};

/** The file that a command brings; a payload that cannot be read brings none. */
function attachmentRef({ type, ticketId, payload }: WireCommand): AttachmentRef[] {
  const said = type === 'addAttachment' ? attachmentSchema.safeParse(payload) : null;
  return said?.success === true ? [{ ticketId, attachmentId: said.data.attachmentId }] : [];
}

/**
 * After a restore a ticket that is not there may be one that comes back: whoever leaves an orphan for it holds its id. Asked for
 * only then, so that other desks pay nothing for it. Gives the tickets that came while it waited.
 */
async function heldAfterAll(
  tx: DeskTransaction,
  desk: DeskState,
  fresh: readonly WireCommand[],
  held: ReadonlySet<string>,
): Promise<readonly StoredTicket[]> {
  const lost = fresh.filter((command) => !mayMeetNoTicket(command) && !held.has(command.ticketId));
  const ids = sortedUnique(lost.filter((command) => mayBeLost(command, desk)).map((command) => command.ticketId));
  if (ids.length === 0) return [];
  await tx.lockOrphans(ids);
  return tx.lockTickets(ids);
}

/** Locked out of order, which is as rare as orphans are: one who waits for another in a ring runs again. */
async function othersOfOrphans(tx: DeskTransaction, waiting: readonly Orphan[], held: ReadonlySet<string>) {
  const others = sortedUnique(waiting.flatMap(({ command }) => ticketsOf(command))).filter((id) => !held.has(id));
  return others.length === 0 ? [] : tx.lockTickets(others);
}

const sortedUnique = (ids: Iterable<string>): string[] => [...new Set(ids)].sort();

async function runInTransaction(
  deps: PushDeps,
  tx: DeskTransaction,
  principal: Principal,
  { commands: batch, epoch, mark, clock }: PushedBatch,
): Promise<Result<PushAnswer['results'], PushFailure>> {
  // Usually there is none: a console writes for the device that it signed in with.
  const others = sortedUnique(batch.map((command) => command.deviceId)).filter((id) => id !== principal.deviceId);
  if (others.length > 0) {
    const own = await tx.ownDevices(principal.accountId, others);
    if (others.some((id) => !own.has(id))) return err({ code: 'forbidden' });
  }

  // Tickets of repetitions are locked too: which commands are fresh is known only when these have answered. So is what the tickets name of the
  // directory: as much of it as can be told before is asked for with them.
  const ticketIds = sortedUnique(batch.flatMap(ticketsOf));
  const said = new Set<string>([principal.personId, ...principal.teams.map((team) => team.id)]);
  for (const command of batch) collectIds([command.payload, command.onBehalf], said);
  const early = new Set([...said, ...(deps.namedBefore?.of(ticketIds) ?? [])]);
  const [heads, stored, desk, waiting, hashAtMark, held, known] = await Promise.all([
    tx.lockChains(chainsOf(batch)),
    tx.storedCommands(sortedUnique(batch.map((command) => command.id))),
    tx.desk(),
    tx.lockOrphans(sortedUnique(batch.filter(mayMeetNoTicket).map((command) => command.ticketId))),
    mark === undefined ? null : tx.hashAt(mark.seq),
    tx.lockTickets(ticketIds),
    tx.loadDirectory([...early].sort()),
  ]);
  // A revoked device that knows it claims none, and hands in whatever the epoch. One that does not know yet is sent to a hello like
  // everyone: it would send what it wrote last before what a restored store has lost (SY3).
  const elsewhere = epoch !== undefined && epoch !== desk.epoch;
  if (elsewhere || isPutBack(desk, mark, hashAtMark)) return err({ code: 'EPOCH', epoch: desk.epoch });
  const checked = checkChains(batch, new Map(stored.map((command) => [command.id, command])), heads, deps.sha256);
  if (!checked.ok) return checked;
  const { steps, moved } = checked.value;

  const fresh = steps.flatMap((step) => (step.kind === 'fresh' ? [step.command] : []));
  if (fresh.length === 0 && moved.length === 0) {
    return ok(
      steps.flatMap((step) => (step.kind === 'replay' ? [{ replayed: true, outcome: step.stored.outcome }] : [])),
    );
  }
  const wanted = new Set(fresh.flatMap(ticketsOf));
  const tickets = [
    ...held.filter(({ ticket }) => wanted.has(ticket.id)),
    ...(await heldAfterAll(tx, desk, fresh, new Set(held.map(({ ticket }) => ticket.id)))),
    ...(await othersOfOrphans(tx, waiting, new Set(batch.flatMap(ticketsOf)))),
  ];
  const named = new Set(said);
  for (const { command, actor } of waiting)
    collectIds([actor.personId, actor.teamIds, command.payload, command.onBehalf], named);
  for (const { ticket } of tickets) {
    const ids = namedBy(ticket);
    deps.namedBefore?.note(ticket.id, ids);
    for (const id of ids) named.add(id);
  }
  const ids = [...named].sort();
  const missing = ids.filter((id) => !early.has(id));
  const linked = [...fresh, ...waiting.map((orphan) => orphan.command)].some(({ type }) => type === 'linkProblem');
  const files = [...fresh, ...waiting.map((orphan) => orphan.command)].flatMap(attachmentRef);
  const formerNumbers = fresh.flatMap((command) => formerNumber(command, desk) ?? []);
  const [directory, problemIds, takenNumbers, added] = await Promise.all([
    missing.length > 0 ? tx.loadDirectory(missing).then((rows) => withRowsOf(known, rows)) : known,
    linked ? tx.problemIds(ids) : new Set<string>(),
    formerNumbers.length > 0 ? tx.takenNumbers(sortedUnique(formerNumbers)) : new Set<string>(),
    files.length > 0 ? tx.addedAttachments(files) : [],
  ]);
  const recordedAt = deps.now();
  const batchRun = createBatch(
    {
      principal,
      directory: directoryLookup(directory),
      desk,
      recordedAt,
      senderClock: clock ?? null,
      problemIds,
      takenNumbers,
      addedAttachments: added,
      onBug: deps.onBug ?? rethrow,
      lockNumber: (year) => tx.lockNumber(year),
    },
    tickets,
    waiting,
  );
  const results: { replayed: boolean; outcome: string }[] = [];
  const answered = new Map<string, string>();
  for (const step of steps) {
    if (step.kind === 'replay') {
      results.push({ replayed: true, outcome: step.stored.outcome });
      continue;
    }
    const before = answered.get(step.command.id);
    const outcome = before ?? (await batchRun.run(step.command, step.hash));
    answered.set(step.command.id, outcome);
    results.push({ replayed: before !== undefined, outcome });
  }
  await tx.write({ ...batchRun.writes(), chains: moved, recordedAt });
  return ok(results);
}
