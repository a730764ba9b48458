import { z } from 'zod';
import { scopeGrantSchema } from '../domain/scope.ts';
import { instantSchema, roleSchema } from '../domain/vocabulary.ts';
import { preferencesSchema } from '../protocol/console/methods.ts';
import { noticeSchema } from '../protocol/console/rows.ts';
import { sessionInfoSchema } from '../protocol/sync/auth.ts';
import { ok, type Result } from '../shared/result.ts';
import { sameJson } from '../shared/same-json.ts';
import type { Json, OutboxPort } from './ports/outbox.ts';
import type { StorageFailure } from './ports/storage-failure.ts';

/** Small values of a profile, kept in its outbox file. A value that does not match its schema any more reads as absent. */
const settingSchemas = {
  session: sessionInfoSchema,
  /** Refresh token as sealed by the secrets port. */
  sealedRefresh: z.string(),
  /** Id of a refresh that was sent and whose answer was not kept yet: asked again with the same id. */
  refreshRequest: z.string(),
  /** The store ended the session; only a sign-in goes on. */
  expired: z.boolean(),
  profile: z.object({ active: z.boolean(), lastUsedAt: instantSchema }),
  preferences: preferencesSchema,
  /** The last contact, in store time, device time and monotonic time of a boot. */
  contact: z.object({ storeAt: z.number(), deviceAt: z.number(), monotonicMs: z.number(), bootId: z.string() }),
  /** How long the machine was surely up since that contact, and the boot and reading at which that was noted. */
  lived: z.object({ ms: z.number(), monotonicMs: z.number(), bootId: z.string() }),
  /** What the person should know once; newest first. */
  notices: z.array(noticeSchema),
  /** What the last check of digests found: rows mended, and whether a fill was made since the last check that found nothing. */
  digest: z.object({ mended: z.array(z.string()), refilled: z.boolean() }),
  /** Set while a revoked device hands in what it holds: how many acts were unsent when the store said so. */
  wipe: z.object({ since: instantSchema, unsent: z.int() }),
  /** The outbox was damaged and what could be read of it carried over: the chain is to be made anew, and the person told. */
  salvaged: z.object({ commands: z.int(), drafts: z.int(), lost: z.int() }),
  /** Epoch of the store that the person knows of: another one means that it was restored. */
  toldEpoch: z.string(),
  /** Epoch in which the marks of what was seen are numbers. */
  seenEpoch: z.string(),
  /** The rights that the person was last told of. */
  toldScope: z.object({
    version: z.string(),
    role: roleSchema,
    teams: z.array(z.object({ id: z.string(), name: z.string() })),
    /** Absent in files of an older app. */
    grant: scopeGrantSchema.optional(),
  }),
} as const;
export type SettingKey = keyof typeof settingSchemas;
export type Setting<K extends SettingKey> = z.infer<(typeof settingSchemas)[K]>;

export function readSetting<K extends SettingKey>(outbox: OutboxPort, key: K): Setting<K> | null {
  const kept = outbox.setting(key);
  if (kept === null) return null;
  const parsed = settingSchemas[key].safeParse(kept);
  // The schema was chosen by `key`, which TypeScript cannot follow through the indexed access.
  return parsed.success ? (parsed.data as Setting<K>) : null;
}

/** Writes only what changed: many of these are set at every contact. */
export function writeSetting<K extends SettingKey>(
  outbox: OutboxPort,
  key: K,
  value: (Setting<K> & Json) | null,
): Result<null, StorageFailure> {
  return sameJson(outbox.setting(key), value) ? ok(null) : outbox.setSetting(key, value);
}
