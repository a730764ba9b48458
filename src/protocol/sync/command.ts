import { z } from 'zod';
import { verdictSchema } from '../../domain/decision.ts';
import { idSchema, instantSchema } from '../../domain/vocabulary.ts';

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
/** `prevHash` of the first command of an incarnation. */
export const CHAIN_START = '0'.repeat(64);

/** Stored as text with its effects, in one transaction, and replayed byte for byte (SY2, SY11). */
export const outcomeSchema = z.object({
  commandId: idSchema,
  ticketId: idSchema,
  verdict: verdictSchema,
  /** Version of the ticket after the command; null when there is no such ticket. */
  ticketVersion: z.int().nullable(),
  /** Official number, on a register. */
  number: z.string().nullable(),
  recordedAt: instantSchema,
});
export type Outcome = z.infer<typeof outcomeSchema>;

/**
 * A command as it travels. The envelope is strict; `type` and `payload` are judged one command at a time, so that a
 * bad one is refused with its content and the rest of the batch goes on.
 */
export const wireCommandSchema = z.strictObject({
  id: idSchema,
  /** Registered device, its incarnation (a clone takes a new one) and the command's place in it: 1, 2, 3 … */
  deviceId: idSchema,
  incarnation: idSchema,
  n: z.int().min(1),
  /** SHA-256 of the predecessor's `commandHashInput`; CHAIN_START for n = 1. */
  prevHash: hashSchema,
  commandVersion: z.int().min(1),
  ticketId: idSchema,
  time: z.strictObject({
    /** What the device's clock said. */
    deviceAt: instantSchema,
    bootId: z.string().max(64),
    /** Milliseconds of a clock that never goes back, since boot. */
    monotonicMs: z.number().min(0),
    /** Store time − device time at the last contact, in ms; null before the first. */
    lastOffset: z.number().nullable(),
  }),
  /** Version of the base ticket (the store's, own pending acts not counted) under the author's screen; null when unknown. */
  seenVersion: z.int().min(0).nullable(),
  /** Set by a service principal with `actOnBehalf`: the person who acted, and when by the source's own clock. */
  onBehalf: z.strictObject({ personId: idSchema, occurredAt: instantSchema }).nullable(),
  type: z.string().max(64),
  payload: z.unknown(),
  /**
   * Present on a command that a store answered before it was restored from an older state (SY14): that answer, and the epoch
   * in which it was given. Not part of the hash: the chain stays what it was.
   */
  former: z.strictObject({ epoch: idSchema, outcome: outcomeSchema }).optional(),
});
export type WireCommand = z.infer<typeof wireCommandSchema>;

/** The exact text that is hashed. A JSON array: its order is fixed, and JSON.parse keeps the payload's key order. */
export const commandHashInput = (c: WireCommand): string =>
  JSON.stringify([
    c.id,
    c.deviceId,
    c.incarnation,
    c.n,
    c.prevHash,
    c.commandVersion,
    c.ticketId,
    [c.time.deviceAt, c.time.bootId, c.time.monotonicMs, c.time.lastOffset],
    c.seenVersion,
    c.onBehalf === null ? null : [c.onBehalf.personId, c.onBehalf.occurredAt],
    c.type,
    c.payload,
  ]);
