import { z } from 'zod';
import { attachmentSchema } from './attachments.ts';
import { handoverSheetSchema, parkedClaimSchema, prioritySchema, requesterSchema } from './ticket.ts';
import {
  channelSchema,
  idSchema,
  instantSchema,
  levelSchema,
  modeSchema,
  pendingReasonSchema,
  remoteOutcomeSchema,
  remoteToolSchema,
  statusSchema,
  subKindSchema,
  ticketKindSchema,
  tierSchema,
} from './vocabulary.ts';

const id = idSchema;
const optionalId = idSchema.nullable();
const statusMove = { status: statusSchema, fromStatus: statusSchema };

/** What happened to a ticket: its timeline and its audit trail. Every move carries where it came from. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('registered'),
    number: z.string().nullable(),
    provisionalCode: z.string(),
    kind: ticketKindSchema,
    subKind: subKindSchema.nullable(),
    channel: channelSchema,
    mode: modeSchema.nullable(),
    serviceId: optionalId,
    requester: requesterSchema,
    orgUnitId: optionalId,
    siteId: id,
    subject: z.string(),
    description: z.string(),
    impact: levelSchema,
    urgency: levelSchema,
    priority: prioritySchema,
    assetId: optionalId,
    teamId: id,
    tier: tierSchema,
    /** Present on imported tickets that began above tier 1; counts as no move. */
    importedAtTier: tierSchema.optional(),
    /** Present on a ticket that was split from another, with the texts that it took along. */
    split: z
      .object({ fromTicketId: id, quotes: z.array(z.object({ entryId: z.string(), text: z.string() })) })
      .optional(),
  }),
  z.object({
    type: z.literal('fieldsChanged'),
    changes: z.array(z.object({ field: z.string(), from: z.json(), to: z.json() })),
    /** Present when the change moved the priority (R19). */
    priority: prioritySchema.optional(),
  }),
  z.object({
    type: z.literal('requesterLinked'),
    from: requesterSchema,
    personId: id,
    priority: prioritySchema.optional(),
  }),
  z.object({ type: z.literal('noteAdded'), visibility: z.enum(['internal', 'public']), text: z.string() }),
  z.object({ type: z.literal('claimed'), assigneeId: id, fromStatus: statusSchema }),
  z.object({ type: z.literal('assigned'), assigneeId: id, fromAssigneeId: optionalId, fromStatus: statusSchema }),
  z.object({
    type: z.literal('reassigned'),
    assigneeId: optionalId,
    fromAssigneeId: optionalId,
    reason: z.string(),
    fromStatus: statusSchema,
  }),
  z.object({
    type: z.literal('transferred'),
    teamId: id,
    fromTeamId: id,
    assigneeId: optionalId,
    fromAssigneeId: optionalId,
    reason: z.string(),
    fromStatus: statusSchema,
  }),
  z.object({
    type: z.literal('escalated'),
    fromTier: tierSchema,
    toTier: tierSchema,
    fromTeamId: id,
    toTeamId: id,
    fromAssigneeId: optionalId,
    toPersonId: optionalId,
    sheet: handoverSheetSchema,
    fromStatus: statusSchema,
  }),
  z.object({ type: z.literal('accepted'), assigneeId: id, teamId: id }),
  z.object({
    type: z.literal('returned'),
    fromTier: tierSchema,
    toTier: tierSchema,
    fromTeamId: id,
    toTeamId: id,
    fromAssigneeId: optionalId,
    assigneeId: optionalId,
    reason: z.string(),
    fromStatus: statusSchema,
  }),
  z.object({ type: z.literal('statusChanged'), ...statusMove, pendingReason: pendingReasonSchema.nullable() }),
  z.object({
    type: z.literal('resolved'),
    solution: z.string(),
    duringCall: z.boolean(),
    assigneeId: optionalId,
    fromStatus: statusSchema,
  }),
  z.object({ type: z.literal('reopened'), reason: z.string(), fromStatus: statusSchema, status: statusSchema }),
  z.object({ type: z.literal('closed'), fromStatus: statusSchema }),
  z.object({ type: z.literal('cancelled'), reason: z.string(), fromStatus: statusSchema }),
  z.object({
    type: z.literal('merged'),
    intoTicketId: id,
    fromStatus: statusSchema,
    fromPendingReason: pendingReasonSchema.nullable(),
  }),
  z.object({
    type: z.literal('unmerged'),
    fromTicketId: id,
    reason: z.string(),
    /** As it was before the merge. */
    status: statusSchema,
    pendingReason: pendingReasonSchema.nullable(),
  }),
  z.object({ type: z.literal('splitUndone'), intoTicketId: id, reason: z.string(), fromStatus: statusSchema }),
  z.object({
    type: z.literal('remoteSessionStarted'),
    sessionId: id,
    tool: remoteToolSchema,
    assetId: optionalId,
    target: z.string(),
    consent: z.enum(['verbal', 'written', 'unattended']),
  }),
  z.object({ type: z.literal('remoteSessionEnded'), sessionId: id, outcome: remoteOutcomeSchema, note: z.string() }),
  z.object({
    type: z.literal('visitRecorded'),
    arrivedAt: instantSchema,
    leftAt: instantSchema.nullable(),
    text: z.string(),
  }),
  z.object({ type: z.literal('attachmentAdded'), ...attachmentSchema.shape }),
  /** The store has the whole file and it is what was said. Comes under the command that added it, when the file came. */
  z.object({ type: z.literal('attachmentArrived'), attachmentId: id }),
  z.object({ type: z.literal('claimParked'), claim: parkedClaimSchema }),
  z.object({ type: z.literal('parkedSettled'), commandId: id, note: z.string() }),
]);
export type TicketEvent = z.infer<typeof eventSchema>;
export type TicketEventType = TicketEvent['type'];
export type EventOf<T extends TicketEventType> = Extract<TicketEvent, { type: T }>;

/** How far the device's clock can be believed: `good` within 2 minutes of the store's, `skewed` beyond, `unknown` with no offset. */
export const timeQualitySchema = z.enum(['good', 'skewed', 'unknown']);
export type TimeQuality = z.infer<typeof timeQualitySchema>;

/** One event with who, when and by which command. `id` is `<commandId>-<index>`: the console and the store make the same. */
export const timelineEntrySchema = z.object({
  id: z.string(),
  ticketId: idSchema,
  /** 1 for the first event of a ticket; store order. */
  seq: z.int().min(1),
  commandId: idSchema,
  actorId: idSchema,
  /** The program that submitted it on the actor's behalf, if any. */
  submitterId: optionalId,
  /** Time of the act, never after `recordedAt`. */
  occurredAt: instantSchema,
  /** The store's receipt; null while only the console knows it. */
  recordedAt: instantSchema.nullable(),
  /** What the device's own clock said. */
  deviceAt: instantSchema,
  timeQuality: timeQualitySchema,
  /** A fact of an author who had no right to the ticket: kept, flagged. */
  outOfScope: z.boolean(),
  event: eventSchema,
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;
