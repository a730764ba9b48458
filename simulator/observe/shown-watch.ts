import { contextsOver } from '../../src/core/sync/contexts-over.ts';
import { isBaseComplete, positionOf } from '../../src/core/sync/overlay-keeper.ts';
import { reconcile } from '../../src/core/sync/reconcile.ts';
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

export function createShownWatch(court: Court, isExcused: (machine: Machine, ticketId: string) => boolean): ShownWatch {
  const dirty = new Map<Machine, Set<string>>();
  const excused = new Map<Machine, Set<string>>();

  function check(machine: Machine, ids: Iterable<string>): void {
    const process = machine.process();
    const session = sessionOn(machine);
    if (process === null || session === null) return;
    const { cache, outbox } = process;
    const meta = cache.meta();
    const lookedAt = new Set<string>();
    const isOutOfSight = (id: string) => isExcused(machine, id) || excused.get(machine)?.has(id) === true;
    const baseHolds = (commandId: string) => machine.disk.cache.commands.has(commandId);
    const contextOf = contextsOver({
      session,
      directory: cache.directory(),
      outbox,
      position: positionOf(meta),
      base: (id) => cache.base(id),
      baseHolds,
      onLook: (id) => void lookedAt.add(id),
    });
    for (const id of ids) {
      if (isOutOfSight(id)) continue;
      lookedAt.clear();
      const commands = outbox.live(id, positionOf(meta));
      const overlay = reconcile({
        ticketId: id,
        base: cache.base(id),
        baseEpoch: positionOf(meta)?.epoch ?? null,
        commands,
        baseHolds,
        baseComplete: isBaseComplete(meta),
        contextOf,
      });
      // What was judged with a ticket that was damaged from outside is not made again before that one is mended.
      if ([...lookedAt].some(isOutOfSight)) continue;
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

const summary = (overlay: ReturnType<typeof reconcile>): string =>
  overlay === null
    ? 'its base'
    : `version ${overlay.ticket?.version ?? 'none'} with ${overlay.entries.length} pending entries and ${overlay.doubts.length} doubts`;
