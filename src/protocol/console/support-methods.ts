import { z } from 'zod';
import { connectionSchema, noticeSchema } from './rows.ts';

/**
 * A word that the program wrote: a code, a version, an id. Everything in a report for support is a number or such a word, so that no
 * text of a ticket, no name and no secret fits into it: what does not fit keeps the whole report from leaving the core.
 */
const wordSchema = z.string().regex(/^[\w.:+()/-]{1,120}$/u);
const placeSchema = z.string().regex(/^[\w.:<>[\] #-]{1,200}$/u);
const countSchema = z.int().min(0);
const instant = z.int();

export const reportFaultSchema = z.strictObject({
  name: wordSchema,
  code: wordSchema.nullable(),
  at: z.array(placeSchema).max(20),
});
/** A part that could not be looked at says why; the others are told all the same. */
const partOf = <S extends z.ZodRawShape>(shape: S) =>
  z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), ...shape }),
    z.strictObject({ ok: z.literal(false), fault: reportFaultSchema }),
  ]);

const profileKeySchema = z.string().regex(/^[0-9a-f]{4}$/u);

/** How sync stands, profile by profile: of which person is not said. */
const profileStateSchema = z.strictObject({
  /** The first four digits of its folder's name: tells profiles apart, and leads to nobody. */
  profile: profileKeySchema,
  active: z.boolean(),
  sync: partOf({
    connection: connectionSchema.omit({ notices: true }).strict(),
    notices: z.array(noticeSchema.pick({ kind: true, at: true }).strict()),
    sessionAlive: z.boolean(),
    handingIn: z.boolean(),
    locked: z.boolean(),
  }),
  outbox: partOf({
    unanswered: countSchema,
    owed: countSchema,
    refused: countSchema,
    parked: countSchema,
    setAside: countSchema,
    unreadable: countSchema,
    drafts: countSchema,
    lastN: countSchema.nullable(),
  }),
  base: partOf({
    epoch: wordSchema.nullable(),
    cursor: countSchema.nullable(),
    schema: countSchema.nullable(),
    caughtUp: z.boolean(),
    fill: z.strictObject({ entity: wordSchema, done: countSchema, total: countSchema.nullable() }).nullable(),
  }),
});

const fileSchema = z.strictObject({
  /** One of the program's own file names. `other`: all the rest of the folder together. */
  name: wordSchema,
  files: countSchema,
  bytes: countSchema,
  changedAt: instant,
});
const databaseSchema = partOf({
  /** Number of the last migration that it went through. */
  migration: countSchema,
  /** Rows by table; of commands by state as well (`commands:waiting`). */
  rows: z.record(wordSchema, countSchema),
  /** Null where it was not checked. */
  sound: z.boolean().nullable(),
  ms: z.number(),
});

const logLineSchema = z.record(
  wordSchema,
  z.union([z.number(), z.null(), wordSchema, z.array(wordSchema).max(50), z.literal('(left out)'), reportFaultSchema]),
);
export type ReportLogLine = z.infer<typeof logLineSchema>;
export const reportLogLineSchema = logLineSchema;

export const supportStatesSchema = z.strictObject({
  at: instant,
  versions: z.strictObject({ protocol: z.int(), schema: z.int(), contract: z.int() }),
  /** Scheme, host and port of the store; nothing that comes behind. */
  store: wordSchema,
  profiles: z.array(profileStateSchema),
  farewells: countSchema,
});
export const supportFilesSchema = z.strictObject({
  at: instant,
  platform: z.strictObject({
    os: wordSchema,
    release: wordSchema,
    arch: wordSchema,
    node: wordSchema,
    sqlite: wordSchema,
    processors: countSchema,
    memoryBytes: countSchema,
    freeMemoryBytes: countSchema,
    timeZone: wordSchema,
  }),
  process: z.strictObject({
    uptimeMs: countSchema,
    memoryBytes: countSchema,
    /** How long the reader's thread was kept from its work, ms, since it started. */
    loopDelay: z.strictObject({ p50: z.number(), p99: z.number(), max: z.number() }),
  }),
  disk: partOf({ freeBytes: countSchema, totalBytes: countSchema }),
  profiles: z.array(
    z.strictObject({
      profile: profileKeySchema,
      files: z.array(fileSchema),
      outbox: databaseSchema,
      cache: databaseSchema,
    }),
  ),
  logs: z.array(
    z.strictObject({
      component: wordSchema,
      bytes: countSchema,
      /** Lines that are not what this program writes, and older ones for which there was no room. */
      leftOut: countSchema,
      lines: z.array(logLineSchema),
    }),
  ),
});
export type SupportStates = z.infer<typeof supportStatesSchema>;
export type SupportFiles = z.infer<typeof supportFilesSchema>;

const nothing = z.object({});

/** The two halves of a report for support. Each is answered by another thread, so that one that hangs or fails leaves the other. */
export const supportMethods = {
  /** How sync stands, told by the engine. Answered signed in or not, and with the store away. */
  'support.states': { runs: 'act', params: nothing, result: supportStatesSchema },
  /** Files, logs and machine, read anew by the reader. Answered signed in or not, and with damaged files. */
  'support.files': { runs: 'query', params: nothing, result: supportFilesSchema },
} as const;
