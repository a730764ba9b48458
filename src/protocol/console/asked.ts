import { z } from 'zod';
import { refusalCodes } from '../../domain/refusals.ts';
import { idSchema } from '../../domain/vocabulary.ts';

/**
 * Whose screen asks: the person of the session that it shows. Another person at the console answers `personChanged` and writes
 * nothing, so that a window that has not heard of it yet writes nothing in somebody else's name.
 */
export const asked = { personId: idSchema.optional() };

/** Why a rule of the desk says no, before anything was written. */
export const refusalSchema = z.object({
  code: z.enum(refusalCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
