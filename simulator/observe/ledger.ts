import type { OutboxPort, UsedDraft } from '../../src/core/ports/outbox.ts';
import { HAND_IN_EPOCH } from '../../src/core/sync/chain.ts';
import type { Machine } from '../console/machine.ts';
import type { LostCommand, SeenCommit, StoreModel } from './store-model.ts';
import type { Court, Rule } from './violation.ts';

export interface LedgerDeps {
  readonly model: StoreModel;
  readonly court: Court;
  readonly machines: () => readonly Machine[];
  /** Of the desk now. */
  readonly epoch: () => string;
  /** Tickets whose commands changed: what they show has to be looked at. */
  readonly touched: (machine: Machine, ticketIds: Iterable<string>) => void;
}

/** Commands in the order in which one copy of an outbox wrote them. A copy shares what was there when it was made. */
interface Stream {
  readonly parent: Stream | null;
  readonly start: number;
  next: number;
  /** Place of the last command of this stream that the store has. */
  last: number;
  readonly copies: Stream[];
}
interface Written {
  readonly stream: Stream;
  readonly place: number;
  readonly machine: number;
  readonly ticketId: string;
  readonly payload: string;
}

/**
 * Who was told what, kept outside the system: every command that a console answered for as saved, and the order of writing of each
 * outbox. SY1, SY3, SY9, SY11, SY12, SY14.
 */
export interface Ledger {
  wrap(port: OutboxPort, machine: Machine): OutboxPort;
  /** A console answered that these are saved. */
  told(machine: Machine, commandIds: readonly string[]): void;
  /** A console answered that a draft is kept; its text became an act. */
  draftKept(machine: Machine, key: string, version: number): void;
  draftUsed(machine: Machine, used: UsedDraft): void;
  /** SY3, over what the store has just stored. */
  committed(seen: SeenCommit): void;
  /** SY1: every told command is on the store or in an outbox. */
  checkKept(): void;
  /** A copy of a disk goes on by itself; or (`instead`) an older one takes its place. */
  copied(from: Machine | Image, to: Machine): void;
  image(machine: Machine): Image;
  /** What is nowhere any more after an act of force (a disk put back, a restore) was lost by it, and not by the system. */
  writeOff(): void;
  /**
   * The store was put back: these it lost. `epoch`: the one that it is in now. What had no effect left no place in the log, so no
   * mark can prove that it is gone; where nothing else does, the epoch stays, and it need not come back.
   */
  restored(lost: readonly LostCommand[], epoch: string): void;
  /** A person put its answer away, or its author's file is an older one now: it need not be shown any more. */
  dismissed(commandId: string): void;
  /** A console is about to erase its files, as a revoked device does: it keeps nothing any more. */
  erases(machine: Machine): void;
  /** Its row was spoilt from outside: it can neither be sent nor shown. */
  spoilt(commandId: string): void;
  /** Everything told, once all has healed: SY1 SY9 SY11 SY12 SY14 SY16. `stranded`: machines that the store hears no more. */
  checkSettled(stranded: ReadonlySet<Machine>): void;
}
/** Where the outbox of a disk image stands. */
export interface Image {
  readonly stream: Stream;
  readonly at: number;
}

