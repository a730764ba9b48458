import { actorOf } from '../../src/core/sync/decide-context.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { PIECE_BYTES } from '../../src/protocol/console/attachment-methods.ts';
import type { ConsoleError } from '../../src/protocol/console/client.ts';
import type { ConsoleMethod } from '../../src/protocol/console/methods.ts';
import type { Result } from '../../src/shared/result.ts';
import { sessionOn } from '../console/disk.ts';
import type { Machine } from '../console/machine.ts';
import type { Deed, PlannedAct } from '../plan/plan.ts';
import { PASSWORD } from '../store/sessions.ts';
import { type ActRequest, makeAct, registerInput } from '../world/acts.ts';
import type { Simulation } from './simulation.ts';
import { short } from './trace.ts';

type Answer = Result<unknown, ConsoleError> | undefined;
interface Told {
  readonly results: readonly { ok: boolean; commandId?: string; ticketId: string; refusal?: { code: string } }[];
}

interface Begun {
  readonly file?: { attachmentId: string; name: string; mediaType: string; size: number; sha256: string | null };
}
/** Bytes that follow from a number: no two are alike. */
const contentOf = (size: number, arg: number): Buffer => {
  const bytes = Buffer.alloc(size, arg & 0xff);
  bytes.write(`${arg}/${size}`.slice(0, size));
  return bytes;
};

/** What persons do at the consoles, and what they are told. */
export interface Persons {
  perform(deed: Deed): void;
  /** Signs in where nobody is signed in, or where the store ended the session. */
  signInWhereNeeded(machine: Machine): void;
}

