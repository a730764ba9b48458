import { z } from 'zod';
import { lineText, longText } from './text.ts';
import {
  channelSchema,
  idSchema,
  instantSchema,
  levelSchema,
  modeSchema,
  pendingReasonSchema,
  priorityLevelSchema,
  remoteToolSchema,
  statusSchema,
  subKindSchema,
  ticketKindSchema,
  tierSchema,
} from './vocabulary.ts';

export const limits = {
  subject: 500,
  description: 200_000,
  note: 200_000,
  reason: 4_000,
  sheet: 20_000,
  quotes: 50,
} as const;

/** Who reports: a person of the directory, or a caller who is in none (R4, R11). */
export const requesterSchema = z.union([
  z.strictObject({ personId: idSchema }),
  z.strictObject({
    unlisted: z.strictObject({
      name: lineText(200),
      unit: lineText(200),
      site: lineText(200),
      extension: lineText(40),
    }),
  }),
]);
export type Requester = z.infer<typeof requesterSchema>;

/** Why the priority is what it is (R19). The first is always the impact-urgency matrix. */
export const priorityReasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('matrix'), impact: levelSchema, urgency: levelSchema, level: priorityLevelSchema }),
  z.object({ kind: z.literal('seniorManagement'), personId: idSchema }),
  z.object({ kind: z.literal('citizenService'), by: z.enum(['service', 'site']), id: idSchema }),
]);
export type PriorityReason = z.infer<typeof priorityReasonSchema>;
export const prioritySchema = z.object({ level: priorityLevelSchema, reasons: z.array(priorityReasonSchema) });
export type Priority = z.infer<typeof prioritySchema>;

/** The handover sheet: what the next tier needs to go on without calling back. */
export const handoverSheetSchema = z.strictObject({
  tried: longText(limits.sheet),
  found: longText(limits.sheet),
  pending: longText(limits.sheet),
  device: longText(limits.sheet),
});
export type HandoverSheet = z.infer<typeof handoverSheetSchema>;

export const handoverSchema = z.object({
  state: z.enum(['offered', 'accepted']),
  commandId: idSchema,
  fromTeamId: idSchema,
  fromTier: tierSchema,
  fromAssigneeId: idSchema.nullable(),
  toTeamId: idSchema,
  toTier: tierSchema,
  toPersonId: idSchema.nullable(),
  sheet: handoverSheetSchema,
  by: idSchema,
  at: instantSchema,
});
export type Handover = z.infer<typeof handoverSchema>;

/** A claim that met another value: kept with its author until a person settles it. */
export const parkedClaimSchema = z.object({
  commandId: idSchema,
  type: z.string(),
  by: idSchema,
  at: instantSchema,
  conflicts: z.array(
    z.object({
      field: z.string(),
      theirs: z.json(),
      mine: z.json(),
      theirsBy: idSchema.nullable(),
      theirsAt: instantSchema.nullable(),
    }),
  ),
});
export type ParkedClaim = z.infer<typeof parkedClaimSchema>;

/** Inputs of the SLA clocks and of the indicators; all on the time of the act. */
export const clocksSchema = z.object({
  registeredAt: instantSchema,
  /** First contact with the requester: call, public note, visit, remote session. */
  firstResponseAt: instantSchema.nullable(),
  pendingSince: instantSchema.nullable(),
  /** Wall-clock milliseconds spent pending or resolved-then-reopened, closed intervals only. */
  pausedMs: z.int().min(0),
  resolvedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  reopenings: z.int().min(0),
  escalations: z.int().min(0),
  returns: z.int().min(0),
  /** R15: resolved while the requester was still on the line. */
  resolvedOnCall: z.boolean(),
});
export type Clocks = z.infer<typeof clocksSchema>;

export const ticketSchema = z.object({
  id: idSchema,
  /** Official, given by the store: MDS-2026-000123. */
  number: z.string().nullable(),
  /** Short code shown until the official number comes; searchable for ever after; not unique. */
  provisionalCode: z.string(),
  kind: ticketKindSchema,
  subKind: subKindSchema.nullable(),
  channel: channelSchema,
  mode: modeSchema.nullable(),
  serviceId: idSchema.nullable(),
  requester: requesterSchema,
  orgUnitId: idSchema.nullable(),
  siteId: idSchema,
  subject: z.string(),
  description: z.string(),
  impact: levelSchema,
  urgency: levelSchema,
  priority: prioritySchema,
  status: statusSchema,
  pendingReason: pendingReasonSchema.nullable(),
  /** Always the tier of the team. */
  tier: tierSchema,
  teamId: idSchema,
  assigneeId: idSchema.nullable(),
  /** Path of escalations, oldest first; a return walks it back. The last is the current one. */
  handovers: z.array(handoverSchema),
  vendorCase: z.string().nullable(),
  problemId: idSchema.nullable(),
  assetId: idSchema.nullable(),
  solution: z.string().nullable(),
  remoteSessions: z.array(
    z.object({
      id: idSchema,
      tool: remoteToolSchema,
      assetId: idSchema.nullable(),
      by: idSchema,
      startedAt: instantSchema,
    }),
  ),
  parked: z.array(parkedClaimSchema),
  clocks: clocksSchema,
  registeredBy: idSchema,
  /**
   * The ticket that this one is a duplicate of: it is `closed`, and counts as no closing of its own. Absent or null: on its own.
   * This and the three below are absent until the first event that sets them, so that documents from before stay what they were.
   */
  mergedInto: idSchema.nullable().optional(),
  /** What `unmerge` restores. */
  beforeMerge: z
    .object({
      status: statusSchema,
      pendingReason: pendingReasonSchema.nullable(),
      pendingSince: instantSchema.nullable(),
      pausedMs: z.int().min(0),
    })
    .nullable()
    .optional(),
  /** The ticket that this one was split from; stays when the split is undone. */
  splitFrom: idSchema.optional(),
  /** True: cancelled back into `splitFrom`, and counts as no ticket of its own. */
  splitUndone: z.boolean().optional(),
  /** Absent until the first file. `waiting`: files that the store does not have yet. */
  attachments: z.object({ count: z.int().min(0), bytes: z.int().min(0), waiting: z.int().min(0) }).optional(),
  /** Author, time and version of the last change of a field: shown beside a conflict, and says what moved since a version. */
  lastChange: z.record(z.string(), z.object({ by: idSchema, at: instantSchema, version: z.int().min(1) })),
  noteCount: z.int().min(0),
  /** Time of the act, then time of the store's receipt (null while only the console knows), of the last event. */
  updatedAt: instantSchema,
  recordedAt: instantSchema.nullable(),
  /** Number of events folded so far: 1 after the first. Never goes back within an epoch (SY8). */
  version: z.int().min(1),
});
export type Ticket = z.infer<typeof ticketSchema>;

/** The current handover, or null for a ticket that was never escalated or came back all the way. */
export const currentHandover = (ticket: Pick<Ticket, 'handovers'>): Handover | null => ticket.handovers.at(-1) ?? null;
export const isMerged = (ticket: Ticket): ticket is Ticket & { mergedInto: string } =>
  ticket.mergedInto !== undefined && ticket.mergedInto !== null;
/** "Por aceptar": the label that derives from the handover. */
export const awaitsAcceptance = (ticket: Pick<Ticket, 'handovers'>): boolean =>
  currentHandover(ticket)?.state === 'offered';