export function createLedger({ model, court, machines, epoch, touched }: LedgerDeps): Ledger {
  const written = new Map<string, Written>();
  const streams = new Map<Machine, Stream>();
  const told = new Set<string>();
  /** Those that the store does not have: only an outbox keeps them. */
  const exposed = new Set<string>();
  const writtenOff = new Set<string>();
  /** Of each draft the version that was shown as kept last. */
  const drafts = new Map<Machine, Map<string, number>>();
  /** A later version than the one that the screen had is another text: it stays owed. */
  const draftUsed = (machine: Machine, { key, seenVersion }: UsedDraft) => {
    if ((drafts.get(machine)?.get(key) ?? 0) <= seenVersion) drafts.get(machine)?.delete(key);
  };
  const dismissed = new Set<string>();
  const spoilt = new Set<string>();
  const lostByRestore = new Set<string>();
  const unproven = new Map<string, string>();
  const everyStream: Stream[] = [];
  const newStream = (parent: Stream | null, start: number): Stream => {
    const stream = { parent, start, next: start, last: -1, copies: [] };
    everyStream.push(stream);
    parent?.copies.push(stream);
    return stream;
  };
  const streamOf = (machine: Machine): Stream => {
    const known = streams.get(machine) ?? newStream(null, 0);
    streams.set(machine, known);
    return known;
  };
  const inOutbox = (id: string) => machines().some((machine) => machine.disk.outbox.rows.has(id));
  const ruleFor = (id: string): Rule => {
    if (lostByRestore.has(id)) return 'SY14';
    const stream = written.get(id)?.stream;
    return stream !== undefined && (stream.parent !== null || stream.copies.length > 0) ? 'SY12' : 'SY1';
  };
  const nameOf = (id: string) => {
    const row = written.get(id);
    return `command ${id} (number ${row?.place ?? '?'} of console ${row?.machine ?? '?'}, ticket ${row?.ticketId ?? '?'})`;
  };

  function follow(stream: Stream, place: number, id: string): void {
    if (place < stream.last) court.accuse('SY3', `${nameOf(id)} came to the store after number ${stream.last}`);
    stream.last = Math.max(stream.last, place);
    for (const copy of stream.copies) if (copy.start > place) follow(copy, place, id);
  }

  function checkOutcome(machine: Machine, id: string): void {
    const row = machine.disk.outbox.rows.get(id);
    if (row?.kind !== 'command' || row.command.outcome === null) return;
    const text = JSON.stringify(row.command.outcome);
    const stored = model.outcomesOf(id);
    if (stored.includes(text)) return;
    const { verdict } = row.command.outcome;
    const setAside = verdict.kind === 'refused' && verdict.refusal.code === 'unprocessable' && stored.length === 0;
    if (!setAside)
      court.accuse(
        'SY11',
        `${nameOf(id)}: console ${machine.number} holds an outcome that the store never gave: ${text}`,
      );
  }

  return {
    wrap: (port, machine) => ({
      ...port,
      append(input) {
        const done = port.append(input);
        if (!done.ok) return done;
        if (input.clearDraft !== null) draftUsed(machine, input.clearDraft);
        const stream = streamOf(machine);
        for (const { wire } of input.commands) {
          const place = stream.next;
          stream.next += 1;
          const payload = JSON.stringify(wire.payload);
          written.set(wire.id, { stream, place, machine: machine.number, ticketId: wire.ticketId, payload });
        }
        touched(
          machine,
          input.commands.map(({ wire }) => wire.ticketId),
        );
        return done;
      },
      recordOutcomes(outcomes, mark) {
        const done = port.recordOutcomes(outcomes, mark);
        if (!done.ok) return done;
        for (const { commandId } of outcomes) checkOutcome(machine, commandId);
        touched(
          machine,
          outcomes.map(({ outcome }) => outcome.ticketId),
        );
        return done;
      },
    }),
    told(machine, ids) {
      for (const id of ids) {
        told.add(id);
        if (model.command(id) === null) exposed.add(id);
        if (!written.has(id)) court.accuse('SY1', `console ${machine.number} told ${id} as saved and wrote it nowhere`);
      }
    },
    draftKept: (machine, key, version) =>
      void drafts.set(machine, (drafts.get(machine) ?? new Map<string, number>()).set(key, version)),
    draftUsed,
    committed({ commands }) {
      for (const { command } of commands) {
        exposed.delete(command.id);
        const row = written.get(command.id);
        // One whose row was spoilt may come back from a copy of the disk, at any time.
        // And what a restore lost without a trace in the log comes back when something else proves the restore.
        const anyTime = spoilt.has(command.id) || unproven.has(command.id);
        if (row !== undefined && !anyTime) follow(row.stream, row.place, command.id);
      }
    },
    checkKept() {
      for (const id of exposed) {
        if (writtenOff.has(id) || spoilt.has(id) || inOutbox(id)) continue;
        court.accuse(ruleFor(id), `${nameOf(id)} was shown as saved, and is neither on the store nor in an outbox`);
        return;
      }
      for (const [machine, kept] of drafts) {
        for (const key of kept.keys()) {
          if (machine.disk.outbox.drafts.has(key) || !machine.disk.used) continue;
          court.accuse('SY1', `the draft ${key} of console ${machine.number} was shown as kept, and is gone`);
        }
      }
    },
    image(machine) {
      const stream = streamOf(machine);
      return { stream, at: stream.next };
    },
    copied(from, to) {
      const image = 'stream' in from ? from : { stream: streamOf(from), at: streamOf(from).next };
      const copy = newStream(image.stream, image.at);
      copy.last = Math.min(image.stream.last, image.at - 1);
      streams.set(to, copy);
      drafts.delete(to);
      for (const [id, { machine }] of written)
        if (machine === to.number && !to.disk.outbox.rows.has(id)) dismissed.add(id);
    },
    writeOff() {
      for (const id of told) if (model.command(id) === null && !inOutbox(id)) writtenOff.add(id);
    },
    restored(lost, epoch) {
      for (const { id, hadEffect } of lost) {
        if (told.has(id)) exposed.add(id);
        lostByRestore.add(id);
        if (!hadEffect) unproven.set(id, epoch);
      }
      for (const stream of everyStream) stream.last = -1;
      for (const id of model.commands().keys()) {
        const row = written.get(id);
        if (row !== undefined && !spoilt.has(id) && !unproven.has(id)) follow(row.stream, row.place, id);
      }
    },
    dismissed: (id) => void dismissed.add(id),
    erases(machine) {
      drafts.delete(machine);
      // A restore between the last answer of the handing in and the erasing: a revoked device is told no epoch and asks no more.
      // Only what was answered as handed in is excused: what some earlier answer acknowledged has to be handed in again (C70).
      for (const [id, row] of machine.disk.outbox.rows) {
        const handedIn = row.kind === 'command' && row.command.ackEpoch === HAND_IN_EPOCH;
        if (handedIn && lostByRestore.has(id) && model.command(id) === null) writtenOff.add(id);
      }
      for (const [id, row] of written) if (row.machine === machine.number) dismissed.add(id);
    },
    spoilt: (id) => void spoilt.add(id),
    checkSettled(stranded) {
      const old = new Set(machines().flatMap((machine) => (machine.old ? [machine.number] : [])));
      // A console of an old build says no hello: it learns of a new epoch with its next push, and one that has nothing to send when it is updated.
      const waitsForUpdate = (id: string) => lostByRestore.has(id) && old.has(written.get(id)?.machine ?? -1);
      const isStranded = (id: string) => [...stranded].some((machine) => machine.disk.outbox.rows.has(id));
      for (const id of told) {
        if (writtenOff.has(id) || spoilt.has(id)) continue;
        const known = model.command(id);
        if (known === null && unproven.get(id) !== epoch() && !isStranded(id) && !waitsForUpdate(id)) {
          const rule = inOutbox(id) && ruleFor(id) !== 'SY14' ? 'SY16' : ruleFor(id);
          court.accuse(rule, `${nameOf(id)} never came to the store`);
          return;
        }
      }
      for (const machine of machines()) if (!stranded.has(machine)) checkRows(machine);
    },
  };

  /** What an outbox says in the end is what the store says, and what was refused is still there with its content. */
  function checkRows(machine: Machine): void {
    const { rows, owed, open, quarantined } = machine.disk.outbox;
    if (!machine.disk.used) return;
    for (const [id, row] of rows) {
      if (row.kind === 'unreadable' && open.has(id) && !quarantined.has(id))
        court.accuse('SY9', `${nameOf(id)}: its row cannot be read, and console ${machine.number} tells nobody`);
      if (row.kind !== 'command' || spoilt.has(id)) continue;
      const { outcome, wire, ackEpoch } = row.command;
      if (written.get(id)?.payload !== JSON.stringify(wire.payload) && written.has(id))
        court.accuse('SY9', `${nameOf(id)}: console ${machine.number} keeps another content than was written`);
      if (outcome === null || owed.has(id) || open.has(id)) continue;
      const known = model.command(id);
      // Outcomes are the same within an epoch (SY11).
      if (known !== null && ackEpoch === epoch() && known.outcome !== JSON.stringify(outcome))
        court.accuse('SY11', `${nameOf(id)}: console ${machine.number} holds another outcome than the store`);
    }
    for (const [id, { machine: author }] of written) {
      if (author !== machine.number || dismissed.has(id) || spoilt.has(id) || !told.has(id)) continue;
      if (rows.has(id)) continue;
      if (model.command(id)?.refused)
        court.accuse('SY9', `${nameOf(id)} was refused, and is not with its author any more`);
      else court.accuse('SY14', `${nameOf(id)} is not in the outbox any more, 45 days before its time`);
    }
  }
}
