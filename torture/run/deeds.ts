import { v7 } from 'uuid';
import type { Deed, PlannedAct } from '../../simulator/plan/plan.ts';
import { type ActRequest, makeAct, registerInput } from '../../simulator/world/acts.ts';
import { actorOf } from '../../src/core/sync/decide-context.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { type ConsoleResult, consoleMethods } from '../../src/protocol/console/methods.ts';
import type { Machine } from '../console/machine.ts';
import { PASSWORD } from '../desk/organise.ts';
import type { Ledger } from '../observe/ledger.ts';

export interface DeedCounts {
  done: number;
  /** Nobody could do it: the console was off, had no tickets, or nobody was signed in. */
  idle: number;
  /** The machine was too slow for it: its person had gone on. */
  late: number;
  /** Refused by the console at once: by a rule, or because its disk was full. */
  refusedHere: number;
  diskFull: number;
}
/** What persons do at the consoles, and what they are told. */
export interface Persons {
  perform(machine: Machine, deed: Deed): Promise<void>;
  /** Instead of `perform`. */
  comesTooLate(): void;
  /** Signs in where nobody is, or where the store ended the session. */
  signInWhereNeeded(machine: Machine): Promise<void>;
  readonly counts: Readonly<DeedCounts>;
}

const ROWS = 40;
const RESOLVED = 'listo';
const SETTLED = new Set(['refused', 'merged', 'parked']);

