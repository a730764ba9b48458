import { z } from 'zod';
import type { NamedFile } from './attachments.ts';
import type { DeskSettings } from './desk-settings.ts';
import type { DirectoryLookup } from './directory.ts';
import type { TicketEvent, TimeQuality } from './events.ts';
import type { Actor } from './permissions.ts';
import { type Refusal, refusalCodes } from './refusals.ts';
import { type ParkedClaim, parkedClaimSchema, type Ticket } from './ticket.ts';
import { type Instant, idSchema, instantSchema } from './vocabulary.ts';

/** Something changed between what the author saw and what the store had: applied all the same, and said. */
export const mergeNoteSchema = z.object({
  code: z
    .enum([
      'alreadySo',
      'statusMoved',
      'assigneeMoved',
      'teamMoved',
      'ticketNotOpen',
      'ticketMerged',
      'valueReplaced',
      'authorOutOfScope',
      'other',
    ])
    // A newer store's: an older console still takes the answer (SY16).
    .catch('other'),
  /** Who set what the command met, and when; null where nobody ever did. */
  by: idSchema.nullable(),
  at: instantSchema.nullable(),
  /** What the command met in `field`. */
  value: z.json(),
  /** Both absent in answers of an older store. */
  field: z.string().optional(),
  /** What the command set or asked for there; absent when it claims nothing of that field. */
  mine: z.json().optional(),
});
export type MergeNote = z.infer<typeof mergeNoteSchema>;
export type Conflict = ParkedClaim['conflicts'][number];

export type Decision =
  | { readonly kind: 'applied'; readonly events: readonly TicketEvent[] }
  | { readonly kind: 'merged'; readonly events: readonly TicketEvent[]; readonly notes: readonly MergeNote[] }
  | { readonly kind: 'parked'; readonly events: readonly TicketEvent[]; readonly conflicts: readonly Conflict[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The part of a decision that is stored and sent back; without the events, which travel as rows. */
export const verdictSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('applied') }),
  z.object({ kind: z.literal('merged'), notes: z.array(mergeNoteSchema) }),
  z.object({ kind: z.literal('parked'), conflicts: parkedClaimSchema.shape.conflicts }),
  z.object({
    kind: z.literal('refused'),
    refusal: z.object({
      // A newer store's code is refused in general words, never unread.
      code: z.enum(refusalCodes).catch('unprocessable'),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  }),
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** Time of an act as the domain sees it: read from the command, never from a clock. */
export interface ActTimes {
  readonly occurredAt: Instant;
  readonly deviceAt: Instant;
  /** Null in the console, the store's receipt at the store. */
  readonly recordedAt: Instant | null;
  readonly timeQuality: TimeQuality;
}

export interface DecideContext {
  readonly commandId: string;
  readonly actor: Actor;
  readonly times: ActTimes;
  readonly directory: DirectoryLookup;
  readonly settings: DeskSettings;
  /** The number that the store would give to a ticket registered now; null in the console. */
  readonly officialNumber: string | null;
  /** Version of the store's ticket under what the author saw (own pending acts not counted); null when unknown. */
  readonly seenVersion: number | null;
  /** Kind of a linked ticket, for `linkProblem`; null when it is not known here. */
  readonly problemExists: (ticketId: string) => boolean;
  /** The ticket that `otherTicketId` names, as it stands; null when it is not known here. */
  readonly otherTicket: (ticketId: string) => Ticket | null;
  /**
   * What another command put on this ticket's timeline under an attachment's id; null when nothing. The store alone knows: at a console, whose
   * own ids are new ones, it is absent.
   */
  readonly attachmentOf?: (attachmentId: string) => NamedFile | null;
  /**
   * Verdict of a store that answered this command before it was restored from an older state (SY14); absent or null for any
   * other command. `decide` then judges a replay: see `decide/replay.ts`.
   */
  readonly former?: Verdict | null;
}

/** The command was accepted before a restore and comes again: what it says happened, whatever the desk knows by now. */
export const isReplay = (ctx: DecideContext): boolean =>
  ctx.former !== undefined && ctx.former !== null && ctx.former.kind !== 'refused';