export function createPersons(simulation: Simulation): Persons {
  const { machines, chance, scheduler, observers, court, trace } = simulation;
  const { ledger } = observers;

  function ticketsOn({ disk: { cache } }: Machine): Ticket[] {
    const shown: Ticket[] = [];
    for (const [id, row] of cache.tickets) {
      const overlay = cache.overlays.get(id);
      const ticket = overlay === undefined ? row.value : overlay.ticket;
      if (ticket !== null) shown.push(ticket);
    }
    for (const [id, { ticket }] of cache.overlays) if (ticket !== null && !cache.tickets.has(id)) shown.push(ticket);
    return shown;
  }

  function requestsOf(machine: Machine, planned: readonly PlannedAct[]): ActRequest[] {
    const session = sessionOn(machine);
    if (session === null) return [];
    const actor = actorOf(session);
    const tickets = ticketsOn(machine);
    return planned.flatMap(({ type, pick, arg }) => {
      const ticket = tickets[pick % Math.max(1, tickets.length)];
      if (ticket === undefined) return [];
      const other = tickets[(pick + 1 + (arg % 3)) % tickets.length] ?? null;
      return makeAct(type, actor, { ticket, other: other?.id === ticket.id ? null : other, arg }) ?? [];
    });
  }

  function heard(machine: Machine, what: string, answer: Answer): void {
    if (!trace.on) return;
    const said = answer === undefined ? 'the process died over it' : answer.ok ? 'ok' : answer.error.code;
    trace.line(`${machine.user}@${machine.number}: ${what}: ${said}`);
  }

  /** Clicks; with `twiceMs` the same button again, whatever the first click came to. */
  function click(
    machine: Machine,
    twiceMs: number | null,
    go: () => Promise<Answer> | undefined,
    take: (value: unknown) => readonly string[],
  ): void {
    let first: readonly string[] | null = null;
    const { disk } = machine;
    const once = () => {
      // A disk that was put back knows nothing of the first click.
      if (machine.disk !== disk) return;
      go()?.then((answer) => {
        if (answer === undefined || !answer.ok) return;
        const ids = take(answer.value);
        if (first !== null && ids.join() !== first.join())
          court.accuse(
            'SY2',
            `console ${machine.number} wrote ${ids.join()} for a click that had written ${first.join()}`,
          );
        // One that was refused wrote nothing, and may be let through now.
        if (ids.length > 0) first ??= ids;
        ledger.told(machine, ids);
      });
    };
    once();
    if (twiceMs !== null) scheduler.after(twiceMs, once);
  }

  const commandsOf = (value: unknown): string[] =>
    (value as Told).results.flatMap((result) =>
      result.ok && result.commandId !== undefined ? [result.commandId] : [],
    );

  function submit(machine: Machine, deed: Extract<Deed, { kind: 'acts' }>): void {
    const acts = requestsOf(machine, deed.acts);
    if (acts.length === 0) return;
    const params = { requestId: chance.id(), atomic: deed.atomic, acts, clearDraft: null };
    const go = () =>
      machine
        .process()
        ?.call('acts.submit', params)
        .then((answer) => {
          if (trace.on) heard(machine, inWords(acts, answer), answer);
          return answer;
        });
    click(machine, deed.twiceMs, go, commandsOf);
  }
  const inWords = (acts: readonly ActRequest[], answer: Answer): string =>
    acts
      .map(({ type, ticketId }, n) => {
        const result = answer?.ok ? (answer.value as Told).results[n] : undefined;
        const end = result?.ok
          ? ` is ${short(result.commandId ?? '')}`
          : result === undefined
            ? ''
            : ` ${result.refusal?.code}`;
        return `${type} on ${short(ticketId)}${end}`;
      })
      .join(', ');

  function register(machine: Machine, deed: Extract<Deed, { kind: 'register' }>): void {
    const tickets = ticketsOn(machine);
    const origin = deed.splitOff === null ? undefined : tickets[deed.splitOff % Math.max(1, tickets.length)];
    const draft = deed.draftMs === null ? null : `new:${deed.arg}`;
    /** What the screen knows of its draft when it sends. */
    const used = draft === null ? null : { key: draft, seenVersion: 0 };
    if (draft !== null && used !== null) {
      const content = { text: `borrador ${deed.arg}` };
      machine
        .process()
        ?.call('drafts.save', { key: draft, ticketId: null, content })
        .then((answer) => {
          const kept = answer?.ok ? (answer.value as { saved: boolean; version?: number }) : undefined;
          if (kept?.version === undefined) return;
          used.seenVersion = kept.version;
          ledger.draftKept(machine, draft, kept.version);
        });
    }
    const params = {
      requestId: chance.id(),
      input: registerInput(deed.arg),
      split: origin === undefined ? null : { fromTicketId: origin.id, quotes: [] },
      claim: deed.claim,
      resolveWith: deed.resolve ? 'listo' : null,
      clearDraft: used,
    };
    const go = () =>
      machine
        .process()
        ?.call('acts.register', params)
        .then((answer) => {
          const made = answer?.ok ? (answer.value as { ok: boolean; ticketId?: string }) : undefined;
          if (trace.on)
            heard(machine, `register${origin === undefined ? '' : ' by split'} ${short(made?.ticketId ?? '')}`, answer);
          return answer;
        });
    const sendOff = () =>
      click(machine, deed.twiceMs, go, (value) => {
        if (used !== null) ledger.draftUsed(machine, used);
        return commandsMade(value);
      });
    if (deed.draftMs === null) sendOff();
    else scheduler.after(deed.draftMs, sendOff);

    function commandsMade(value: unknown): string[] {
      const { ok: done, ticketId } = value as { ok: boolean; ticketId?: string };
      return done && ticketId !== undefined
        ? (machine.disk.outbox.byTicket.get(ticketId) ?? ['none']).slice(
            0,
            1 + Number(deed.claim || deed.resolve) + Number(deed.resolve),
          )
        : [];
    }
  }

  /** Picks a file, and sends it with an act of its own; whoever does it gives up where the console does. */
  async function attach(machine: Machine, deed: Extract<Deed, { kind: 'attach' }>): Promise<void> {
    const tickets = ticketsOn(machine);
    const ticket = tickets[deed.pick % Math.max(1, tickets.length)];
    if (ticket === undefined) return;
    const bytes = contentOf(deed.size, deed.arg);
    const ask = <T>(method: ConsoleMethod, params: object): Promise<T | null> | undefined =>
      machine
        .process()
        ?.call(method, params)
        .then((answer) => (answer?.ok ? (answer.value as T) : null));
    const of = { draftKey: `note:${ticket.id}`, ticketId: ticket.id, name: 'foto.jpg', mediaType: 'image/jpeg' };
    const begun = await ask<Begun>('attachments.begin', { ...of, size: bytes.length });
    if (begun?.file === undefined) return;
    const { attachmentId, name, mediaType, size } = begun.file;
    for (let offset = 0; offset < bytes.length; ) {
      const base64 = bytes.subarray(offset, offset + PIECE_BYTES).toString('base64');
      const taken = await ask<{ received: number }>('attachments.append', { attachmentId, offset, base64 });
      if (taken == null) return;
      offset = taken.received;
    }
    const done = await ask<Begun>('attachments.finish', { attachmentId, thumbnail: null });
    const sha256 = done?.file?.sha256;
    if (typeof sha256 !== 'string') return;
    const payload = { attachmentId, name, mediaType, size, sha256, visibility: 'internal', thumbnail: null };
    const acts = [{ ticketId: ticket.id, type: 'addAttachment', payload }];
    const { disk } = machine;
    const told = await ask<Told>('acts.submit', { requestId: chance.id(), atomic: true, acts, clearDraft: null });
    // A disk that was put back knows nothing of it.
    if (told == null || machine.disk !== disk) return;
    const ids = commandsOf(told);
    if (trace.on) trace.line(`${machine.user}@${machine.number}: attaches ${size} bytes: ${ids.map(short).join()}`);
    ledger.told(machine, ids);
    for (const id of ids) observers.files.told(id, attachmentId, sha256);
  }

  /** Answered commands that are still on the panel. */
  const settledOn = ({ disk }: Machine): string[] =>
    [...disk.outbox.rows].flatMap(([id, row]) =>
      row.kind === 'command' &&
      row.command.outcome !== null &&
      row.command.dismissedAt === null &&
      row.command.state !== 'applied'
        ? [id]
        : [],
    );

  function reapply(machine: Machine, pick: number): void {
    const settled = settledOn(machine);
    const commandId = settled[pick % Math.max(1, settled.length)];
    if (commandId === undefined) return;
    machine
      .process()
      ?.call('outbox.reapply', { commandId })
      .then((answer) => {
        heard(machine, `reapply ${short(commandId)}`, answer);
        if (!answer?.ok) return;
        const { result } = answer.value as { result: { ok: boolean; commandId?: string } };
        if (!result.ok || result.commandId === undefined) return;
        ledger.dismissed(commandId);
        ledger.told(machine, [result.commandId]);
      });
  }
  function dismiss(machine: Machine, pick: number): void {
    const settled = settledOn(machine);
    const commandId = settled[pick % Math.max(1, settled.length)];
    if (commandId === undefined) return;
    machine
      .process()
      ?.call('outbox.dismiss', { commandId })
      .then((answer) => {
        heard(machine, `dismiss ${short(commandId)}`, answer);
        if (answer?.ok) ledger.dismissed(commandId);
      });
  }

  function signIn(machine: Machine): void {
    if (simulation.isRevoked(machine)) return;
    machine
      .process()
      ?.call('session.signIn', { user: machine.user, password: PASSWORD })
      .then((answer) => heard(machine, 'signs in', answer));
  }
  return {
    perform(deed) {
      const machine = machines[deed.c];
      if (machine === undefined || machine.process() === null) return;
      switch (deed.kind) {
        case 'acts':
          return submit(machine, deed);
        case 'register':
          return register(machine, deed);
        case 'attach':
          return void attach(machine, deed);
        case 'reapply':
          return reapply(machine, deed.pick);
        case 'dismiss':
          return dismiss(machine, deed.pick);
        case 'retryNow':
          return void machine.process()?.call('connection.retryNow', {});
        case 'markSeen': {
          const tickets = ticketsOn(machine);
          const ticket = tickets[deed.pick % Math.max(1, tickets.length)];
          if (ticket === undefined) return;
          return void machine.process()?.call('ticket.markSeen', { ticketId: ticket.id, version: ticket.version });
        }
        case 'signOut':
          machine
            .process()
            ?.call('session.signOut', { erase: false })
            .then((answer) => heard(machine, 'signs out', answer));
          return void scheduler.after(deed.awayMs, () => signIn(machine));
      }
    },
    signInWhereNeeded(machine) {
      const { disk } = machine;
      const process = machine.process();
      if (process === null || simulation.isRevoked(machine)) return;
      if (process.isFree() || disk.outbox.settings.get('expired') === true) signIn(machine);
    },
  };
}
