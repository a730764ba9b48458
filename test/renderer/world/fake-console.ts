import { allowedActs } from '../../../src/domain/allowed-acts.ts';
import type { Command } from '../../../src/domain/commands.ts';
import { defaultDeskSettings } from '../../../src/domain/desk-settings.ts';
import { parseCommand } from '../../../src/domain/parse-command.ts';
import { isOpen } from '../../../src/domain/vocabulary.ts';
import type { ConsoleClient, ConsoleError, News } from '../../../src/protocol/console/client.ts';
import {
  type ConsoleMethod,
  type ConsoleParams,
  type ConsoleResult,
  consoleMethods,
} from '../../../src/protocol/console/methods.ts';
import type { OutboxItem } from '../../../src/protocol/console/rows.ts';
import type { SessionInfo } from '../../../src/protocol/sync/auth.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';
import { archive } from './archive.ts';
import { createAttachmentBox } from './attachment-box.ts';
import { actorOf, crowd, fileArrived, held, run } from './desk.ts';
import {
  agents,
  assets,
  idOf,
  lookup,
  memberships,
  names,
  orgUnits,
  requesters,
  services,
  sites,
  teams,
} from './directory.ts';
import { createDraftBox } from './draft-box.ts';
import { loadOfAgents } from './load.ts';
import { noticesOf } from './notices.ts';
import { profilesOf } from './profiles.ts';
import { relativesOf } from './relatives.ts';
import { queueCounts, queueWindow, rowOf } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { seedOutbox } from './seed-outbox.ts';
import { drawnFiles, drawnStates } from './support.ts';
import { trialAccounts } from './trial.ts';

type Handlers = {
  [M in ConsoleMethod]: (params: ConsoleParams<M>) => ConsoleResult<M> | { readonly failed: ConsoleError['code'] };
};

