import { z } from 'zod';
import type { Result } from '../../shared/result.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from './methods.ts';

/** Codes of a call that failed. Words for the person are in the renderer's catalogues. */
export const consoleErrorCodes = [
  'badRequest',
  'notSignedIn',
  /** Somebody else is at this console now than the screen that asked believes. Nothing was written. */
  'personChanged',
  'badCredentials',
  'tooManyAttempts',
  'offline',
  'sessionExpired',
  'deviceRevoked',
  'passwordTooWeak',
  'pendingWork',
  'notFound',
  'offlineWindowOver',
  'profileInUse',
  'cacheTooNew',
  'diskFull',
  'readOnly',
  'ioError',
  'noRemoteAddress',
  'certificateUntrusted',
  'proxyAuthRequired',
  'hostGone',
  /** Page and host speak different versions of this contract: the page must be loaded again. */
  'contractMismatch',
  'internal',
] as const;
export type ConsoleErrorCode = (typeof consoleErrorCodes)[number];
export const consoleErrorSchema = z.object({
  code: z.enum(consoleErrorCodes),
  /** Plain values for the text, never a stack. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ConsoleError = z.infer<typeof consoleErrorSchema>;

/** Parts of the screen that a change may touch. A subscription says that there is news, never what: the renderer pulls. */
export const newsViews = [
  'session',
  'connection',
  'queue',
  'ticket',
  'outbox',
  'directory',
  'away',
  /** Files of a ticket (`ticketId`; null: of any, or of a draft): staged, sent, fetched, and how far. */
  'attachments',
  'preferences',
  'host',
] as const;
export const newsSchema = z.object({
  view: z.enum(newsViews),
  revision: z.int(),
  /** Rows touched, where that is known. */
  count: z.int(),
  /** For `ticket`: which; null means any. For `host`: a ticket to open (deep link, notification). */
  ticketId: z.string().nullable(),
});
export type News = z.infer<typeof newsSchema>;

/** The one interface that the renderer knows. Transports: direct call, MessagePort, WebSocket. */
export interface ConsoleClient {
  call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<Result<ConsoleResult<M>, ConsoleError>>;
  subscribe(listener: (news: News) => void): () => void;
  close(): void;
}

/** Frames on a transport. `v` is CONSOLE_CONTRACT_VERSION. */
export const requestFrameSchema = z.strictObject({
  v: z.int(),
  id: z.int().min(0),
  method: z.string().max(64),
  params: z.unknown(),
});
export const responseFrameSchema = z.discriminatedUnion('ok', [
  z.strictObject({ v: z.int(), id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ v: z.int(), id: z.int(), ok: z.literal(false), error: consoleErrorSchema }),
]);
export const newsFrameSchema = z.strictObject({ v: z.int(), news: newsSchema });
export type RequestFrame = z.infer<typeof requestFrameSchema>;
export type ResponseFrame = z.infer<typeof responseFrameSchema>;
export type NewsFrame = z.infer<typeof newsFrameSchema>;
