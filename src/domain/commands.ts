import { z } from 'zod';
import { attachmentSchema } from './attachments.ts';
import { lineText, longText } from './text.ts';
import { handoverSheetSchema, limits, requesterSchema } from './ticket.ts';
import {
  channelSchema,
  idSchema,
  instantSchema,
  levelSchema,
  modeSchema,
  pendingReasonSchema,
  remoteOutcomeSchema,
  remoteToolSchema,
  subKindSchema,
  ticketKindSchema,
  tierSchema,
} from './vocabulary.ts';

/** `{from, to}`: applied if the current value is either, else parked with both. */
const change = <S extends z.ZodType>(value: S) => z.strictObject({ from: value, to: value });
const required = (schema: z.ZodString, code: string) =>
  schema.refine((text) => text.trim().length > 0, { error: code });

/** Version of the command vocabulary this code writes and understands. Raise it with every new type or field. */
export const COMMAND_VERSION = 3;

/** What a new ticket says of itself, however it comes to be. */
const newTicket = {
  provisionalCode: lineText(16),
  kind: ticketKindSchema,
  subKind: subKindSchema.nullable(),
  channel: channelSchema,
  mode: modeSchema.nullable(),
  serviceId: idSchema.nullable(),
  requester: requesterSchema,
  orgUnitId: idSchema.nullable(),
  siteId: idSchema,
  subject: required(lineText(limits.subject), 'subjectRequired'),
  description: longText(limits.description),
  impact: levelSchema,
  urgency: levelSchema,
  assetId: idSchema.nullable(),
};

export const commandSchemas = {
  register: z.strictObject({
    ...newTicket,
    /** Null: the entry team of tier 1 (R14). */
    teamId: idSchema.nullable(),
    /** Only with the import permission: the event says `importedAtTier`, which is no move. */
    initialTier: tierSchema.nullable(),
  }),
  editFields: z.strictObject({
    changes: z
      .strictObject({
        subject: change(lineText(limits.subject)).optional(),
        description: change(longText(limits.description)).optional(),
        impact: change(levelSchema).optional(),
        urgency: change(levelSchema).optional(),
        serviceId: change(idSchema.nullable()).optional(),
        siteId: change(idSchema).optional(),
        orgUnitId: change(idSchema.nullable()).optional(),
        channel: change(channelSchema).optional(),
      })
      .refine((fields) => Object.keys(fields).length > 0, { error: 'nothingToChange' }),
  }),
  reclassify: z.strictObject({
    kind: change(ticketKindSchema),
    subKind: change(subKindSchema.nullable()),
  }),
  changeMode: z.strictObject({ mode: change(modeSchema.nullable()) }),
  setAsset: z.strictObject({ assetId: change(idSchema.nullable()) }),
  setVendorCase: z.strictObject({ vendorCase: change(lineText(200).nullable()) }),
  linkProblem: z.strictObject({ problemId: change(idSchema.nullable()) }),
  linkRequester: z.strictObject({ personId: idSchema }),
  addNote: z.strictObject({
    visibility: z.enum(['internal', 'public']),
    text: required(longText(limits.note), 'noteEmpty'),
  }),
  claim: z.strictObject({}),
  assign: z.strictObject({ toPersonId: idSchema }),
  reassign: z.strictObject({
    fromPersonId: idSchema.nullable(),
    toPersonId: idSchema.nullable(),
    reason: longText(limits.reason),
  }),
  transfer: z.strictObject({ toTeamId: idSchema, toPersonId: idSchema.nullable(), reason: longText(limits.reason) }),
  escalate: z.strictObject({
    toTeamId: idSchema,
    toPersonId: idSchema.nullable(),
    sheet: handoverSheetSchema,
  }),
  accept: z.strictObject({}),
  return: z.strictObject({
    reason: required(longText(limits.reason), 'reasonRequired'),
    /** Null: back along the last escalation. A team of a lower tier where there is none. */
    toTeamId: idSchema.nullable(),
  }),
  changeStatus: z.strictObject({
    from: z.enum(['new', 'assigned', 'inProgress', 'pending']),
    to: z.enum(['assigned', 'inProgress', 'pending']),
    pendingReason: pendingReasonSchema.nullable(),
  }),
  resolve: z.strictObject({
    solution: required(longText(limits.description), 'solutionRequired'),
    /** R15: answered at once, the requester still on the line. */
    duringCall: z.boolean(),
  }),
  reopen: z.strictObject({ reason: required(longText(limits.reason), 'reasonRequired') }),
  close: z.strictObject({}),
  cancel: z.strictObject({ reason: required(longText(limits.reason), 'reasonRequired') }),
  /** On the duplicate: it closes as part of another, which nothing is written on. */
  merge: z.strictObject({ intoTicketId: idSchema }),
  /** Names the ticket that the author saw it merged into. */
  unmerge: z.strictObject({ fromTicketId: idSchema, reason: longText(limits.reason) }),
  /** Makes a new ticket of texts of another, which nothing is written on. */
  split: z.strictObject({
    ...newTicket,
    fromTicketId: idSchema,
    quotes: z.array(z.strictObject({ entryId: z.string().max(64), text: longText(limits.note) })).max(limits.quotes),
  }),
  undoSplit: z.strictObject({ reason: required(longText(limits.reason), 'reasonRequired') }),
  startRemoteSession: z.strictObject({
    sessionId: idSchema,
    tool: remoteToolSchema,
    assetId: idSchema.nullable(),
    /** What was launched, as the technician saw it: host name or remote id, never a URL. */
    target: lineText(253),
    consent: z.enum(['verbal', 'written', 'unattended']),
  }),
  endRemoteSession: z.strictObject({ sessionId: idSchema, outcome: remoteOutcomeSchema, note: longText(limits.note) }),
  recordVisit: z.strictObject({
    arrivedAt: instantSchema,
    leftAt: instantSchema.nullable(),
    text: longText(limits.note),
  }),
  /** The file itself is with the author's console until the store has it: the ticket waits for none of it. */
  addAttachment: attachmentSchema,
  /** Takes a parked claim off the ticket once a person has decided; re-applying it is a new command of theirs. */
  settleParked: z.strictObject({ commandId: idSchema, note: longText(limits.reason) }),
} as const;

