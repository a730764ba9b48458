import type { OutboxCommand } from '../../src/core/ports/outbox.ts';
import { consoleContext } from '../../src/core/sync/decide-context.ts';
import { isBaseComplete, positionOf } from '../../src/core/sync/overlay-keeper.ts';
import { reconcile } from '../../src/core/sync/reconcile.ts';
import { otherTicketId } from '../../src/domain/commands.ts';
import { sameJson } from '../../src/shared/same-json.ts';
import { sessionOn } from '../console/disk.ts';
import type { Machine } from '../console/machine.ts';
import type { Court } from './violation.ts';

/** SY5: what a console shows of a ticket is its base with its live commands folded over it, whatever happened in between. */
export interface ShownWatch {
  touched(machine: Machine, ticketIds: Iterable<string>): void;
  /** Looks at what changed since the last look, between two events: then nothing is half done. */
  look(): void;
  lookAtAll(machine: Machine): void;
  /** What this machine shows of this ticket is not looked at until its console starts again: its outbox was damaged from outside. */
  excuse(machine: Machine, ticketId: string): void;
  /** The console starts anew. */
  forget(machine: Machine): void;
}

/** A busy ticket changes several times in a row: what it shows is looked at once for so many events. */
const LOOK_EVERY = 4;

export function createShownWatch(court: Court, isExcused: (machine: Machine, ticketId: string) => boolean): ShownWatch {
  const dirty = new Map<Machine, Set<string>>();
  let looks = 0;
  const excused = new Map<Machine, Set<string>>();

  function check(machine: Machine, ids: Iterable<string>): void {
    const process = machine.process();
    const session = sessionOn(machine);
    if (process === null || session === null) return;
    const { cache, outbox } = process;
    const meta = cache.meta();
    const source = {
      session,
      directory: cache.directory(),
      ticketKnown: (id: string) => cache.base(id) !== null,
      otherTicket: (id: string) => cache.shown(id),
    };
    for (const id of ids) {
      if (isExcused(machine, id) || excused.get(machine)?.has(id)) continue;
      const commands = outbox.live(id, positionOf(meta));
      if (commands.some(({ wire }) => otherTicketId(wire.type, wire.payload) !== null)) continue;
      const overlay = reconcile({
        ticketId: id,
        base: cache.base(id),
        baseEpoch: positionOf(meta)?.epoch ?? null,
        commands,
        baseHolds: (commandId) => machine.disk.cache.commands.has(commandId),
        baseComplete: isBaseComplete(meta),
        contextOf: (command) => consoleContext(command.wire, source, formerVerdict(command)),
      });
      const held = machine.disk.cache.overlays.get(id) ?? null;
      if (held === null && overlay === null) continue;
      // An overlay that changes nothing shows the base, as none does.
      const bare = { ticket: cache.base(id), entries: [], doubts: [] };
      if (!sameJson(held ?? bare, overlay ?? bare))
        court.accuse(
          'SY5',
          `console ${machine.number} (${machine.user}) shows of ticket ${id} ${summary(held)}, where base and pending make ${summary(overlay)}`,
        );
    }
  }
  return {
    touched(machine, ids) {
      const held = dirty.get(machine);
      if (held === undefined) dirty.set(machine, new Set(ids));
      else for (const id of ids) held.add(id);
    },
    look() {
      if (dirty.size === 0) return;
      looks += 1;
      if (looks % LOOK_EVERY !== 0) return;
      for (const [machine, ids] of dirty) {
        // While a fill is under way, or due since the rights are others, what lay over the old rows stays until the new ones come.
        const { meta } = machine.disk.cache;
        if (meta.fill !== null || meta.scopeVersion !== sessionOn(machine)?.scopeVersion) continue;
        dirty.delete(machine);
        check(machine, ids);
      }
    },
    lookAtAll(machine) {
      const { overlays, tickets } = machine.disk.cache;
      const { byTicket } = machine.disk.outbox;
      check(machine, new Set([...overlays.keys(), ...tickets.keys(), ...byTicket.keys()]));
    },
    excuse: (machine, id) => void excused.set(machine, (excused.get(machine) ?? new Set()).add(id)),
    forget(machine) {
      dirty.delete(machine);
      excused.delete(machine);
    },
  };
}

/** A command that a restored store judges as a replay is shown as one (SY14). */
const formerVerdict = ({ replayFor, outcome, formerOutcome }: OutboxCommand) =>
  (replayFor === null ? formerOutcome : outcome)?.verdict ?? null;

const summary = (overlay: ReturnType<typeof reconcile>): string =>
  overlay === null
    ? 'its base'
    : `version ${overlay.ticket?.version ?? 'none'} with ${overlay.entries.length} pending entries and ${overlay.doubts.length} doubts`;
