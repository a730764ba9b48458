import type { Outcome, WireCommand } from '../../protocol/sync/command.ts';
import type { LogMark } from '../../protocol/sync/messages.ts';
import type { Result } from '../../shared/result.ts';
import type { NewUpload, OutboxFiles } from './outbox-files.ts';
import type { StorageFailure } from './storage-failure.ts';

/** JSON value: what a settings row, a draft or an answer may hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** `waiting` for the link · `sending` now · `held` by a store older than the command · then the store's verdict. */
export const entryStates = ['waiting', 'sending', 'held', 'applied', 'merged', 'parked', 'refused'] as const;
export type EntryState = (typeof entryStates)[number];
export const unansweredStates = ['waiting', 'sending', 'held'] as const satisfies readonly EntryState[];
export const isUnanswered = (state: EntryState): boolean => (unansweredStates as readonly EntryState[]).includes(state);

export interface OutboxCommand {
  readonly wire: WireCommand;
  /** SHA-256 of `commandHashInput(wire)`; the successor's `prevHash`. */
  readonly hash: string;
  /** Code and subject of the ticket as the author saw them: the panel needs them when the ticket is no longer held. */
  readonly label: { readonly code: string; readonly subject: string };
  readonly createdAt: number;
  readonly state: EntryState;
  /** What the store answered; null while unanswered. */
  readonly outcome: Outcome | null;
  readonly settledAt: number | null;
  /** Epoch and head of the store's log when it answered: the effect is in every base state at or beyond that head. */
  readonly ackEpoch: string | null;
  readonly ackHead: number | null;
  /**
   * Epoch in which this answered command must be answered again, because the store that answered it was restored from an older
   * state (SY14); null when nothing is owed. Until then state, outcome and acknowledgement stay those of the first answer.
   */
  readonly replayFor: string | null;
  /** The answer before the last restore, once a second one took its place; null otherwise. */
  readonly formerOutcome: Outcome | null;
  readonly dismissedAt: number | null;
}

/** A row whose content cannot be read any more: kept as it is, reported, never skipped in silence, never sent. */
export interface UnreadableRow {
  readonly kind: 'unreadable';
  readonly commandId: string;
  readonly text: string;
  /** True once its chain was rebuilt around it. */
  readonly quarantined: boolean;
}
export type OutboxRow = ({ readonly kind: 'command' } & OutboxCommand) | UnreadableRow;

/** Who writes this file. One incarnation is one unbroken chain n = 1, 2, 3 … */
export interface OutboxIdentity {
  readonly deviceId: string;
  readonly devicePrefix: string;
  readonly incarnation: string;
  /** n and hash of the last command written by this incarnation; 0 and CHAIN_START when there is none. */
  readonly lastN: number;
  readonly lastHash: string;
  /** Last number used for a provisional code. */
  readonly provisionalCounter: number;
}

export interface AppendInput {
  /** Complete, chained from the identity before to the identity after. */
  readonly commands: readonly Pick<OutboxCommand, 'wire' | 'hash' | 'label' | 'createdAt'>[];
  readonly identity: OutboxIdentity;
  /** Kept for the impatient second click with the same id. */
  readonly request: { readonly id: string; readonly answer: Json; readonly at: number } | null;
  /** The draft that became these commands; a later version of it is another text, and stays. */
  readonly clearDraft: UsedDraft | null;
  /** Files of these commands: staged ones (or, written again, uploads before) become uploads that wait. Absent: none. */
  readonly uploads?: readonly NewUpload[];
}
export interface UsedDraft {
  readonly key: string;
  /** The version that the screen had. */
  readonly seenVersion: number;
}
export interface RecordedOutcome {
  readonly commandId: string;
  readonly state: Exclude<EntryState, 'waiting' | 'sending' | 'held'>;
  readonly outcome: Outcome;
  readonly settledAt: number;
  /** Both null: not the store, this console itself set the command aside; nothing of it is ever owed. */
  readonly ackEpoch: string | null;
  readonly ackHead: number | null;
}
/** New place in the chain for a command that keeps its id. */
export interface Relinked {
  readonly wire: WireCommand;
  readonly hash: string;
}
export interface Draft {
  readonly key: string;
  readonly ticketId: string | null;
  readonly content: Json;
  readonly updatedAt: number;
  /** Above every version that any draft of this file had before it. */
  readonly version: number;
  /** Id under which the text is sent; null until somebody has tried. */
  readonly requestId: string | null;
}
export interface SeenMark {
  readonly ticketId: string;
  readonly version: number;
}
export interface OutboxCounts {
  /** Unreadable and quarantined rows count as unanswered. */
  readonly unanswered: number;
  /** Answered before the store was restored, to be answered again. */
  readonly owed: number;
  /** Refused, and parked, and not dismissed. */
  readonly refused: number;
  readonly parked: number;
  /** Of all: refused by this console itself (C27), so that no store has their content. */
  readonly setAside: number;
}
export interface ReplayCounts {
  readonly owed: number;
  readonly replayed: number;
  readonly changed: number;
  readonly renumbered: number;
}
const EPOCHS_MARKED = 3;
/**
 * The furthest mark of each of the last epochs, the newest epoch last. One is not enough: answers of before a restore are proved by the mark
 * of their own epoch, should the store be put back to that one before they were all given again (SY14).
 */
export function withMark(kept: readonly LogMark[], mark: LogMark): readonly LogMark[] {
  const before = kept.find(({ epoch }) => epoch === mark.epoch);
  if (before !== undefined && before.seq > mark.seq) return kept;
  return [...kept.filter(({ epoch }) => epoch !== mark.epoch), mark].slice(-EPOCHS_MARKED);
}

