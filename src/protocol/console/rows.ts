import { z } from 'zod';
import { verdictSchema } from '../../domain/decision.ts';
import { directorySchemas } from '../../domain/directory.ts';
import { timelineEntrySchema } from '../../domain/events.ts';
import { prioritySchema, ticketSchema } from '../../domain/ticket.ts';
import {
  idSchema,
  instantSchema,
  pendingReasonSchema,
  remoteToolSchema,
  statusSchema,
  ticketKindSchema,
  tierSchema,
} from '../../domain/vocabulary.ts';

/** One line of the queue, flat and named: the screen looks nothing up. */
export const queueRowSchema = z.object({
  id: idSchema,
  number: z.string().nullable(),
  provisionalCode: z.string(),
  subject: z.string(),
  kind: ticketKindSchema,
  requesterName: z.string(),
  orgUnitName: z.string().nullable(),
  siteId: idSchema,
  siteName: z.string(),
  priority: prioritySchema,
  status: statusSchema,
  pendingReason: pendingReasonSchema.nullable(),
  tier: tierSchema,
  teamId: idSchema,
  teamName: z.string(),
  assigneeId: idSchema.nullable(),
  assigneeName: z.string().nullable(),
  awaitsAcceptance: z.boolean(),
  registeredAt: instantSchema,
  updatedAt: instantSchema,
  /** Somebody else changed it since this person last looked. */
  unread: z.boolean(),
  /** Acts of this console that the store has not answered. */
  pendingActs: z.int(),
  refusedActs: z.int(),
  /** Files that it has, at the desk or still with their authors. */
  attachments: z.int(),
});
export type QueueRow = z.infer<typeof queueRowSchema>;

/**
 * A ticket that came to a person by somebody else's act. Whether the person has seen it does not matter: a screen that marks it
 * as seen the moment it comes must not silence what announces it.
 */
export const arrivalSchema = z.object({
  kind: z.enum(['assigned', 'escalated']),
  ticketId: idSchema,
  /** Number of the event that brought it: another one is another arrival. */
  seq: z.int().min(1),
  /** The store's receipt of that event. */
  recordedAt: instantSchema,
  /** Official number, or the provisional code until there is one. */
  code: z.string(),
  subject: z.string(),
});
export type Arrival = z.infer<typeof arrivalSchema>;

export const queueViews = [
  'mine',
  'team',
  'unassigned',
  'toAccept',
  'tier1',
  'tier2',
  'tier3',
  'all',
  'senior',
  'citizen',
  'changed',
] as const;
export const queueViewSchema = z.enum(queueViews);
export type QueueView = z.infer<typeof queueViewSchema>;
export const queueSorts = [
  'priority',
  'registered',
  'updated',
  'number',
  'subject',
  'requester',
  'status',
  'tier',
  'assignee',
  'site',
] as const;
export const queueQuerySchema = z.object({
  view: queueViewSchema,
  status: z.enum(['open', 'pending', 'resolved', 'closed', 'any']),
  siteId: idSchema.nullable(),
  teamId: idSchema.nullable(),
  assigneeId: idSchema.nullable(),
  kind: ticketKindSchema.nullable(),
  tier: tierSchema.nullable(),
  /** Full-text search over number, code, subject, requester and notes; empty: none. */
  text: z.string().max(200),
  sort: z.object({ by: z.enum(queueSorts), dir: z.enum(['asc', 'desc']) }),
  offset: z.int().min(0),
  limit: z.int().min(1).max(200),
});
export type QueueQuery = z.infer<typeof queueQuerySchema>;

export const outboxStates = [
  'waiting',
  'sending',
  'doubtful',
  'held',
  'applied',
  'merged',
  'parked',
  'refused',
] as const;
export const outboxItemSchema = z.object({
  commandId: idSchema,
  ticketId: idSchema,
  ticketCode: z.string(),
  ticketSubject: z.string(),
  type: z.string(),
  /** The content as it was saved: shown, copied and re-applied from here. */
  payload: z.json(),
  createdAt: instantSchema,
  /**
   * `waiting` for the link · `sending` · `doubtful` (the local rebase would refuse it; the store decides) · `held` (newer than
   * the store) · the store's verdicts. `applied` items leave the panel by themselves.
   */
  state: z.enum(outboxStates),
  verdict: verdictSchema.nullable(),
  settledAt: instantSchema.nullable(),
  /** The verdict before the store was restored, where the one after differs; null otherwise. */
  formerVerdict: verdictSchema.nullable(),
  /** Why the local rebase doubts it. */
  doubt: z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
});
export type OutboxItem = z.infer<typeof outboxItemSchema>;

export const shownEntrySchema = timelineEntrySchema.extend({
  /** Null once the store has it. */
  pending: z.enum(['waiting', 'sending', 'doubtful', 'held']).nullable(),
});
export type ShownEntry = z.infer<typeof shownEntrySchema>;

/**
 * A ticket that has to do with the one on the screen. `mergedInto` what it is a duplicate of · `duplicate` merged into it ·
 * `splitFrom` where it came from · `splitOff` made from it · `problem` its cause · `caused` linked to it as their problem.
 */