/** @param doubled called when a second click wrote what the first one had not */
export function createPersons(ledger: Ledger, doubled: (words: string) => void): Persons {
  const counts: DeedCounts = { done: 0, idle: 0, late: 0, refusedHere: 0, diskFull: 0 };
  const actors = new Map<number, Actor>();

  async function actorOn(machine: Machine): Promise<Actor | null> {
    const known = actors.get(machine.number);
    if (known !== undefined) return known;
    const answer = await machine.call('session.get', {});
    const session = answer?.result.ok ? answer.result.value.session : null;
    if (session === null || session === undefined) return null;
    const actor = actorOf(session);
    actors.set(machine.number, actor);
    return actor;
  }
  /** What the person has on the screen, lately changed first: everybody meets everybody. */
  async function rowsOn(machine: Machine): Promise<readonly string[]> {
    const answer = await machine.call('queue.window', {
      view: 'all',
      status: 'any',
      siteId: null,
      teamId: null,
      assigneeId: null,
      kind: null,
      tier: null,
      text: '',
      sort: { by: 'updated', dir: 'desc' },
      offset: 0,
      limit: ROWS,
    });
    return answer?.result.ok ? answer.result.value.rows.map(({ id }) => id) : [];
  }
  async function ticketOn(machine: Machine, ids: readonly string[], pick: number): Promise<Ticket | null> {
    const ticketId = ids[pick % Math.max(1, ids.length)];
    if (ticketId === undefined) return null;
    const answer = await machine.call('ticket.get', { ticketId });
    return answer?.result.ok ? (answer.result.value?.ticket ?? null) : null;
  }
  async function requests(machine: Machine, planned: readonly PlannedAct[]): Promise<ActRequest[]> {
    const actor = await actorOn(machine);
    const ids = await rowsOn(machine);
    const made: ActRequest[] = [];
    for (const { type, pick, arg } of planned) {
      if (actor === null) break;
      const ticket = await ticketOn(machine, ids, pick);
      if (ticket === null) continue;
      const other = await ticketOn(machine, ids, pick + 1 + (arg % 3));
      const act = makeAct(type, actor, { ticket, other: other?.id === ticket.id ? null : other, arg });
      if (act !== null) made.push(act);
    }
    return made;
  }

  function failed(code: string): void {
    if (code === 'diskFull') counts.diskFull += 1;
    else counts.refusedHere += 1;
  }
  /** Clicks, and clicks again after `twiceMs`: the second answer has to be the first. */
  async function click(machine: Machine, twiceMs: number | null, go: () => Promise<readonly string[] | null>) {
    const first = await go();
    if (twiceMs === null || first === null || first.length === 0) return;
    setTimeout(async () => {
      const second = await go();
      if (second !== null && second.length > 0 && second.join() !== first.join())
        doubled(`console ${machine.number} wrote ${second.join()} for a click that had written ${first.join()}`);
    }, twiceMs);
  }

  async function submit(machine: Machine, deed: Extract<Deed, { kind: 'acts' }>): Promise<void> {
    const acts = await requests(machine, deed.acts);
    if (acts.length === 0) {
      counts.idle += 1;
      return;
    }
    const params = { requestId: v7(), atomic: deed.atomic, acts, clearDraft: null };
    await click(machine, deed.twiceMs, async () => {
      const answer = await machine.call('acts.submit', params);
      if (answer === null) return null;
      if (!answer.result.ok) {
        failed(answer.result.error.code);
        return null;
      }
      const { results } = answer.result.value;
      const saved = results.flatMap((result, n) => {
        const act = acts[n];
        return result.ok && act !== undefined ? [{ id: result.commandId, act }] : [];
      });
      const ids = saved.map(({ id }) => id);
      counts.refusedHere += results.length - ids.length;
      const what = acts.map(({ type }) => type).join();
      counts.done += ledger.told(
        machine.number,
        ids,
        what,
        saved.map(({ act }) => act),
      );
      return ids;
    });
  }

  async function register(machine: Machine, deed: Extract<Deed, { kind: 'register' }>): Promise<void> {
    if ((await actorOn(machine)) === null) {
      counts.idle += 1;
      return;
    }
    const origin = deed.splitOff === null ? null : await ticketOn(machine, await rowsOn(machine), deed.splitOff);
    // Typed by the schema of the method: the form makes up plain texts.
    const params = consoleMethods['acts.register'].params.parse({
      requestId: v7(),
      input: registerInput(deed.arg),
      split: origin === null ? null : { fromTicketId: origin.id, quotes: [] },
      claim: deed.claim,
      resolveWith: deed.resolve ? RESOLVED : null,
      clearDraft: null,
    });
    const { subject, description, impact, urgency } = registerInput(deed.arg);
    const first = { type: origin === null ? 'register' : 'split', payload: { subject, description, impact, urgency } };
    const behind = [
      ...(deed.claim || deed.resolve ? [{ type: 'claim', payload: {} }] : []),
      ...(deed.resolve ? [{ type: 'resolve', payload: { solution: RESOLVED } }] : []),
    ];
    const typed = [first, ...behind].map((act) => ({ ...act, ticketId: null }));
    await click(machine, deed.twiceMs, async () => {
      const answer = await machine.call('acts.register', params);
      if (answer === null) return null;
      if (!answer.result.ok || !answer.result.value.ok) {
        failed(answer.result.ok ? 'refused' : answer.result.error.code);
        return null;
      }
      const ids = answer.written.slice(0, typed.length);
      counts.done += ledger.told(machine.number, ids, 'register', typed);
      return ids;
    });
  }

  type Item = ConsoleResult<'outbox.list'>['items'][number];
  async function settledItem(machine: Machine, pick: number): Promise<Item | null> {
    const answer = await machine.call('outbox.list', {});
    const items = answer?.result.ok ? answer.result.value.items.filter(({ state }) => SETTLED.has(state)) : [];
    return items[pick % Math.max(1, items.length)] ?? null;
  }

  return {
    counts,
    async perform(machine, deed) {
      if (!machine.up()) {
        counts.idle += 1;
        return;
      }
      switch (deed.kind) {
        case 'acts':
          return submit(machine, deed);
        case 'register':
          return register(machine, deed);
        case 'reapply': {
          const item = await settledItem(machine, deed.pick);
          if (item === null) return;
          ledger.mayRepeat(item.commandId);
          const answer = await machine.call('outbox.reapply', { commandId: item.commandId });
          if (answer?.result.ok && answer.result.value.result.ok)
            ledger.told(machine.number, [answer.result.value.result.commandId], 'reapply');
          return;
        }
        case 'dismiss': {
          const item = await settledItem(machine, deed.pick);
          if (item !== null) await machine.call('outbox.dismiss', { commandId: item.commandId });
          return;
        }
        case 'retryNow':
          await machine.call('connection.retryNow', {});
          return;
        case 'markSeen':
          await machine.call('ticket.markAllSeen', {});
          return;
        case 'signOut':
          // Whoever looks after the sessions signs the person in again.
          await machine.call('session.signOut', { erase: false });
          return;
      }
    },
    comesTooLate() {
      counts.late += 1;
    },
    async signInWhereNeeded(machine) {
      const answer = await machine.call('connection.get', {});
      if (!answer?.result.ok) return;
      const { state } = answer.result.value;
      if (state !== 'signedOut' && state !== 'sessionExpired') return;
      await machine.call('session.signIn', { user: machine.user, password: PASSWORD });
    },
  };
}
