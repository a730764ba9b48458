import { z } from 'zod';
import { commandTypes } from '../../domain/commands.ts';
import { directorySchemas } from '../../domain/directory.ts';
import { requesterSchema } from '../../domain/ticket.ts';
import {
  channelSchema,
  idSchema,
  instantSchema,
  levelSchema,
  modeSchema,
  remoteOutcomeSchema,
  remoteToolSchema,
  subKindSchema,
  ticketKindSchema,
} from '../../domain/vocabulary.ts';
import { sessionInfoSchema, trialAccountSchema } from '../sync/auth.ts';
import { asked, refusalSchema } from './asked.ts';
import { attachmentMethods, registerAttachmentsSchema } from './attachment-methods.ts';
import {
  arrivalSchema,
  awaySchema,
  callerContextSchema,
  connectionSchema,
  loadRowSchema,
  outboxItemSchema,
  personHitSchema,
  queueQuerySchema,
  queueRowSchema,
  queueViews,
  remotePreviewSchema,
  ticketViewSchema,
} from './rows.ts';
import { supportMethods } from './support-methods.ts';

const nothing = z.object({});

/** Result of one act: written to the outbox (and so saved), or refused before anything was written. */
export const actResultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), commandId: idSchema, ticketId: idSchema }),
  z.object({ ok: z.literal(false), ticketId: idSchema, refusal: refusalSchema }),
]);
export type ActResult = z.infer<typeof actResultSchema>;

const actSchema = z.object({ ticketId: idSchema, type: z.enum(commandTypes), payload: z.unknown() });

/** Fields of a call or visit being registered; the core adds ids, provisional code and team. */
export const registerInputSchema = z.object({
  kind: ticketKindSchema,
  subKind: subKindSchema.nullable(),
  channel: channelSchema,
  mode: modeSchema.nullable(),
  serviceId: idSchema.nullable(),
  requester: requesterSchema,
  orgUnitId: idSchema.nullable(),
  siteId: idSchema,
  subject: z.string(),
  description: z.string(),
  impact: levelSchema,
  urgency: levelSchema,
  assetId: idSchema.nullable(),
});