/** A console in memory: the real domain over a drawn desk, so that every act of the screens does what it says. */
export function createFakeConsole(scenario: Scenario): ConsoleClient {
  const listeners = new Set<(news: News) => void>();
  let revision = 0;
  const tell = (...views: News['view'][]) => {
    revision += 1;
    for (const view of views)
      for (const listener of [...listeners]) listener({ view, revision, count: 1, ticketId: null });
  };
  crowd(scenario.many);
  archive();
  if (scenario.empty) held.clear();
  let signedIn = scenario.signedIn;
  let counter = 3;
  let person = scenario.person;
  let role = scenario.role;
  let preferences: ConsoleResult<'preferences.get'> = {
    language: scenario.language,
    theme: scenario.theme,
    density: scenario.density,
    view: {},
  };
  const since = Date.now() - 26 * 60_000;
  const outbox: OutboxItem[] = [];
  const files = createAttachmentBox({
    online: () => scenario.connection === 'online',
    tell(ticketId) {
      revision += 1;
      for (const listener of [...listeners]) listener({ view: 'attachments', revision, count: 1, ticketId });
    },
    arrived(ticketId, attachmentId) {
      fileArrived(ticketId, attachmentId);
      tell('ticket', 'queue', 'connection');
    },
  });
  const drafts = createDraftBox(files.beside);
  let notices = noticesOf(scenario.notices);
  const online = () => scenario.connection === 'online';
  const actor = () => actorOf(person, role);

  const session = (): SessionInfo => ({
    deskId: idOf('desk', 1),
    deskName: 'Mesa de Servicio · MTPE',
    accountId: idOf('acct', person),
    user: agents[person]?.email ?? '',
    personId: idOf('pers', person),
    personName: agents[person]?.name ?? '',
    role,
    deviceId: idOf('devi', 1),
    devicePrefix: 'K7F3',
    teams: teams.filter((team) => actor().teamIds.includes(team.id)).map(({ id, name, tier }) => ({ id, name, tier })),
    siteId: agents[person]?.siteId ?? null,
    siteName: names[agents[person]?.siteId ?? ''] ?? null,
    grant: actor().grant,
    scopeVersion: '1',
    offlineDays: 30,
    mustChangePassword: false,
    settings: defaultDeskSettings,
  });

  const write = (ticketId: string, type: string, payload: unknown) => {
    const parsed = parseCommand(type, payload);
    if (!parsed.ok)
      return { ok: false as const, ticketId, refusal: { code: parsed.error.code, params: { ...parsed.error.params } } };
    const result = run(ticketId, parsed.value, actor(), Date.now(), online());
    if (result.decision.kind === 'refused') {
      const { code, params } = result.decision.refusal;
      return { ok: false as const, ticketId, refusal: { code, params: { ...params } } };
    }
    const now = held.get(ticketId);
    if (now !== undefined) now.seen = now.ticket.version;
    const commandId = result.entries[0]?.commandId ?? idOf('none', Date.now());
    if (parsed.value.type === 'addAttachment') files.use(ticketId, parsed.value.payload.attachmentId);
    if (!online()) outbox.unshift(itemOf(commandId, ticketId, parsed.value, 'waiting'));
    tell('queue', 'ticket', 'outbox', 'connection');
    return { ok: true as const, commandId, ticketId };
  };
  const itemOf = (commandId: string, ticketId: string, command: Command, state: OutboxItem['state']): OutboxItem => ({
    commandId,
    ticketId,
    ticketCode: held.get(ticketId)?.ticket.number?.slice(-6) ?? held.get(ticketId)?.ticket.provisionalCode ?? '',
    ticketSubject: held.get(ticketId)?.ticket.subject ?? '',
    type: command.type,
    payload: JSON.parse(JSON.stringify(command.payload)),
    createdAt: Date.now() - 60_000 * outbox.length,
    state,
    verdict: null,
    settledAt: null,
    formerVerdict: null,
    doubt: null,
  });

  if (scenario.withOutbox) seedOutbox({ write, itemOf, outbox });

  const waiting = () => outbox.filter((item) => ['waiting', 'sending', 'doubtful', 'held'].includes(item.state)).length;

  const viewOf = (ticketId: string): ConsoleResult<'ticket.get'> => {
    const each = held.get(ticketId);
    if (each === undefined) return null;
    const { ticket } = each;
    const who = ticket.requester;
    return {
      ticket,
      entries: each.entries,
      names: {
        ...names,
        ...Object.fromEntries(
          [...held.values()].map((one) => [one.ticket.id, one.ticket.number ?? one.ticket.provisionalCode]),
        ),
      },
      relatives: relativesOf(each),
      asset: assets.find((asset) => asset.id === ticket.assetId) ?? null,
      requester: 'personId' in who ? lookup.person(who.personId) : null,
      seenVersion: each.seen,
      pendingActs: each.entries.filter((entry) => entry.pending !== null).length,
      refused: outbox.filter((item) => item.ticketId === ticketId && ['refused', 'parked'].includes(item.state)),
      allowed: allowedActs(ticket, actor(), Date.now()),
    };
  };

  const handlers: Handlers = {
    'session.get': () => ({
      session: signedIn ? session() : null,
      needsPassword: false,
      profiles: profilesOf(signedIn, waiting(), since),
      unopened: [],
      storeUrl: 'http://127.0.0.1:41873',
    }),
    'session.openAgain': () => ({}),
    'session.signIn': ({ user, password }) => {
      if (password === 'mal') return { failed: 'badCredentials' };
      const index = agents.findIndex((agent) => agent.email === user);
      person = Math.max(index, 0);
      role = user.startsWith('ana') ? 'supervisor' : 'technician';
      signedIn = true;
      tell('session', 'queue', 'directory', 'connection', 'preferences');
      return { session: session() };
    },
    'session.signOut': () => {
      signedIn = false;
      tell('session');
      return {};
    },
    'session.changePassword': ({ next }): Record<string, never> | { failed: 'passwordTooWeak' } =>
      next.length < 12 ? { failed: 'passwordTooWeak' } : {},
    'session.trialAccounts': () => ({ accounts: trialAccounts() }),
    'connection.get': () => ({
      state: scenario.connection,
      since,
      lastContactAt: since,
      nextAttemptAt: scenario.connection === 'offline' ? Date.now() + 12_000 : null,
      pendingActs: waiting(),
      refusedActs: outbox.filter((item) => item.state === 'refused' || item.state === 'parked').length,
      uploads: files.uploads(),
      fill:
        scenario.connection === 'filling'
          ? { done: scenario.filled ?? 0, total: scenario.filled === null ? null : 7554 }
          : null,
      clockSkewMs: scenario.clockSkewMs,
      trouble: scenario.trouble,
      notices,
    }),
    'connection.dismissNotice': ({ id }) => {
      notices = notices.filter((notice) => notice.id !== id);
      tell('connection');
      return {};
    },
    'session.farewell': () => ({
      farewell:
        scenario.farewell === 'none'
          ? null
          : {
              user: agents[person]?.email ?? '',
              handedIn: 3,
              left: scenario.farewell === 'told' ? 0 : 1,
              at: since,
              confirmed: scenario.farewell === 'told',
            },
    }),
    'connection.retryNow': () => ({}),
    'queue.window': (query) => queueWindow(query, idOf('pers', person), actor().teamIds, outbox),
    'queue.arrivals': () => ({ personId: idOf('pers', person), arrivals: [] }),
    'queue.counts': () => ({ ...queueCounts(idOf('pers', person), actor().teamIds, outbox), revision }),
    'search.store': ({ text }) => {
      if (!online()) return { failed: 'offline' };
      const rows = [...held.values()]
        .filter((each) => each.onlyAtDesk === true)
        .map((each) => rowOf(each, outbox))
        .filter((row) => row.subject.toLowerCase().includes(text.toLowerCase()));
      return { rows, more: false, closedWindowDays: 90 };
    },
    'ticket.getOnline': ({ ticketId }) => (online() ? viewOf(ticketId) : { failed: 'offline' }),
    'ticket.get': ({ ticketId }) => (held.get(ticketId)?.onlyAtDesk === true ? null : viewOf(ticketId)),
    'ticket.markSeen': ({ ticketId, version }) => {
      const each = held.get(ticketId);
      if (each !== undefined && each.seen < version) {
        each.seen = version;
        tell('queue', 'away');
      }
      return {};
    },
    'ticket.markAllSeen': () => {
      for (const each of held.values()) each.seen = each.ticket.version;
      tell('queue', 'away', 'ticket');
      return {};
    },
    'away.get': () => ({
      since,
      rows: [...held.values()]
        .filter((each) => each.onlyAtDesk !== true && each.ticket.version > each.seen)
        .map((each) => ({
          ...rowOf(each, outbox),
          changes: each.entries.filter((entry) => entry.seq > each.seen),
          names,
        })),
    }),
    'directory.get': () => ({ sites, orgUnits, teams, memberships, services, agents, revision }),
    'people.search': ({ text, limit }) => ({
      people: requesters
        .filter((each) => each.name.toLowerCase().includes(text.toLowerCase()))
        .slice(0, limit)
        .map((each) => ({
          ...each,
          orgUnitName: names[each.orgUnitId ?? ''] ?? null,
          siteName: names[each.siteId ?? ''] ?? null,
        })),
    }),
    'people.caller': ({ personId }) => {
      const found = lookup.person(personId);
      if (found === null) return null;
      return {
        person: found,
        openTickets: [...held.values()]
          .filter(
            (each) =>
              'personId' in each.ticket.requester &&
              each.ticket.requester.personId === personId &&
              isOpen(each.ticket.status),
          )
          .map((each) => rowOf(each, outbox)),
        devices: assets.filter((asset) => asset.personId === personId),
      };
    },
    'assets.search': ({ text }) => ({
      assets: assets.filter((asset) => `${asset.tag} ${asset.hostName}`.toLowerCase().includes(text.toLowerCase())),
    }),
    'acts.submit': ({ acts, clearDraft, requestId }) => {
      const results = acts.map((act) => write(act.ticketId, act.type, act.payload));
      if (results.every(({ ok }) => ok)) {
        drafts.clear(clearDraft);
        drafts.sentUnder(requestId);
      }
      return { results };
    },
    'acts.register': ({ input, split = null, claim, resolveWith, attachments = [], clearDraft, requestId }) => {
      counter += 1;
      const ticketId = crypto.randomUUID();
      const provisionalCode = `K7F3-0${counter}`;
      const first =
        split === null
          ? write(ticketId, 'register', { ...input, provisionalCode, teamId: null, initialTier: null })
          : write(ticketId, 'split', { ...input, ...split, provisionalCode });
      if (!first.ok) return { ok: false, refusal: first.refusal };
      for (const attachment of attachments) write(ticketId, 'addAttachment', attachment);
      if (claim) write(ticketId, 'claim', {});
      if (resolveWith !== null) write(ticketId, 'resolve', { solution: resolveWith, duringCall: true });
      drafts.clear(clearDraft);
      drafts.sentUnder(requestId);
      return { ok: true, ticketId, provisionalCode };
    },
    'outbox.list': () => ({ items: outbox, revision }),
    'outbox.dismiss': ({ commandId }) => {
      outbox.splice(
        outbox.findIndex((item) => item.commandId === commandId),
        1,
      );
      tell('outbox', 'connection', 'queue');
      return {};
    },
    'outbox.reapply': ({ commandId }) => {
      const item = outbox.find((each) => each.commandId === commandId);
      if (item === undefined) return { failed: 'notFound' };
      return { result: write(item.ticketId, item.type, item.payload) };
    },
    'drafts.list': () => ({ drafts: drafts.list() }),
    'drafts.get': ({ key }) => ({ draft: drafts.get(key) }),
    'drafts.save': drafts.save,
    'drafts.discard': drafts.discard,
    'supervision.load': () => ({ ...loadOfAgents(), revision }),
    'remote.preview': ({ ticketId, tool, assetId }) => {
      const asset = lookup.asset(assetId);
      const target = asset?.remoteIds[tool];
      if (asset === null || target === undefined) return { failed: 'noRemoteAddress' };
      const who = held.get(ticketId)?.ticket.requester;
      return {
        tool,
        deviceLabel: asset.hostName ?? asset.tag,
        personName: who !== undefined && 'personId' in who ? (names[who.personId] ?? '') : '',
        target: `${tool}://${target}`,
      };
    },
    'remote.launch': ({ ticketId, tool, assetId, consent }) => {
      const sessionId = crypto.randomUUID();
      const result = write(ticketId, 'startRemoteSession', {
        sessionId,
        tool,
        assetId,
        target: lookup.asset(assetId)?.hostName ?? '',
        consent,
      });
      return result.ok ? { ok: true, sessionId, launched: true } : { ok: false, refusal: result.refusal };
    },
    'remote.end': ({ ticketId, sessionId, outcome, note, clearDraft = null }) => {
      const result = write(ticketId, 'endRemoteSession', { sessionId, outcome, note });
      if (result.ok) drafts.clear(clearDraft);
      return { result };
    },
    ...files.methods,
    'preferences.get': () => preferences,
    'preferences.set': (changes) => {
      preferences = { ...preferences, ...changes };
      tell('preferences');
      return preferences;
    },
    'host.info': () => ({ host: 'portable', version: '0.1.0', platform: 'linux', updateReady: null }),
    'host.openExternal': () => ({ opened: true }),
    'support.states': () => drawnStates(online(), Date.now()),
    'support.files': () => drawnFiles(Date.now()),
  };

  return {
    async call<M extends ConsoleMethod>(
      method: M,
      params: ConsoleParams<M>,
    ): Promise<Result<ConsoleResult<M>, ConsoleError>> {
      await new Promise((resolve) => setTimeout(resolve, 15));
      const handler = handlers[method];
      const answer = handler(params);
      if (answer !== null && typeof answer === 'object' && 'failed' in answer && typeof answer.failed === 'string') {
        return err({ code: answer.failed as ConsoleError['code'], params: {} });
      }
      const checked = consoleMethods[method].result.safeParse(structuredClone(answer));
      if (!checked.success)
        throw new Error(`the drawn console breaks the contract at ${method}: ${checked.error.message}`);
      // Just parsed by the method's own schema.
      return ok(checked.data as ConsoleResult<M>);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
}
