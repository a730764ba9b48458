import { z } from 'zod';
import { directorySchemas } from '../../domain/directory.ts';
import { timelineEntrySchema } from '../../domain/events.ts';
import { ticketSchema } from '../../domain/ticket.ts';
import { idSchema, instantSchema } from '../../domain/vocabulary.ts';
import { hashSchema, outcomeSchema, wireCommandSchema } from './command.ts';

export const PUSH_MAX_COMMANDS = 500;
export const PUSH_MAX_BYTES = 1_000_000;
export const NDJSON = 'application/x-ndjson';

/**
 * A place in the store's log that only the store can have made: `seal` is its keyed hash over epoch, seq and hash. A sealed
 * place that the store's log does not have proves that the store was restored from an older state (SY14).
 */
export const logMarkSchema = z.strictObject({
  epoch: idSchema,
  seq: z.int().min(0),
  hash: hashSchema,
  seal: hashSchema,
});
export type LogMark = z.infer<typeof logMarkSchema>;

/** POST /sync/v1/hello. Read loosely, so that a later console can still be told what to do (SY16). The device comes from the token; a body never names a privilege. */
export const helloRequestSchema = z.object({
  protocol: z.int(),
  schema: z.int(),
  incarnation: idSchema,
  /** Last command that this incarnation wrote (0: none) and its hash. */
  lastN: z.int().min(0),
  /** Where the cache stands, and the hash of the store's log there; null before the first fill. */
  cursor: z.int().min(0).nullable(),
  logHash: hashSchema.nullable(),
  /** The furthest places of the log that the store told this console: with its last pull, with a page of a fill or its last answer to a push. */
  marks: z.array(logMarkSchema).max(8).default([]),
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
  /** When this epoch began by a restore; null when the store never was restored. */
  restoredAt: instantSchema.nullable(),
});

/** POST /sync/v1/push. Answer 200: outcomes in the order of the commands, up to the first that was held back. */
export const pushRequestSchema = z.strictObject({
  protocol: z.int(),
  /** Epoch of the last hello: another one at the store answers 409 EPOCH, and nothing is applied. */
  epoch: idSchema.optional(),
  /** The furthest place that an answer to a push told: a log of this epoch that does not have it answers 409 EPOCH too. */
  mark: logMarkSchema.optional(),
  /** The sender's monotonic clock as it sends: acts of the same boot are dated by it, however wrong the wall clock was. */
  clock: z.strictObject({ bootId: z.string().max(64), monotonicMs: z.number().min(0) }).optional(),
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
  /** Sealed place of `head`: every effect of this answer is at or before it. Null for a revoked device. */
  mark: logMarkSchema.nullable().default(null),
});

/** POST /sync/v1/pull → NDJSON of pullLine. A store transaction is never split over two pulls. */
export const pullRequestSchema = z.strictObject({
  protocol: z.int(),
  epoch: idSchema,
  cursor: z.int().min(0),
  /** Hash of the log at the cursor, as this console knows it: another one answers 409 EPOCH. Absent from an old console. */
  logHash: hashSchema.optional(),
  /** The furthest place beyond the cursor that this console was told: a log of this epoch that does not have it answers 409 EPOCH too. */
  mark: logMarkSchema.optional(),
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
  /** Makes of epoch, `cursor` and `logHash` a log mark. */
  seal: hashSchema,
  scopeVersion: z.string(),
});
export const snapshotPinLineSchema = z.object({
  t: z.literal('pin'),
  epoch: idSchema,
  seq: z.int(),
  logHash: hashSchema,
  seal: hashSchema,
  total: z.int().nullable(),
});
export const snapshotEndLineSchema = z.object({
  t: z.literal('end'),
  after: z.string().nullable(),
  rows: z.int(),
  /** Read after the rows: no row of this page is from beyond it. */
  mark: logMarkSchema,
});

/**
 * Digests (SY4). A row's digest is the first 16 hex digits of the SHA-256 of its exact text; that of a ticket is the XOR of its
 * own text's and those of all its entries' texts. A ticket's bucket is the last byte of its id (last two hex digits).
 * A bucket's digest is the XOR over its tickets, in 16 hex digits.
 */
const digestSchema = z.string().regex(/^[0-9a-f]{16}$/);
const bucketSchema = z.int().min(0).max(255);
export const directoryEntitySchema = z.enum(['site', 'orgUnit', 'service', 'team', 'person', 'membership', 'asset']);
const standingSchema = {
  protocol: z.int(),
  epoch: idSchema,
  cursor: z.int().min(0),
  /** As in a pull; absent where no cursor is meant. */
  logHash: hashSchema.optional(),
  scopeVersion: z.string(),
};

