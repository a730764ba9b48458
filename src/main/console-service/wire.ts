import { z } from 'zod';
import { newsSchema } from '../../protocol/console/client.ts';
import { consoleMethods } from '../../protocol/console/methods.ts';

/**
 * What main and the console's utility process say to each other beside the contract's ports. The service asks main for what
 * only main has: the shell, the keychain, the update's state.
 */
const launchPlanSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('url'), url: z.string(), target: z.string() }),
  z.strictObject({ kind: z.literal('file'), extension: z.literal('rdp'), content: z.string(), target: z.string() }),
]);

/** Each thing that the service may ask of main: what it gives and what it gets. */
export const hostCalls = {
  launch: { gives: launchPlanSchema, gets: z.strictObject({ launched: z.boolean() }) },
  protect: { gives: z.string(), gets: z.string() },
  reveal: { gives: z.string(), gets: z.string().nullable() },
  openExternal: { gives: z.string(), gets: z.boolean() },
  info: { gives: z.null(), gets: consoleMethods['host.info'].result },
} as const;
export type HostCall = keyof typeof hostCalls;
export type Gives<C extends HostCall> = z.infer<(typeof hostCalls)[C]['gives']>;
export type Gets<C extends HostCall> = z.infer<(typeof hostCalls)[C]['gets']>;

/** Main → service. `attach` comes with one port: a line of the contract for the page or for main itself. */
export const toServiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    dataDir: z.string(),
    storeUrl: z.string(),
    locale: z.string(),
    engineEntry: z.string(),
    readerEntry: z.string(),
    pagesEntry: z.string(),
  }),
  z.strictObject({ kind: z.literal('attach'), line: z.enum(['page', 'main']) }),
  z.strictObject({ kind: z.literal('hostAnswer'), id: z.int(), ok: z.boolean(), value: z.unknown() }),
  /** News of the host itself: a ticket to open, an update that is ready. */
  z.strictObject({ kind: z.literal('tell'), news: newsSchema }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type ToService = z.infer<typeof toServiceSchema>;

/** Service → main. */
export const toMainSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started') }),
  /** It ends now. `code` tells an expected refusal (another console, a newer cache, a full disk) from a bug. */
  z.strictObject({ kind: z.literal('failed'), message: z.string(), code: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('hostCall'),
    id: z.int(),
    call: z.enum(['launch', 'protect', 'reveal', 'openExternal', 'info']),
    argument: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('bug'), message: z.string() }),
  z.strictObject({ kind: z.literal('stopped') }),
]);
export type ToMain = z.infer<typeof toMainSchema>;