export const profileSchema = z.object({
  id: z.string(),
  user: z.string(),
  personName: z.string(),
  pendingActs: z.int(),
  signedIn: z.boolean(),
  lastUsedAt: instantSchema,
});
/** A profile on this computer that the disk refused to open, and why. What it holds is untouched, and is not sent until it is open. */
const unopenedSchema = z.object({ user: z.string(), code: z.enum(['diskFull', 'readOnly', 'ioError']) });
export type UnopenedProfile = z.infer<typeof unopenedSchema>;
export const preferencesSchema = z.object({
  language: z.enum(['es', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  /** View state of the person's screens (filters, columns, widths): opaque to the core, at most 64 kB. */
  view: z.json(),
});

/** Draft of a text being written: per ticket, kind of text and author. Saved at every pause of typing; never expires. */
export const draftSchema = z.object({
  key: z.string().max(200),
  ticketId: idSchema.nullable(),
  content: z.json(),
  updatedAt: instantSchema,
  /** Differs after every write of any draft; a save names the one that it was written over. */
  version: z.int(),
  /** Id under which the text will be sent, however often it is tried: null until somebody has tried. */
  requestId: idSchema.nullable(),
});
/**
 * A draft in the list of them all, with the files that wait beside it in order of adding. Files without a text are one too: `content` null,
 * `version` 0.
 */
const listedDraftSchema = draftSchema.extend({
  files: z.array(z.object({ attachmentId: idSchema, name: z.string(), size: z.int() })),
});
/** The draft that an act uses up, and the version that the screen had: a later one is another window's text, and stays. */
const usedDraftSchema = z.object({ key: z.string().max(200), seenVersion: z.int().min(0) });

/**
 * The whole contract between renderer and core: method → parameters and result. Both sides check both.
 * `query` methods are answered by the reader of the cache, `act` methods by the engine that owns outbox and cache,
 * `host` methods by the host itself.
 */
export const consoleMethods = {
  'session.get': {
    runs: 'act',
    params: nothing,
    result: z.object({
      session: sessionInfoSchema.nullable(),
      needsPassword: z.boolean(),
      profiles: z.array(profileSchema),
      unopened: z.array(unopenedSchema),
      storeUrl: z.string(),
    }),
  },
  /** Tries the profiles again that could not be opened: `session.get` says how it went. */
  'session.openAgain': { runs: 'act', params: nothing, result: nothing },
  'session.signIn': {
    runs: 'act',
    params: z.object({ user: z.string(), password: z.string() }),
    result: z.object({ session: sessionInfoSchema }),
  },
  /**
   * `erase` only when everything was answered, nothing is owed to a restored store, and what was refused or parked has been taken
   * off the panel: otherwise the error `pendingWork` with `count` (all of them), `unsent` and `unsettled`.
   */
  'session.signOut': { runs: 'act', params: z.object({ erase: z.boolean() }), result: nothing },
  'session.changePassword': {
    runs: 'act',
    params: z.object({ current: z.string(), next: z.string() }),
    result: nothing,
  },
  'session.trialAccounts': {
    runs: 'act',
    params: nothing,
    result: z.object({ accounts: z.array(trialAccountSchema) }),
  },

  'connection.get': { runs: 'act', params: nothing, result: connectionSchema },
  'connection.retryNow': { runs: 'act', params: nothing, result: nothing },
  'connection.dismissNotice': { runs: 'act', params: z.object({ id: z.string().max(64) }), result: nothing },
  /** Set once a revoked device has erased itself: how many acts it handed in before, and how many it could not. */
  'session.farewell': {
    runs: 'act',
    params: nothing,
    result: z.object({
      farewell: z
        .object({ user: z.string(), handedIn: z.int(), left: z.int(), at: instantSchema, confirmed: z.boolean() })
        .nullable(),
    }),
  },

  'queue.window': {
    runs: 'query',
    params: queueQuerySchema,
    /** `more`: a search has more matches than `total`, which are not shown. */
    result: z.object({ rows: z.array(queueRowSchema), total: z.int(), more: z.boolean(), revision: z.int() }),
  },
  'queue.counts': {
    runs: 'query',
    params: nothing,
    result: z.object({ open: z.partialRecord(z.enum(queueViews), z.int()), unread: z.int(), revision: z.int() }),
  },
  /** Open tickets that somebody else's act gave this person (assigned, or escalated and to be accepted), latest first, at most 50. */
  'queue.arrivals': {
    runs: 'query',
    params: nothing,
    result: z.object({ personId: idSchema, arrivals: z.array(arrivalSchema) }),
  },
  'ticket.get': { runs: 'query', params: z.object({ ticketId: idSchema }), result: ticketViewSchema.nullable() },
  'ticket.markSeen': { runs: 'act', params: z.object({ ticketId: idSchema, version: z.int() }), result: nothing },
  'ticket.markAllSeen': { runs: 'act', params: nothing, result: nothing },
  /** Closed tickets that this console does not hold, found at the store. Errors: `offline` and the store's named ones. */
  'search.store': {
    runs: 'act',
    params: z.object({ text: z.string().min(1).max(200) }),
    result: z.object({ rows: z.array(queueRowSchema), more: z.boolean(), closedWindowDays: z.int().nullable() }),
  },
  /** One of them, whole, read at the store and kept nowhere; null when there is none to see. Acts on it go by the outbox. */
  'ticket.getOnline': { runs: 'act', params: z.object({ ticketId: idSchema }), result: ticketViewSchema.nullable() },
  'away.get': { runs: 'query', params: nothing, result: awaySchema },

  'directory.get': {
    runs: 'query',
    params: nothing,
    result: z.object({
      sites: z.array(directorySchemas.site),
      orgUnits: z.array(directorySchemas.orgUnit),
      teams: z.array(directorySchemas.team),
      memberships: z.array(directorySchemas.membership),
      services: z.array(directorySchemas.service),
      /** People with an account at the desk. */
      agents: z.array(directorySchemas.person),
      revision: z.int(),
    }),
  },
  'people.search': {
    runs: 'query',
    params: z.object({ text: z.string().max(200), limit: z.int().min(1).max(50) }),
    result: z.object({ people: z.array(personHitSchema) }),
  },
  'people.caller': { runs: 'query', params: z.object({ personId: idSchema }), result: callerContextSchema.nullable() },
  'assets.search': {
    runs: 'query',
    params: z.object({ text: z.string().max(200), limit: z.int().min(1).max(50) }),
    result: z.object({ assets: z.array(directorySchemas.asset) }),
  },

  /**
   * Writes acts to the outbox. `atomic`: all or none. The same `requestId` again gets the first answer again, so an
   * impatient second click writes nothing.
   */
  'acts.submit': {
    runs: 'act',
    params: z.object({
      ...asked,
      requestId: idSchema,
      atomic: z.boolean(),
      acts: z.array(actSchema).min(1).max(500),
      clearDraft: usedDraftSchema.nullable(),
    }),
    result: z.object({ results: z.array(actResultSchema) }),
  },
  /** Registers a ticket; `claim` and `resolveWith` (R15) go out in the same atomic write. */
  'acts.register': {
    runs: 'act',
    params: z.object({
      ...asked,
      requestId: idSchema,
      input: registerInputSchema,
      /** The ticket that the new one is split from, and the texts that it takes along; null: a new contact. */
      split: z
        .object({
          fromTicketId: idSchema,
          quotes: z.array(z.object({ entryId: z.string(), text: z.string() })),
        })
        .nullable()
        .default(null),
      claim: z.boolean(),
      resolveWith: z.string().nullable(),
      /** Staged files that go out with it. */
      attachments: registerAttachmentsSchema,
      clearDraft: usedDraftSchema.nullable(),
    }),
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), ticketId: idSchema, provisionalCode: z.string() }),
      z.object({ ok: z.literal(false), refusal: refusalSchema }),
    ]),
  },

  'outbox.list': {
    runs: 'query',
    params: nothing,
    result: z.object({ items: z.array(outboxItemSchema), revision: z.int() }),
  },
  /** Takes a settled item (refused, merged, parked) off the panel. Its content stays in the outbox file. */
  'outbox.dismiss': { runs: 'act', params: z.object({ ...asked, commandId: idSchema }), result: nothing },
  /** Writes the same content again as a new act. */
  'outbox.reapply': {
    runs: 'act',
    params: z.object({ ...asked, commandId: idSchema }),
    result: z.object({ result: actResultSchema }),
  },

  'drafts.list': { runs: 'act', params: nothing, result: z.object({ drafts: z.array(listedDraftSchema) }) },
  'drafts.get': {
    runs: 'act',
    params: z.object({ key: z.string().max(200) }),
    result: z.object({ draft: draftSchema.nullable() }),
  },
  /**
   * `seenVersion`: version of the draft that this text was written over, 0 when there was none; absent: whatever is there is
   * overwritten. A draft with another version is left as it is and comes back (null: it was sent or discarded meanwhile). `requestId`:
   * id under which this text is about to be sent; when acts were written under it already nothing is kept, and `sent` says so.
   */
  'drafts.save': {
    runs: 'act',
    params: z.object({
      ...asked,
      key: z.string().max(200),
      ticketId: idSchema.nullable(),
      content: z.json(),
      seenVersion: z.int().min(0).optional(),
      requestId: idSchema.nullable().optional(),
    }),
    result: z.discriminatedUnion('saved', [
      z.object({ saved: z.literal(true), savedAt: instantSchema, version: z.int() }),
      z.object({ saved: z.literal(false), reason: z.enum(['conflict', 'sent']), draft: draftSchema.nullable() }),
    ]),
  },
  /**
   * With a `seenVersion` a draft that has another version stays, and is the answer. `attachmentIds`: files beside it that go with the text;
   * without them only the text goes. Where the text stays, they stay.
   */
  'drafts.discard': {
    runs: 'act',
    params: z.object({
      ...asked,
      key: z.string().max(200),
      seenVersion: z.int().min(0).optional(),
      attachmentIds: z.array(idSchema).max(1000).optional(),
    }),
    result: z.object({ kept: draftSchema.nullable() }),
  },

  'supervision.load': {
    runs: 'query',
    params: nothing,
    result: z.object({ rows: z.array(loadRowSchema), unassigned: z.int(), revision: z.int() }),
  },

  /** Nothing is launched: what would be. `tool` and `assetId` only; the host owns the templates. */
  'remote.preview': {
    runs: 'act',
    params: z.object({ ...asked, ticketId: idSchema, tool: remoteToolSchema, assetId: idSchema }),
    result: remotePreviewSchema,
  },
  /** Writes the start to the timeline, then launches. A launch that fails leaves a session to end with `notConnected`. */
  'remote.launch': {
    runs: 'act',
    params: z.object({
      ...asked,
      requestId: idSchema,
      ticketId: idSchema,
      tool: remoteToolSchema,
      assetId: idSchema,
      consent: z.enum(['verbal', 'written', 'unattended']),
    }),
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), sessionId: idSchema, launched: z.boolean() }),
      z.object({ ok: z.literal(false), refusal: refusalSchema }),
    ]),
  },
  'remote.end': {
    runs: 'act',
    params: z.object({
      ...asked,
      requestId: idSchema,
      ticketId: idSchema,
      sessionId: idSchema,
      outcome: remoteOutcomeSchema,
      note: z.string(),
      clearDraft: usedDraftSchema.nullable().default(null),
    }),
    result: z.object({ result: actResultSchema }),
  },

  ...attachmentMethods,
  ...supportMethods,

  'preferences.get': { runs: 'act', params: nothing, result: preferencesSchema },
  'preferences.set': { runs: 'act', params: preferencesSchema.partial(), result: preferencesSchema },

  'host.info': {
    runs: 'host',
    params: nothing,
    result: z.object({
      host: z.enum(['electron', 'portable']),
      version: z.string(),
      platform: z.string(),
      updateReady: z.string().nullable(),
    }),
  },
  /** http, https and mailto only, re-serialised by the host. */
  'host.openExternal': {
    runs: 'host',
    params: z.object({ url: z.string().max(2081) }),
    result: z.object({ opened: z.boolean() }),
  },
} as const;

export type ConsoleMethod = keyof typeof consoleMethods;
export type ConsoleParams<M extends ConsoleMethod> = z.input<(typeof consoleMethods)[M]['params']>;
export type ConsoleResult<M extends ConsoleMethod> = z.output<(typeof consoleMethods)[M]['result']>;
export const isConsoleMethod = (name: string): name is ConsoleMethod => Object.hasOwn(consoleMethods, name);
