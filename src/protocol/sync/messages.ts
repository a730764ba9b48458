import { z } from 'zod';
import { directorySchemas } from '../../domain/directory.ts';
import { timelineEntrySchema } from '../../domain/events.ts';
import { ticketSchema } from '../../domain/ticket.ts';
import { idSchema, instantSchema } from '../../domain/vocabulary.ts';
import { hashSchema, outcomeSchema, wireCommandSchema } from './command.ts';

export const PUSH_MAX_COMMANDS = 500;
export const PUSH_MAX_BYTES = 1_000_000;
export const NDJSON = 'application/x-ndjson';

/** POST /sync/v1/hello. The device comes from the token; a body never names a privilege. */
export const helloRequestSchema = z.strictObject({
  protocol: z.int(),
  schema: z.int(),
  incarnation: idSchema,
  /** Last command that this incarnation wrote (0: none) and its hash. */
  lastN: z.int().min(0),
  /** Where the cache stands, and the hash of the store's log there; null before the first fill. */
  cursor: z.int().min(0).nullable(),
  logHash: hashSchema.nullable(),
});
export const helloResponseSchema = z.object({
  protocol: z.int(),
  minProtocol: z.int(),
  schema: z.int(),
  deskId: idSchema,
  deskName: z.string(),
  epoch: idSchema,
  /** False: the log at `cursor` is not the one that the console knew; refill. */
  cursorKnown: z.boolean(),
  head: z.int(),
  /** Every change up to here is durable at the store. */
  durable: z.int(),
  /** Last n of this incarnation that the store has. */
  lastN: z.int(),
  serverTime: instantSchema,
  /** Changes when the person's sites, teams or role change; a console with another one refills (SY7). */
  scopeVersion: z.string(),
});

/** POST /sync/v1/push. Answer 200: outcomes in the order of the commands, up to the first that was held back. */
export const pushRequestSchema = z.strictObject({
  protocol: z.int(),
  commands: z.array(wireCommandSchema).min(1).max(PUSH_MAX_COMMANDS),
});
export const pushResultSchema = z.object({
  /** True when the outcome was stored by an earlier push; stands outside the outcome's bytes. */
  replayed: z.boolean(),
  outcome: outcomeSchema,
});
export const pushResponseSchema = z.object({
  results: z.array(pushResultSchema),
  /** The queue stops here: this command is newer than the store. Nothing is lost; the console holds and says so. */
  held: z.object({ commandId: idSchema, code: z.literal('storeTooOld') }).nullable(),
  serverTime: instantSchema,
  head: z.int(),
});

/** POST /sync/v1/pull → NDJSON of pullLine. A store transaction is never split over two pulls. */
export const pullRequestSchema = z.strictObject({
  protocol: z.int(),
  epoch: idSchema,
  cursor: z.int().min(0),
  scopeVersion: z.string(),
  /** Transactions stop being added once this many lines are out. */
  limit: z.int().min(1).max(20_000),
});

/** POST /sync/v1/snapshot → NDJSON. Pages read current rows by key; `pin` of the first page is where the pull goes on. */
export const snapshotEntities = [
  'site',
  'orgUnit',
  'service',
  'team',
  'person',
  'membership',
  'asset',
  'ticket',
  'entry',
] as const;
export const snapshotEntitySchema = z.enum(snapshotEntities);
export type SnapshotEntity = z.infer<typeof snapshotEntitySchema>;
export const snapshotRequestSchema = z.strictObject({
  protocol: z.int(),
  entity: snapshotEntitySchema,
  /** Opaque key of the last row of the previous page; null for the first. */
  after: z.string().max(200).nullable(),
  scopeVersion: z.string(),
  limit: z.int().min(1).max(20_000),
});

const upsert = <E extends string, S extends z.ZodType>(entity: E, row: S) =>
  z.object({ t: z.literal('up'), e: z.literal(entity), row });
export const upsertLineSchema = z.discriminatedUnion('e', [
  upsert('ticket', ticketSchema),
  upsert('entry', timelineEntrySchema),
  upsert('site', directorySchemas.site),
  upsert('orgUnit', directorySchemas.orgUnit),
  upsert('person', directorySchemas.person),
  upsert('team', directorySchemas.team),
  upsert('membership', directorySchemas.membership),
  upsert('service', directorySchemas.service),
  upsert('asset', directorySchemas.asset),
]);
export const removeLineSchema = z.object({
  t: z.literal('rm'),
  e: z.literal('ticket'),
  id: idSchema,
  /** `deleted` at the store, or out of the person's `scope`, or out of the `window` of closed tickets. */
  why: z.enum(['deleted', 'scope', 'window']),
});
/** End of one store transaction: everything since the last boundary becomes visible at once (SY6). */
export const boundaryLineSchema = z.object({ t: z.literal('tx'), seq: z.int() });
export const pullEndLineSchema = z.object({
  t: z.literal('end'),
  cursor: z.int(),
  more: z.boolean(),
  logHash: hashSchema,
  scopeVersion: z.string(),
});
export const snapshotPinLineSchema = z.object({
  t: z.literal('pin'),
  epoch: idSchema,
  seq: z.int(),
  logHash: hashSchema,
  total: z.int().nullable(),
});
export const snapshotEndLineSchema = z.object({ t: z.literal('end'), after: z.string().nullable(), rows: z.int() });

/** GET /sync/v1/poke, as SSE (`event: news`, `event: beat`) or with `?wait=head` as a long poll answering pokeResponse. */
export const POKE_HEARTBEAT_MS = 10_000;
export const POKE_LONG_POLL_MS = 25_000;
export const pokeResponseSchema = z.object({ news: z.boolean(), head: z.int() });

export type HelloRequest = z.infer<typeof helloRequestSchema>;
export type HelloResponse = z.infer<typeof helloResponseSchema>;
export type PushRequest = z.infer<typeof pushRequestSchema>;
export type PushResponse = z.infer<typeof pushResponseSchema>;
export type PullRequest = z.infer<typeof pullRequestSchema>;
export type SnapshotRequest = z.infer<typeof snapshotRequestSchema>;
export type UpsertLine = z.infer<typeof upsertLineSchema>;
export type RemoveLine = z.infer<typeof removeLineSchema>;
export type PullEndLine = z.infer<typeof pullEndLineSchema>;
export type SnapshotPinLine = z.infer<typeof snapshotPinLineSchema>;
export type SnapshotEndLine = z.infer<typeof snapshotEndLineSchema>;