/** True when both answers came to the same for their author. */
export const sameVerdict = (a: Outcome, b: Outcome): boolean => JSON.stringify(a.verdict) === JSON.stringify(b.verdict);

/** Where the local base stands (the pin while a fill runs), or null before any. */
export type BasePosition = { readonly epoch: string; readonly cursor: number } | null;

type Written = Result<null, StorageFailure>;

/**
 * `outbox.db` of one profile (WAL, synchronous=FULL). Everything is synchronous, every write is one transaction that is
 * durable when the call returns, or a failure that left nothing behind; but for answers to pushes, which a power cut may take, since the store says
 * them again. Commands are never updated in content and
 * never deleted before their retention is over. Order everywhere: order of writing.
 */
export interface OutboxPort extends OutboxFiles {
  /** Bumped by every write; `outbox.list` and the news carry it. */
  revision(): number;

  /** Null before the first sign-in. */
  identity(): OutboxIdentity | null;
  /** First sign-in, or a new device id given by the store. */
  setIdentity(identity: OutboxIdentity): Written;

  /** Commands, draft and answer in one transaction. Throws (a bug) when the chain does not continue the stored identity. */
  append(input: AppendInput): Written;
  /**
   * What the store has to be asked: rows not yet answered and rows to be answered again, quarantined ones left out, oldest first,
   * at most `limit`.
   */
  toSend(limit: number): readonly OutboxRow[];
  /** Rows not yet answered, quarantined ones left out, oldest first, at most `limit`. */
  unanswered(limit: number): readonly OutboxRow[];
  /**
   * Commands that a base at `base` may lack: unanswered ones, those to be answered again (refused ones left out), and those
   * answered with `ackEpoch = base.epoch` and `ackHead > base.cursor`; with `base` null not the last. Unreadable rows left out. Of one ticket, or of all (null).
   */
  live(ticketId: string | null, base: BasePosition): readonly OutboxCommand[];
  /** Of the live commands of a ticket those that were written before this one. */
  liveBefore(ticketId: string, base: BasePosition, commandId: string): readonly OutboxCommand[];
  /** Tickets that have live commands, each once; told by index, so rows that cannot be read may count. */
  liveTickets(base: BasePosition): readonly string[];
  /** Tickets of commands that were answered in this epoch with a head beyond `after` and not beyond `upTo`, each once. */
  settledTickets(epoch: string, after: number, upTo: number): readonly string[];
  get(commandId: string): OutboxCommand | null;
  /** Parked ones that were not dismissed and can be read, in order of writing. */
  parked(): readonly OutboxCommand[];
  counts(): OutboxCounts;
  /** Rows not yet answered, or to be answered again, whose content cannot be read; quarantined ones too. */
  unreadable(): readonly UnreadableRow[];

  setStates(commandIds: readonly string[], state: 'waiting' | 'sending' | 'held'): Written;
  /**
   * An answered command stays as it was first answered: a second outcome for it changes nothing, unless it is owed
   * (`replayFor` = `ackEpoch`): then the first becomes `formerOutcome`, nothing is owed any more, and a verdict that differs takes
   * the command back onto the panel, dismissed or not. The mark, if any, is kept in the same write, unless one of the same epoch
   * and a later place is kept already.
   */
  recordOutcomes(outcomes: readonly RecordedOutcome[], mark: LogMark | null): Written;
  /**
   * Every readable command that a store answered in another epoch than this one is to be answered again in it; one that this
   * console set aside by itself is not; what this very epoch answered is owed to no other any more. Idempotent. `owed`: how many
   * are owed now.
   */
  oweReplay(epoch: string): Result<{ readonly owed: number }, StorageFailure>;
  /** How the replay into this epoch stands: still owed to it, answered again in it, and of these with another verdict or number. */
  replays(epoch: string): ReplayCounts;
  /** The furthest sealed places that came with answers to pushes and pages of fills, as `withMark` keeps them. */
  ackMarks(): readonly LogMark[];
  keepMark(mark: LogMark): Written;
  /** New incarnation for commands to be sent (owed ones too), ids and content kept; `quarantine` lists unreadable rows left out of it. */
  relink(identity: OutboxIdentity, commands: readonly Relinked[], quarantine: readonly string[]): Written;
  dismiss(commandId: string, at: number): Written;
  /** Answer given to this request before, or null. */
  answerTo(requestId: string): Json | null;
  /**
   * Drops applied commands, dismissed ones (refused ones with the uploads of their files) and answers settled before `before`. Never one that is unanswered, owed or quarantined, nor
   * one whose verdict changed with a replay and that was not dismissed.
   */
  prune(before: number): Written;

  drafts(): readonly Draft[];
  draft(key: string): Draft | null;
  saveDraft(draft: Draft): Written;
  /** The text, and of the files that wait beside it these: all of it or nothing. */
  discardDraft(key: string, attachmentIds?: readonly string[]): Written;

  /** Last version of a ticket that the person saw, null when never. */
  seenVersion(ticketId: string): number | null;
  /** Never lowers a mark. */
  markSeen(ticketId: string, version: number): Written;
  /** Every mark, in no order. */
  seenMarks(): readonly SeenMark[];
  /** All in one write: a mark above its version goes down to it, with null it goes. None is raised or made. */
  lowerSeen(marks: readonly { readonly ticketId: string; readonly version: number | null }[]): Written;
  /** Everything that the store recorded at or before this instant counts as seen; null before the first fill ended. */
  seenBaseline(): number | null;
  setSeenBaseline(recordedAt: number): Written;

  /** Small values of the core: session, preferences, clock offset … Keys are in `core/settings.ts`. */
  setting(key: string): Json | null;
  /** Null removes it. */
  setSetting(key: string, value: Json): Written;
}