/** POST /sync/v1/digest: what the console should hold at its cursor. 409 EPOCH or SCOPE as in a pull. */
export const digestRequestSchema = z.strictObject(standingSchema);
const tallySchema = { n: z.int(), x: digestSchema };
export const digestResponseSchema = z.object({
  /** Buckets with at least one visible ticket. */
  buckets: z.array(z.object({ b: bucketSchema, ...tallySchema })),
  /** Buckets and entities in which something changed after the cursor: their digests are not to be compared now. */
  moving: z.array(bucketSchema),
  directory: z.array(z.object({ e: directoryEntitySchema, ...tallySchema })),
  movingDirectory: z.array(directoryEntitySchema),
});
/** POST /sync/v1/digest/rows: the rows of buckets and entities that differ, one by one. */
export const DIGEST_MAX_BUCKETS = 32;
export const digestRowsRequestSchema = z.strictObject({
  ...standingSchema,
  buckets: z.array(bucketSchema).max(DIGEST_MAX_BUCKETS),
  directory: z.array(directoryEntitySchema),
});
const rowKeySchema = { e: z.enum(['ticket', ...directoryEntitySchema.options]), id: idSchema };
export const digestRowsResponseSchema = z.object({
  rows: z.array(z.object({ ...rowKeySchema, x: digestSchema })),
  /** As above, of those asked for: leave them for the next time. */
  moving: z.array(bucketSchema),
  movingDirectory: z.array(directoryEntitySchema),
});
/**
 * POST /sync/v1/rows → NDJSON of `up` lines (a ticket is followed by all its entries) and one `end`. Rows that the person may not
 * see are left out in silence. With a cursor: of those that changed after it and those outside the window of closed tickets too
 * (repair); with null: as they are now (a closed ticket opened online).
 */
export const ROWS_MAX = 500;
export const rowsRequestSchema = z.strictObject({
  ...standingSchema,
  cursor: z.int().min(0).nullable(),
  rows: z.array(z.object(rowKeySchema)).min(1).max(ROWS_MAX),
});
export const rowsEndLineSchema = z.object({ t: z.literal('end'), rows: z.int() });

/** POST /sync/v1/search: tickets that the person may see and whose console no longer holds them (closed before the window). */
export const searchRequestSchema = z.strictObject({
  protocol: z.int(),
  text: z.string().min(1).max(200),
  limit: z.int().min(1).max(50),
});
export const searchResponseSchema = z.object({
  /** Newest closing first. */
  tickets: z.array(ticketSchema),
  more: z.boolean(),
  closedWindowDays: z.int().nullable(),
});

/** POST /sync/v1/wiped, by a revoked device: everything was handed in and its files are gone, or `left` commands could not be. */
export const wipedRequestSchema = z.strictObject({ protocol: z.int(), handedIn: z.int().min(0), left: z.int().min(0) });

/**
 * Where the log ends: all that a poke says. A console whose base stands elsewhere, in another epoch or at the same number of another
 * history pulls. A store of protocol 1 says the number alone.
 */
export const pokeFrameSchema = z.object({ head: z.int(), hash: z.string().optional(), epoch: idSchema.optional() });
/**
 * GET /sync/v1/poke, as SSE (`event: news`, `event: beat`, data: a pokeFrame) or with `?wait=<place>` or `?wait=head` as a long poll
 * answering pokeResponse.
 */
export const POKE_HEARTBEAT_MS = 10_000;
export const POKE_LONG_POLL_MS = 25_000;
export const pokeResponseSchema = pokeFrameSchema.extend({ news: z.boolean() });

export type PokeFrame = z.infer<typeof pokeFrameSchema>;
export type PokeResponse = z.infer<typeof pokeResponseSchema>;
export type HelloRequest = z.infer<typeof helloRequestSchema>;
export type HelloResponse = z.infer<typeof helloResponseSchema>;
export type PushRequest = z.infer<typeof pushRequestSchema>;
export type PushResponse = z.infer<typeof pushResponseSchema>;
export type PullRequest = z.infer<typeof pullRequestSchema>;
export type SnapshotRequest = z.infer<typeof snapshotRequestSchema>;
export type DigestRequest = z.infer<typeof digestRequestSchema>;
export type DigestResponse = z.infer<typeof digestResponseSchema>;
export type DigestRowsRequest = z.infer<typeof digestRowsRequestSchema>;
export type DigestRowsResponse = z.infer<typeof digestRowsResponseSchema>;
export type RowsRequest = z.infer<typeof rowsRequestSchema>;
export type SearchRequest = z.infer<typeof searchRequestSchema>;
export type SearchResponse = z.infer<typeof searchResponseSchema>;
export type WipedRequest = z.infer<typeof wipedRequestSchema>;
export type UpsertLine = z.infer<typeof upsertLineSchema>;
export type RemoveLine = z.infer<typeof removeLineSchema>;
export type PullEndLine = z.infer<typeof pullEndLineSchema>;
export type SnapshotPinLine = z.infer<typeof snapshotPinLineSchema>;
export type SnapshotEndLine = z.infer<typeof snapshotEndLineSchema>;