export const relativeSchema = z.object({
  relation: z.enum(['mergedInto', 'duplicate', 'splitFrom', 'splitOff', 'problem', 'caused']),
  id: idSchema,
  /** Null for a ticket that is not held here (out of scope, or closed long ago). */
  held: z.object({ code: z.string(), subject: z.string(), status: statusSchema, splitUndone: z.boolean() }).nullable(),
});
export type Relative = z.infer<typeof relativeSchema>;

export const ticketViewSchema = z.object({
  ticket: ticketSchema,
  entries: z.array(shownEntrySchema),
  /** Names of every person, team, site, unit and service that the ticket and its entries mention, and codes of tickets, by id. */
  names: z.record(z.string(), z.string()),
  asset: directorySchemas.asset.nullable(),
  requester: directorySchemas.person.nullable(),
  /** Last version this person saw; entries beyond it by others are new. */
  seenVersion: z.int(),
  pendingActs: z.int(),
  refused: z.array(outboxItemSchema),
  /** What it points to first, then what points to it, oldest first; at most 200 of each relation. */
  relatives: z.array(relativeSchema),
  /** Command types that this person may try on this ticket now, by the same rules as the store. */
  allowed: z.array(z.string()),
});
export type TicketView = z.infer<typeof ticketViewSchema>;

/**
 * `scopeChanged`: grants, own teams or role changed, and what is held with them; names in `teamsGained`, `teamsLost`, a new `role` after
 * `roleBefore`, each only where it applies · `storeRestored`: the store went back to an older state (at `restoredAt`, where it
 * says); `replayed` of `owed` acts were handed to it again, `changed` of them with another verdict than before, `renumbered` registers
 * with another official number · `cacheRebuilt`:
 * the local copy was damaged and made anew · `cacheRepaired`: `rows` rows differed from the store's and were mended ·
 * `outboxSalvaged`: the outbox file was damaged; `commands` and `drafts` could be read and were kept, `lost` could not (at least) ·
 * `actTooLarge`: something between here and the store lets no request of this size through; the act `type` on `code` `subject`
 * waits, and what was written after it waits behind it. Goes by itself once it is through · `attachmentHeld`: the store will not have
 * the file `name` of `ticketId` (`code`); it stays here · `attachmentDamaged`: `name` is not whole on this computer any more and the store
 * never had it: to be attached again.
 */
export const noticeSchema = z.object({
  id: z.string(),
  kind: z.enum([
    'scopeChanged',
    'storeRestored',
    'cacheRebuilt',
    'cacheRepaired',
    'outboxSalvaged',
    'actTooLarge',
    'attachmentHeld',
    'attachmentDamaged',
  ]),
  at: instantSchema,
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Notice = z.infer<typeof noticeSchema>;

export const connectionSchema = z.object({
  /** What the pill says. `wedged` names come from the host's HTTP layer, never from an error's text. */
  state: z.enum([
    'signedOut',
    'connecting',
    'filling',
    'catchingUp',
    'online',
    'offline',
    'sessionExpired',
    'deviceRevoked',
    'storeTooOld',
    'consoleTooOld',
    'certificateUntrusted',
    'proxyAuthRequired',
    'reauthLocked',
  ]),
  /** Since when that state holds, device time. */
  since: instantSchema,
  lastContactAt: instantSchema.nullable(),
  /** Next attempt, device time, while offline. */
  nextAttemptAt: instantSchema.nullable(),
  /** Acts not yet answered by the store; refused and parked are apart. */
  pendingActs: z.int(),
  refusedActs: z.int(),
  /** Files that the store does not have yet, those that it refused left out. */
  uploads: z.object({ waiting: z.int(), bytes: z.int() }),
  /** Rows of the first fill: done of total (total null until known). */
  fill: z.object({ done: z.int(), total: z.int().nullable() }).nullable(),
  /** Store time − device time in ms, when it is beyond two minutes; else null. */
  clockSkewMs: z.number().nullable(),
  /** A step that failed for a reason the person must know: disk full, read-only … */
  trouble: z.enum(['diskFull', 'readOnly', 'ioError', 'cacheRebuilt']).nullable(),
  /** What happened to this console and its person should know once; stays until dismissed. Newest first. */
  notices: z.array(noticeSchema),
});
export type Connection = z.infer<typeof connectionSchema>;

export const personHitSchema = directorySchemas.person.extend({
  orgUnitName: z.string().nullable(),
  siteName: z.string().nullable(),
});
export const callerContextSchema = z.object({
  person: directorySchemas.person,
  openTickets: z.array(queueRowSchema),
  devices: z.array(directorySchemas.asset),
});
export const loadRowSchema = z.object({
  personId: idSchema,
  name: z.string(),
  siteName: z.string().nullable(),
  teams: z.array(z.object({ id: idSchema, name: z.string(), tier: tierSchema })),
  open: z.int(),
  pending: z.int(),
  high: z.int(),
  toAccept: z.int(),
  oldestAt: instantSchema.nullable(),
});
export const awaySchema = z.object({
  since: instantSchema.nullable(),
  rows: z.array(
    queueRowSchema.extend({ changes: z.array(timelineEntrySchema), names: z.record(z.string(), z.string()) }),
  ),
});
export const remotePreviewSchema = z.object({
  tool: remoteToolSchema,
  deviceLabel: z.string(),
  personName: z.string(),
  /** What will be started: the host's template with this device, for the person to read. */
  target: z.string(),
});