export type CommandType = keyof typeof commandSchemas;
export type CommandPayloads = { [T in CommandType]: z.infer<(typeof commandSchemas)[T]> };
/** `{ type, payload }`, discriminated by type. */
export type Command = { [T in CommandType]: { readonly type: T; readonly payload: CommandPayloads[T] } }[CommandType];
export const commandTypes = Object.keys(commandSchemas) as CommandType[];
export const isCommandType = (type: string): type is CommandType => Object.hasOwn(commandSchemas, type);

/** Facts happened: they merge whatever changed meanwhile. Everything else claims shared state. */
export const factTypes = [
  'register',
  'split',
  'addNote',
  'startRemoteSession',
  'endRemoteSession',
  'recordVisit',
  'addAttachment',
] as const satisfies readonly CommandType[];
export type FactType = (typeof factTypes)[number];
/** Claims: they need the right and the state of the moment in which they are decided. */
export type ClaimCommand = Exclude<Command, { type: FactType }>;
/** Types whose ticket does not exist before: the store gives it a number. */
export const makesTicket = (type: string): boolean => type === 'register' || type === 'split';

/** Version of the vocabulary that a type came with: an older store holds back only what it cannot know (SY16). */
const since: Partial<Record<CommandType, number>> = { merge: 2, unmerge: 2, split: 2, undoSplit: 2, addAttachment: 3 };
export const commandVersionOf = (type: CommandType): number => since[type] ?? 1;

/** The other ticket that a command depends on: the caller of `decide` has it at hand, locked at the store. Reads any payload. */
export function otherTicketId(type: string, payload: unknown): string | null {
  const key = type === 'merge' ? 'intoTicketId' : type === 'split' ? 'fromTicketId' : null;
  if (key === null || typeof payload !== 'object' || payload === null) return null;
  const id = idSchema.safeParse(Object.entries(payload).find(([name]) => name === key)?.[1]);
  return id.success ? id.data : null;
}

export const isFact = (type: CommandType): type is FactType => (factTypes as readonly CommandType[]).includes(type);
export const isClaim = (command: Command): command is ClaimCommand => !isFact(command.type);
