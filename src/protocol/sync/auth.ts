import { z } from 'zod';
import { deskSettingsSchema } from '../../domain/desk-settings.ts';
import { scopeGrantSchema } from '../../domain/scope.ts';
import { idSchema, instantSchema, roleSchema, tierSchema } from '../../domain/vocabulary.ts';

/** POST /auth/v1/sign-in. Registers the device on its first use. */
export const signInRequestSchema = z.strictObject({
  user: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
  device: z.strictObject({ id: idSchema.nullable(), name: z.string().max(200) }),
});
export const sessionInfoSchema = z.object({
  deskId: idSchema,
  deskName: z.string(),
  accountId: idSchema,
  user: z.string(),
  personId: idSchema,
  personName: z.string(),
  role: roleSchema,
  deviceId: idSchema,
  /** Prefix of this device's provisional codes. */
  devicePrefix: z.string(),
  teams: z.array(z.object({ id: idSchema, name: z.string(), tier: tierSchema })),
  siteId: idSchema.nullable(),
  siteName: z.string().nullable(),
  grant: scopeGrantSchema,
  scopeVersion: z.string(),
  settings: deskSettingsSchema,
  /** Days that reading goes on with no contact. */
  offlineDays: z.int(),
  mustChangePassword: z.boolean(),
});
export const tokensSchema = z.object({
  accessToken: z.string(),
  accessExpiresAt: instantSchema,
  refreshToken: z.string(),
  serverTime: instantSchema,
  session: sessionInfoSchema,
});
/** POST /auth/v1/refresh. The same request id gets the same successor until that successor is used. */
export const refreshRequestSchema = z.strictObject({ refreshToken: z.string().max(500), requestId: idSchema });
/** POST /auth/v1/password */
export const passwordRequestSchema = z.strictObject({
  current: z.string().max(1000),
  next: z.string().min(10).max(1000),
});
/** POST /auth/v1/sign-out, no body. GET /auth/v1/trial: the trial's accounts; an empty list on any other store. */
export const trialAccountSchema = z.object({
  user: z.string(),
  password: z.string(),
  role: roleSchema,
  tier: tierSchema.nullable(),
  site: z.string(),
  name: z.string(),
});
export const trialResponseSchema = z.object({ accounts: z.array(trialAccountSchema) });

/** Every error body of the store. `code` decides; `message` is for logs. */
export const storeErrorCodes = [
  'badRequest',
  'unauthenticated',
  'badCredentials',
  'tooManyAttempts',
  'sessionRevoked',
  'deviceRevoked',
  'forbidden',
  'notFound',
  'passwordTooWeak',
  'FORK',
  'EPOCH',
  'SCOPE',
  'protocolTooOld',
  'tooLarge',
  'uploadOffset',
  'tooManyUploads',
  'checksumMismatch',
  'storageFull',
  'deskFull',
  'notArrived',
  'busy',
  'unavailable',
  'internal',
] as const;
export const storeErrorSchema = z.object({
  error: z.object({ code: z.enum(storeErrorCodes), message: z.string(), details: z.json().optional() }),
});
export type StoreErrorCode = (typeof storeErrorCodes)[number];
export type StoreErrorBody = z.infer<typeof storeErrorSchema>;
export type SessionInfo = z.infer<typeof sessionInfoSchema>;
export type Tokens = z.infer<typeof tokensSchema>;
export type TrialAccount = z.infer<typeof trialAccountSchema>;
/** Details of a refused refresh with `deviceRevoked`: a token that hands in what was written, and opens nothing else. */
export const handInDetailsSchema = z.object({ accessToken: z.string(), accessExpiresAt: instantSchema });
/** Details of a 409 FORK: what the store has for this incarnation. */
export const forkDetailsSchema = z.object({ lastN: z.int(), lastHash: z.string() });
